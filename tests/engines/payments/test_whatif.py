"""What a change would cost: counted by hand on a few people, and checked against simulation."""

from datetime import date
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from yanglao.engines.payments.mortality import read_mortality
from yanglao.engines.payments.reading import TermsErrors
from yanglao.engines.payments.whatif import Draft, compare_drafts

MORTALITY_FILE = Path(__file__).parents[3] / "policies" / "national" / "mortality.yaml"
MORTALITY = read_mortality(MORTALITY_FILE.read_text(encoding="utf-8"), "national/mortality.yaml")
DAY = date(2026, 3, 1)


def _people(rows) -> pa.Table:
    return pa.table(
        {
            "person": pa.array([r[0] for r in rows], pa.int64()),
            "county": [r[1] for r in rows],
            "sex": [r[2] for r in rows],
            "born": pa.array([r[3] for r in rows], pa.date32()),
        }
    )


def _outcomes(rows) -> pa.Table:
    return pa.table(
        {
            "person": pa.array([r[0] for r in rows], pa.int64()),
            "benefit": pa.array([r[1] for r in rows], pa.string()),
            "status": pa.array([r[2] for r in rows], pa.int8()),
            "fen": pa.array([r[3] for r in rows], pa.int64()),
            "missing": pa.array([r[4] if len(r) > 4 else 0 for r in rows], pa.int16()),
        }
    )


PEOPLE = _people(
    [
        (1, "653201", "M", date(1944, 3, 1)),  # 82
        (2, "653201", "F", date(1950, 3, 2)),  # 75 tomorrow: 75 whole years
        (3, "653221", "F", date(1951, 2, 1)),  # 75
        (4, "653221", "M", date(1955, 1, 1)),  # 71
    ]
)
NOW = Draft(
    _outcomes([(1, "age", 1, 5000), (1, "care", 1, 9000), (4, "care", 2, None, 1), (3, "x", 1, 7)]),
    {"year": _outcomes([(1, "age", 1, 5000), (2, "age", 1, 5000)])},
)
FROM_75 = Draft(
    _outcomes(
        [(n, "age", 1, 6000 if n == 1 else 5000) for n in (1, 2, 3)] + [(1, "care", 1, 8000)]
    ),
    {},
)


def test_who_gains_and_loses() -> None:
    """By benefit, county, sex and five years of age; overlaps and near misses."""
    found = compare_drafts(
        PEOPLE, {"now": NOW, "75": FROM_75}, "now", as_of=DAY, mortality=MORTALITY
    )
    rows = {
        (r["benefit"], r["county"], r["sex"], r["age"]): (
            *(r["gained"], r["lost"], r["raised"], r["lowered"], r["fen"]),
        )
        for r in found.changes.to_pylist()
    }
    assert rows == {
        ("age", "653201", "F", 75): (1, 0, 0, 0, 5000),
        ("age", "653201", "M", 80): (0, 0, 1, 0, 1000),
        ("age", "653221", "F", 75): (1, 0, 0, 0, 5000),
        ("care", "653201", "M", 80): (0, 0, 0, 1, -1000),
        ("x", "653221", "F", 75): (0, 1, 0, 0, -7),
    }
    near = {(r["draft"], r["benefit"], r["kind"]): r["people"] for r in found.near.to_pylist()}
    assert near == {("now", "care", "document"): 1, ("now", "age", "year"): 1}
    assert {(r["one"], r["other"], r["people"]) for r in found.overlaps.to_pylist()} == {
        ("age", "care", 1)
    }
    totals = {(r["draft"], r["benefit"]): r["fen"] for r in found.totals.to_pylist()}
    assert totals["75", "age"] == 16000 and totals["now", "care"] == 9000
    this_year = {c.draft: c for c in found.years if c.year == 0}
    assert this_year["now"].expected == this_year["now"].low == (5000 + 9000 + 7) * 12


def test_the_interval_holds_what_ageing_brings() -> None:
    """Simulated three hundred times, about nineteen of twenty results lie in the interval."""
    random = Random(8)
    rows = [
        (n, "653201", random.choice("MF"), date(random.randrange(1930, 1970), 1, 1))
        for n in range(1, 4001)
    ]
    getting = [(n, "age", 1, 10000) for n, _, _, born in rows if 2026 - born.year >= 80]
    exact = MORTALITY.__class__(MORTALITY.title, "", True, 0.0, MORTALITY.points)
    draft = {"now": Draft(_outcomes(getting), {})}
    cost = compare_drafts(_people(rows), draft, "now", as_of=DAY, mortality=exact).years[5]
    inside = 0
    ages = [(sex, 2026 - born.year) for _, _, sex, born in rows if 2026 - born.year + 5 >= 80]
    chances = [exact.survival(sex, age, 5) for sex, age in ages]
    for _ in range(300):
        alive = sum(random.random() < chance for chance in chances)
        inside += cost.low <= alive * 120000 <= cost.high
    assert 270 <= inside <= 298
    assert cost.complete and cost.youngest == 2026 - 1969 + 5


def test_a_register_without_younger_people_says_that_the_cost_is_too_low() -> None:
    """Only people of 80 and over: in a year the new ones of 80 are missing."""
    people = _people([(n, "6532", "M", date(1930 + n % 16, 1, 1)) for n in range(1, 200)])
    drafts = {"now": Draft(_outcomes([(n, "age", 1, 1000) for n in range(1, 200)]), {})}
    years = compare_drafts(people, drafts, "now", as_of=DAY, mortality=MORTALITY).years
    assert [one.complete for one in years] == [True] + [False] * 5
    assert years[5].low < years[5].expected < years[5].high < years[0].expected
    with pytest.raises(ValueError, match="基准"):
        compare_drafts(people, drafts, "then", as_of=DAY, mortality=MORTALITY)


def test_chances_of_dying_rise_with_age_and_the_file_is_checked() -> None:
    """Monotone, within 0 and 1, and marked as not verified."""
    for sex in ("M", "F", ""):
        chances = [MORTALITY.chance(sex, age) for age in range(40, 125)]
        assert chances == sorted(chances) and chances[0] > 0 and chances[-1] <= 1
    assert not MORTALITY.verified
    with pytest.raises(TermsErrors, match="从小到大"):
        text = MORTALITY_FILE.read_text(encoding="utf-8").replace("{50: 390, 55", "{55: 390, 50")
        read_mortality(text, "national/mortality.yaml")
