"""Early finding: what answers tell of each domain, files that are refused, who got worse."""

import itertools
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.engines.screening import (
    MEASURES,
    WrongScreening,
    find_worse,
    judge,
    read_screening,
)

FILE = Path(__file__).parents[3] / "policies" / "national" / "screening" / "icope-2019.yaml"
GOOD = FILE.read_text("utf-8")
SCALE = read_screening(GOOD, "icope-2019.yaml")


def test_the_scale_has_six_domains_and_says_that_nobody_checked_it() -> None:
    assert list(SCALE.domains) == [
        "cognition",
        "mobility",
        "nutrition",
        "vision",
        "hearing",
        "mood",
    ]
    assert not SCALE.verified and SCALE.note
    assert len(SCALE.questions) == 9


answers = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from(["yes", "no"]) for code in SCALE.questions}
)


@given(answers)
def test_every_domain_has_one_verdict_and_a_problem_needs_a_bad_answer(
    given_answers: dict[str, str],
) -> None:
    """Said a second time, question by question, without looking at the engine's way."""
    verdict = judge(SCALE, given_answers)
    told = [*verdict.failed, *verdict.passed, *verdict.unclear]
    assert sorted(told) == sorted(SCALE.domains)
    for code, domain in SCALE.domains.items():
        said = [given_answers.get(f"{code}.{one.code}") for one in domain.questions]
        bad = any(s == one.bad for s, one in zip(said, domain.questions, strict=True))
        expected = "failed" if bad else "unclear" if None in said else "passed"
        assert code in getattr(verdict, expected)


def test_one_bad_answer_decides_though_others_were_left_out() -> None:
    assert judge(SCALE, {"nutrition.weight": "yes"}).failed == ("nutrition",)
    assert "nutrition" in judge(SCALE, {"nutrition.weight": "no"}).unclear


@pytest.mark.parametrize("wrong", [{"nutrition.x": "yes"}, {"nutrition.weight": "maybe"}])
def test_answers_that_are_not_offered_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"没有|只能答"):
        judge(SCALE, wrong)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('bad: "no", help: 读两遍', 'bad: "never", help: 读两遍', "bad"),
        ("repeat_months: 12", "repeat_months: 0", "repeat_months"),
        ("repeat_months: 12", "repeat_months: soon", "整数"),
        ("code: orientation", "code: words", "重复"),
        ("title: ICOPE", "titel: ICOPE", "titel"),
        ("domains:", "domains: [", "YAML"),
    ],
)
def test_files_that_say_what_cannot_be_are_refused(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(WrongScreening) as refused:
        read_screening(GOOD.replace(old, new, 1), "icope-2019.yaml")
    assert says in str(refused.value)


def _facts(con: duckdb.DuckDBPyConnection, name: str, rows: list[tuple[object, ...]]) -> None:
    con.execute(
        f"CREATE TABLE {name} (person_id BIGINT, place_code VARCHAR, alive BOOLEAN, "
        "ability_level BIGINT, ltci_level BIGINT, dementia BOOLEAN, disability_grade BIGINT, "
        "living VARCHAR)"
    )
    con.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def test_worse_is_only_what_was_known_on_both_days() -> None:
    """Every pair of levels, unknown included, against the plain meaning of worse."""
    levels = (None, -1, 0, 1, 2, 3, 4)
    pairs = list(itertools.product(levels, levels))
    with duckdb.connect(":memory:") as con:
        for name, side in (("before", 0), ("now", 1)):
            rows = [
                (n, "653222100200", True, pair[side], None, None, None, None)
                for n, pair in enumerate(pairs)
            ]
            _facts(con, name, rows)
        find_worse(con, before="before", now="now")
        found = {row[0] for row in con.execute("SELECT person_id FROM worse").fetchall()}
    expected = {n for n, (a, b) in enumerate(pairs) if a is not None and b is not None and b > a}
    assert found == expected


def test_each_measure_finds_its_own_and_the_dead_are_left_alone() -> None:
    same = ("653222100200", True, 1, 1, False, 3, "with_children")
    worse = ("653222100200", True, 2, 2, True, 2, "alone")
    dead = ("653222100200", False, 2, 2, True, 2, "alone")
    first_card = ("653222100200", True, 1, 1, False, -1, "with_children")
    with duckdb.connect(":memory:") as con:
        _facts(con, "before", [(1, *same), (2, *same), (3, *same), (4, *first_card)])
        _facts(con, "now", [(1, *worse), (2, *same), (3, *dead), (4, *same)])
        find_worse(con, before="before", now="now")
        rows = con.execute("SELECT person_id, measure FROM worse ORDER BY ALL").fetchall()
    assert rows == [*sorted((1, one.code) for one in MEASURES), (4, "disability")]
