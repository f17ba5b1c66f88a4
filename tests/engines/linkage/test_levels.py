"""Shortcuts in the conditions of levels change no level."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from yanglao.engines.linkage import Pair, Thresholds, Verdict, judge, least_that_counts
from yanglao.engines.linkage.model import within_slips

LEVELS = {
    "name": "same_rare",
    "born": "same",
    "sex": "same",
    "place": "village",
    "number": "slip_before",
    "phone": "unknown",
    "household": "unknown",
}
TEXTS = st.text("买麦提吐逊012ab", max_size=8)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=40, max_size=80), st.integers(1, 2))
def test_the_plain_distance_never_rules_out_what_is_near(
    texts: list[tuple[str, str]], slips: int
) -> None:
    """It stands before the dear one to spare it."""
    near = f"damerau_levenshtein(l, r) <= {slips}"
    text = f"SELECT l, r FROM (SELECT unnest(?::VARCHAR[]) AS l, unnest(?::VARCHAR[]) AS r) WHERE ({within_slips('l', 'r', slips)}) <> ({near})"  # noqa: E501
    with duckdb.connect() as con:
        assert con.execute(text, [list(side) for side in zip(*texts, strict=True)]).fetchall() == []


@given(
    st.lists(st.floats(-40, 40), min_size=1, max_size=6),
    st.sampled_from([Thresholds(), Thresholds(0.99, 5, 0.2), Thresholds(0.9, 2, 0.89)]),
)
def test_pairs_that_do_not_count_change_no_verdict(
    weights: list[float], thresholds: Thresholds
) -> None:
    """They are not even brought out of the engine."""
    pairs = [
        Pair(1, at, 2**weight / (1 + 2**weight), weight, LEVELS)
        for at, weight in enumerate(sorted(weights, reverse=True))
    ]
    least = least_that_counts(thresholds)
    kept = judge([pair for pair in pairs if pair.probability >= least], thresholds)
    whole = {
        claim: one for claim, one in judge(pairs, thresholds).items()
        if one.verdict is not Verdict.NOBODY
    }  # fmt: skip
    assert {claim: one for claim, one in kept.items() if one.candidates} == whole
