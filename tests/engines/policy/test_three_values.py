"""Unknown, known not to be, and known: what each condition says of each, and the order of days."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from yanglao.engines.policy import rules
from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.outcomes import STATUS_WORDS
from yanglao.engines.policy.pack import Pack, load_pack
from yanglao.engines.policy.people import make_facts
from yanglao.engines.policy.trees import FALSE, TRUE, UNKNOWN, causes, grow, state_of
from yanglao.engines.policy.vocabulary import NONE_DATE

WritePack = Callable[..., Path]
AS_OF = date(2026, 11, 1)
SERVED = {"alive": True, "hukou_code": "653201001001"}


def _pack(write_pack: WritePack, *rules_: str) -> Pack:
    return load_pack(
        "try",
        write_pack({f"{n:02}": f'"{rule}"' for n, rule in enumerate(rules_, 1)}),
        cases=False,
    )


def _statuses(pack: Pack, *people: dict[str, object], as_of: date = AS_OF) -> list[list[str]]:
    """For every person the status of every item."""
    with duckdb.connect(":memory:") as con:
        make_facts(con, pack.vocabulary, [{**SERVED, **one} for one in people], as_of=as_of)
        evaluate(con, compile_pack(pack, as_of))
        rows = con.execute("SELECT person_id, item, status FROM result").fetchall()
    found = {(person, item): STATUS_WORDS[status] for person, item, status in rows}
    return [
        [found.get((number, code), "no") for code in pack.items]
        for number in range(1, len(people) + 1)
    ]


@pytest.mark.parametrize(
    ("rule", "fact", "none", "opposite"),
    [
        ("assistance = 'dibao'", "assistance", "", "NOT assistance = 'dibao'"),
        (
            "assistance IN ('dibao','tekun')",
            "assistance",
            "",
            "assistance NOT IN ('dibao','tekun')",
        ),
        ("disability_grade <= 2", "disability_grade", -1, "NOT disability_grade <= 2"),
        ("disability_grade < 3", "disability_grade", -1, "NOT disability_grade < 3"),
        ("disability_grade >= 2", "disability_grade", -1, "NOT disability_grade >= 2"),
        ("disability_grade = 2", "disability_grade", -1, "disability_grade <> 2"),
        ("disability_grade BETWEEN 1 AND 2", "disability_grade", -1, "disability_grade <> 1"),
        (
            "ltci_assessed_on <= '2026-01-01'",
            "ltci_assessed_on",
            NONE_DATE,
            "NOT ltci_assessed_on <= '2026-01-01'",
        ),
        (
            "same_year(health_checked_on)",
            "health_checked_on",
            NONE_DATE,
            "NOT same_year(health_checked_on)",
        ),
        ("recent(ltci_assessed_on, 12)", "ltci_assessed_on", NONE_DATE, "known(ltci_assessed_on)"),
        ("within(residence_code, '65')", "residence_code", "", "NOT within(residence_code, '65')"),
    ],
)
def test_of_a_known_none_no_condition_is_true(
    write_pack: WritePack, rule: str, fact: str, none: object, opposite: str
) -> None:
    """The sentinel is never taken for a small number or an early day; the opposite holds."""
    pack = _pack(write_pack, rule, opposite)
    assert _statuses(pack, {fact: none}, {fact: None})[0] == ["no", "yes"]


@pytest.mark.parametrize(
    "rule",
    [
        "assistance = 'dibao'",
        "assistance <> 'dibao'",
        "assistance NOT IN ('dibao', 'tekun')",
        "NOT disability_grade <= 2",
        "dementia",
        "NOT dementia",
        "within(residence_code, '65')",
        "NOT within(residence_code, '65')",
        "same_year(health_checked_on)",
        "recent(ltci_assessed_on, 12)",
        "age >= 60",
    ],
)
def test_of_an_unknown_fact_nothing_is_true_or_false(write_pack: WritePack, rule: str) -> None:
    """Unknown stays unknown through NOT."""
    assert _statuses(_pack(write_pack, rule), {}) == [["possible"]]


def test_known_is_never_unknown(write_pack: WritePack) -> None:
    """And known not to have is known."""
    pack = _pack(write_pack, "known(assistance)", "NOT known(assistance)")
    people: list[dict[str, object]] = [{}, {"assistance": ""}, {"assistance": "dibao"}]
    assert _statuses(pack, *people) == [["no", "yes"], ["yes", "no"], ["yes", "no"]]


def test_who_has_moved_away_is_known_to_be_elsewhere(write_pack: WritePack) -> None:
    """``elsewhere`` is in no area; a code too coarse to tell is unknown."""
    pack = _pack(write_pack, "within(residence_code, '653201')")
    codes = ("elsewhere", "653201000000", "653201001001", "653221001001", "653200000000")
    coarse = ("650000000000", "65", "6532")
    found = _statuses(pack, *({"residence_code": code} for code in (*codes, *coarse)))
    expected = ["no", "yes", "yes", "no", "possible", "possible", "possible", "possible"]
    assert [one for (one,) in found] == expected


@pytest.mark.parametrize(
    ("born", "as_of", "reached"),
    [
        (date(1966, 11, 1), date(2026, 11, 1), True),
        (date(1966, 11, 2), date(2026, 11, 1), False),
        (date(1966, 10, 31), date(2026, 11, 1), True),
        (date(1964, 2, 29), date(2024, 2, 28), False),
        (date(1964, 2, 29), date(2024, 2, 29), True),
        (date(1960, 2, 29), date(2020, 2, 29), True),
        (date(1968, 2, 29), date(2028, 2, 28), False),
        (date(1965, 2, 28), date(2025, 2, 28), True),
        (date(1966, 12, 31), date(2026, 12, 31), True),
        (date(1967, 1, 1), date(2026, 12, 31), False),
    ],
)
def test_sixty_is_reached_on_the_birthday(
    write_pack: WritePack, born: date, as_of: date, reached: bool
) -> None:
    """The day itself counts."""
    found = _statuses(_pack(write_pack, "age >= 60"), {"birth_date": born}, as_of=as_of)
    assert found == [["yes" if reached else "no"]]


def test_born_on_29_february_waits_for_1_march_in_other_years(write_pack: WritePack) -> None:
    """65 in 2025, which has no such day."""
    pack = _pack(write_pack, "age >= 65")
    person: dict[str, object] = {"birth_date": date(1960, 2, 29)}
    assert _statuses(pack, person, as_of=date(2025, 2, 28)) == [["no"]]
    assert _statuses(pack, person, as_of=date(2025, 3, 1)) == [["yes"]]


@pytest.mark.parametrize(
    ("day", "as_of", "recent"),
    [
        (date(2025, 11, 2), date(2026, 11, 1), True),
        (date(2025, 11, 1), date(2026, 11, 1), False),
        (date(2026, 11, 1), date(2026, 11, 1), True),
        (date(2026, 11, 2), date(2026, 11, 1), False),
        (date(2024, 2, 29), date(2025, 2, 28), True),
        (date(2024, 2, 29), date(2025, 3, 1), False),
        (date(2023, 2, 28), date(2024, 2, 28), False),
        (date(2023, 3, 1), date(2024, 2, 29), True),
    ],
)
def test_recent_ends_the_day_before_the_anniversary(
    write_pack: WritePack, day: date, as_of: date, recent: bool
) -> None:
    """From the day itself, never before it."""
    pack = _pack(write_pack, "recent(ltci_assessed_on, 12)")
    found = _statuses(pack, {"ltci_assessed_on": day}, as_of=as_of)
    assert found == [["yes" if recent else "no"]]


def _leaf(name: str) -> rules.Leaf:
    return rules.BoolFact(name)


def test_missing_are_only_facts_that_still_matter() -> None:
    """Of an unknown OR the false parts are dropped, of an unknown AND the true ones."""
    names = ["a", "b", "c", "d"]
    a, b, c, d = (_leaf(name) for name in names)
    leaves = [a, b, c, d]
    tree = grow(rules.And((a, rules.Or((b, rules.And((c, rules.Not(d))))))), leaves.index)

    def due(*states: int) -> tuple[int, list[str]]:
        return state_of(tree, states), [names[twig.leaf] for twig in causes(tree, states)]

    assert due(TRUE, UNKNOWN, FALSE, UNKNOWN) == (UNKNOWN, ["b"])
    assert due(TRUE, FALSE, UNKNOWN, FALSE) == (UNKNOWN, ["c"])
    assert due(TRUE, FALSE, UNKNOWN, TRUE) == (FALSE, ["b", "d"])
    assert due(UNKNOWN, UNKNOWN, TRUE, UNKNOWN) == (UNKNOWN, ["a", "b", "d"])
    assert due(FALSE, UNKNOWN, UNKNOWN, UNKNOWN) == (FALSE, ["a"])
    assert due(TRUE, TRUE, TRUE, FALSE) == (TRUE, ["a", "b", "c", "d"])
