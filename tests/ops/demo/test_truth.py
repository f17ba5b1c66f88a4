"""Facts on a day, by the definitions of the lists, for people made by hand."""

from dataclasses import replace
from datetime import date

import pytest

from yanglao.ops.demo.person import (
    Aid,
    Assessment,
    Card,
    CareInsurance,
    Check,
    Pension,
    Person,
    Relief,
    Survey,
)
from yanglao.ops.demo.truth import ELSEWHERE, NONE, TRUTH_COLUMNS, facts_of, written

DAY = date(2026, 11, 1)
SOMEBODY = Person(
    id_number="653291194801258719",
    name="样例·虚构",
    sex="M",
    born=date(1948, 1, 25),
    county="653201",
    village="653201001001",
    urban=True,
    minority=True,
    ethnic="维吾尔族",
    household_no="010000001",
    relation="户主",
    marital="丧偶",
    companions=0,
    hukou_code="653201001001",
)


def _aid(holds_from: date, holds_to: date | None, kind: str = "dibao") -> Aid:
    return Aid(kind, "", "", holds_from, holds_to)


def test_somebody_on_no_other_list_has_none_of_it() -> None:
    """Absence from full lists is known; ability and home stay unknown."""
    facts = facts_of(SOMEBODY, DAY)
    assert facts["alive"] is True
    assert facts["assistance"] == facts["pension_kind"] == facts["disability_grade"] == NONE
    assert facts["ltci_insured"] is False
    assert facts["in_relief"] is False
    assert facts["ability_level"] is facts["living"] is facts["residence_code"] is None
    assert set(facts) == set(TRUTH_COLUMNS) - {"doubtful_kinds"}


@pytest.mark.parametrize(
    ("aids", "expected"),
    [
        ((_aid(date(2025, 1, 1), date(2026, 10, 31)),), NONE),
        ((_aid(date(2025, 1, 1), date(2026, 11, 1)),), "dibao"),
        ((_aid(date(2026, 11, 1), None),), "dibao"),
        ((_aid(date(2026, 11, 2), None),), NONE),
        ((_aid(date(2024, 1, 1), None, "expense"), _aid(date(2025, 1, 1), None)), "dibao"),
        ((_aid(date(2025, 1, 1), None), _aid(date(2024, 1, 1), None, "expense")), "dibao"),
    ],
)
def test_assistance_holds_on_both_its_days(aids: tuple[Aid, ...], expected: str) -> None:
    """From the first to the last day, both included; the later spell wins."""
    assert facts_of(replace(SOMEBODY, aids=aids), DAY)["assistance"] == expected


@pytest.mark.parametrize(
    ("made", "day", "level"),
    [
        (date(2025, 11, 1), DAY, None),
        (date(2025, 11, 2), DAY, 3),
        (date(2024, 2, 29), date(2025, 2, 28), 3),
        (date(2024, 2, 29), date(2025, 3, 1), None),
    ],
)
def test_an_assessment_holds_until_the_day_before_its_anniversary(
    made: date, day: date, level: int | None
) -> None:
    """Twelve months, not a day more; of 29 February until 28 February."""
    person = replace(SOMEBODY, assessments=(Assessment(made, 3, ""),))
    assert facts_of(person, day)["ability_level"] == level


def test_a_death_to_come_has_not_happened() -> None:
    """Dead from the day of death on."""
    person = replace(SOMEBODY, died_on=DAY)
    assert facts_of(person, date(2026, 10, 31))["alive"] is True
    assert facts_of(person, DAY)["alive"] is False
    assert facts_of(replace(SOMEBODY, status="dead", status_on=DAY), DAY)["alive"] is False


def test_moving_away_makes_the_registration_lie_elsewhere() -> None:
    """From the day of the move; outside the register it is unknown."""
    moved = replace(SOMEBODY, status="moved", status_on=DAY)
    assert facts_of(moved, DAY)["hukou_code"] == ELSEWHERE
    assert facts_of(moved, date(2026, 10, 31))["hukou_code"] == "653201001001"
    assert facts_of(replace(SOMEBODY, in_register=False), DAY)["hukou_code"] is None


def test_a_cancelled_card_is_no_card() -> None:
    """And a card without an answer leaves the need for care unknown."""
    card = Card(4, 2, None, date(2020, 1, 1), "valid")
    facts = facts_of(replace(SOMEBODY, card=card), DAY)
    assert (facts["disability_grade"], facts["needs_long_term_care"]) == (2, None)
    cancelled = facts_of(replace(SOMEBODY, card=card._replace(status="cancelled")), DAY)
    assert (cancelled["disability_grade"], cancelled["needs_long_term_care"]) == (NONE, False)


def test_the_rest_is_told_as_it_is() -> None:
    """Latest check, insurance, pension, home, relief."""
    person = replace(
        SOMEBODY,
        pension=Pension("resident", "unclaimed", 0, None),
        checks=(
            Check(date(2026, 2, 1), "", "", True),
            Check(date(2026, 5, 1), "", "", None),
        ),
        insurance=CareInsurance(True, None, False, None),
        survey=Survey("653201001002", "alone", "", None, "", "", "", None, None),
        reliefs=(Relief(date(2026, 10, 1), True), Relief(date(2026, 10, 3), False)),
    )
    facts = facts_of(person, DAY)
    assert (facts["pension_kind"], facts["pension_status"]) == ("resident", "unclaimed")
    assert (facts["health_checked_on"], facts["dementia"]) == (date(2026, 5, 1), True)
    assert (facts["ltci_insured"], facts["ltci_level"]) == (True, None)
    assert (facts["residence_code"], facts["supporter"]) == ("653201001002", None)
    assert facts["in_relief"] is False


def test_how_facts_are_written() -> None:
    """Unknown is empty; no is not."""
    assert [written(f) for f in (None, False, True, 3, DAY, NONE)] == [
        "", "false", "true", "3", "2026-11-01", "none",
    ]  # fmt: skip
