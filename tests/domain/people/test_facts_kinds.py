"""What follows from lists on a day, kind by kind: own dates, duplicates, blanks; and for whom."""

from datetime import date
from typing import Any

import pytest

from tests.domain.people.history import (
    HETIAN,
    MOYU,
    MOYU_VILLAGE,
    PISHAN,
    PISHAN_VILLAGE,
    History,
    facts_of,
    listed,
)
from tests.domain.people.test_facts import NONE, part
from yanglao.domain.people.types import HAND_BATCH

pytestmark = pytest.mark.django_db


# --- assistance ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "value"),
    [
        ("2025-12-31", None),
        ("2026-01-01", "tekun"),
        ("2026-06-30", "tekun"),
        ("2026-07-01", ""),
    ],
)
def test_assistance_holds_from_its_first_to_its_last_day(as_of: str, value: str | None) -> None:
    """Both included; afterwards it is known to have ended, before nothing is known."""
    history = History().said(
        "assistance",
        "2026-06",
        assistance="tekun",
        support_mode="central",
        tekun_care="full",
        holds_from=date(2026, 1, 1),
        holds_to=date(2026, 6, 30),
    )
    facts = history.facts(as_of)
    more = {None: (None, None), "": ("", ""), "tekun": ("central", "full")}[value]
    assert (facts["assistance"], facts["support_mode"], facts["tekun_care"]) == (value, *more)


def test_without_an_end_assistance_holds_on() -> None:
    """While lists repeat it, or no full list has come."""
    assert History().said("assistance", "2026-06").facts("2030-01-01")["assistance"] == "dibao"


def test_assistance_that_begins_later_has_not_begun() -> None:
    """On the full list with a later beginning: none yet."""
    history = History().said("assistance", "2026-10", holds_from=date(2026, 12, 1))
    assert history.facts()["assistance"] is None
    listed("assistance", "2026-10")
    assert history.facts()["assistance"] == ""
    assert history.facts("2026-12-01")["assistance"] == "dibao"


def test_support_and_care_belong_to_tekun_only() -> None:
    """For others they are known not to be."""
    facts = History().said("assistance", "2026-10", support_mode="central").facts()
    assert (facts["support_mode"], facts["tekun_care"]) == ("", "")
    facts = History().said("assistance", "2026-10", assistance="tekun").facts()
    assert (facts["support_mode"], facts["tekun_care"]) == (None, None)


def test_of_two_rows_in_a_list_the_later_date_counts() -> None:
    """The earlier one is history, even when the later one has ended."""
    history = (
        History()
        .said("assistance", "2026-10", assistance="expense", holds_from=date(2025, 1, 1))
        .said("assistance", "2026-10", holds_from=date(2024, 1, 1))
    )
    assert history.facts()["assistance"] == "expense"


# --- dates of single kinds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assessed", "as_of", "level"),
    [
        ("2026-05-01", "2026-04-30", None),
        ("2026-05-01", "2026-05-01", 3),
        ("2026-05-01", "2027-04-30", 3),
        ("2026-05-01", "2027-05-01", None),
        ("2024-02-29", "2025-02-28", 3),
        ("2024-02-29", "2025-03-01", None),
        ("2027-02-28", "2028-02-27", 3),
        ("2027-02-28", "2028-02-28", None),
        ("2027-03-01", "2028-02-29", 3),
        ("2027-03-01", "2028-03-01", None),
    ],
)
def test_an_assessment_is_valid_to_the_day_before_its_anniversary(
    assessed: str, as_of: str, level: int | None
) -> None:
    """29 February ends on 1 March of other years, like a birthday."""
    history = History().said("assessment", "2026-05", assessed_on=date.fromisoformat(assessed))
    assert history.facts(as_of)["ability_level"] == level


def test_validity_is_a_parameter() -> None:
    """Of the pack."""
    history = History().said("assessment", "2026-05", assessed_on=date(2026, 5, 1))
    assert history.facts("2027-06-01")["ability_level"] is None
    assert history.facts("2027-06-01", assessment_valid_months=24)["ability_level"] == 3


def test_the_last_assessment_counts_whichever_list_told_it() -> None:
    """A late supplement with an older one changes nothing; one made later is not known yet."""
    history = (
        History()
        .said("assessment", "2026-05", 1)
        .said("assessment", "2026-10", 2, assessed_on=date(2026, 1, 1), ability_level=0)
        .said("assessment", "2026-10", 3, assessed_on=date(2026, 11, 2), ability_level=1)
    )
    assert history.facts()["ability_level"] == 3
    assert history.facts("2026-11-02")["ability_level"] == 1


def test_an_expired_assessment_is_unknown_and_its_day_is_not() -> None:
    """So that item 04 can say when it was."""
    facts = History().said("assessment", "2025-01", assessed_on=date(2025, 1, 1)).facts()
    assert (facts["ability_level"], facts["assessed_on"]) == (None, date(2025, 1, 1))


def test_each_fact_of_a_survey_stands_for_itself() -> None:
    """A blank cell does not unsay what an earlier survey found."""
    history = (
        History()
        .said("survey", "2026-08", 1, family_planning_special=True)
        .said(
            "survey",
            "2026-10",
            2,
            residence_code=PISHAN_VILLAGE,
            living="empty_nest",
            supporter="",
            family_planning_special=None,
        )
    )
    facts = history.facts()
    assert (facts["residence_code"], facts["living"]) == (PISHAN_VILLAGE, "empty_nest")
    assert (facts["supporter"], facts["family_planning_special"]) == ("none", True)
    assert history.facts("2026-09-01")["living"] == "alone"


def test_a_survey_is_not_undone_by_a_full_list() -> None:
    """Absence from a survey means nothing."""
    history = History().said("survey", "2026-08", 1)
    listed("survey", "2026-10", 2)
    assert history.facts()["living"] == "alone"


def test_the_last_check_counts() -> None:
    """Whichever live list told it."""
    history = (
        History()
        .said("health", "2026-09", 1, health_checked_on=date(2026, 8, 1))
        .said("health", "2026-10", 2, health_checked_on=date(2026, 2, 1))
    )
    assert history.facts()["health_checked_on"] == date(2026, 8, 1)
    listed("health", "2026-10", 2)
    assert history.facts()["health_checked_on"] == date(2026, 2, 1)


def test_a_diagnosis_stays() -> None:
    """A list that does not repeat it, or leaves the person out, does not heal."""
    history = (
        History()
        .said("health", "2026-08", 1, dementia=True)
        .said("health", "2026-09", 2, health_checked_on=date(2026, 9, 1))
    )
    assert history.facts()["dementia"] is True
    listed("health", "2026-10", 3)
    assert history.facts()["dementia"] is True
    history.said("health", "2026-11", 4, health_checked_on=date(2026, 11, 1), dementia=False)
    assert history.facts("2026-11-30")["dementia"] is False


@pytest.mark.parametrize(
    ("said", "level", "receiving"),
    [
        ({"ltci_insured": True, "ltci_level": None, "ltci_receiving": None}, None, None),
        ({"ltci_insured": False, "ltci_level": None, "ltci_receiving": None}, -1, False),
        ({"ltci_insured": False, "ltci_level": 2, "ltci_receiving": True}, 2, False),
        ({"ltci_level": 3, "assessed_on": date(2026, 12, 1)}, None, True),
        ({"ltci_level": 3, "assessed_on": date(2026, 10, 1)}, 3, True),
    ],
)
def test_levels_of_long_term_care_insurance(
    said: dict[str, Any], level: int | None, receiving: bool | None
) -> None:
    """Without insurance no level; with it, a blank is unknown; a later assessment is not yet."""
    facts = History().said("ltci", "2026-10", **said).facts()
    assert (facts["ltci_level"], facts["ltci_receiving"]) == (level, receiving)


def test_a_cancelled_card_is_no_card() -> None:
    """Known not to be disabled by card."""
    facts = History().said("disability", "2026-10", card_status="cancelled").facts()
    assert part(facts, NONE["disability"]) == NONE["disability"]


def test_a_card_issued_later_is_no_card_yet() -> None:
    """It holds from 发证日期."""
    history = History().said("disability", "2026-10", issued_on=date(2026, 11, 15))
    assert history.facts()["disability_grade"] is None
    assert history.facts("2026-11-15")["disability_grade"] == 2


def test_relief_follows_its_own_dates() -> None:
    """In, then out; a late list with the older word changes nothing."""
    history = (
        History()
        .said("relief", "2026-10", 1, relief_on=date(2026, 10, 9), in_relief=False)
        .said("relief", "2026-10", 2, relief_on=date(2026, 10, 2))
    )
    assert history.facts("2026-10-05")["in_relief"] is True
    assert history.facts()["in_relief"] is False


def test_pension_rows_of_one_list() -> None:
    """The later 起领年月 counts; between equals, what is not ended."""
    history = (
        History()
        .said("pension", "2026-10", began_on=date(2010, 1, 1))
        .said("pension", "2026-10", pension_kind="employee", began_on=date(2012, 1, 1))
    )
    assert history.facts()["pension_kind"] == "employee"
    history = (
        History()
        .said("pension", "2026-10", pension_kind="employee")
        .said("pension", "2026-10", pension_status="terminated")
    )
    assert history.facts()["pension_kind"] == "employee"


# --- who, and from where -------------------------------------------------------------------------


def test_a_person_on_other_lists_only() -> None:
    """户籍地 unknown; alive unknown until a full list of the dead is in."""
    history = History(hukou="").said("pension", "2026-10")
    facts = history.facts()
    assert (facts["hukou_code"], facts["alive"]) == (None, None)
    assert facts["pension_kind"] == "resident"
    listed("deaths", "2026-10", 2)
    assert history.facts()["alive"] is True


def test_what_an_officer_enters_outweighs_the_lists_of_its_month() -> None:
    """And gives way to next month's."""
    history = History().said("pension", "2026-10", 1)
    listed("pension", "2026-10", 1)
    history.said("pension", "2026-10", HAND_BATCH, pension_status="suspended")
    entry = history.person
    from yanglao.domain.people.models import PensionEntry

    by_hand = PensionEntry.objects.filter(person=entry, last_batch=HAND_BATCH)
    by_hand.update(seen_from=date(2026, 10, 12), seen_to=date(2026, 10, 12))
    assert history.facts()["pension_status"] == "suspended"
    listed("pension", "2026-10", 2)
    assert history.facts()["pension_status"] == "suspended"
    listed("pension", "2026-11", 3)
    assert history.facts("2026-11-01")["pension_status"] == ""


def test_a_region_brings_its_people_only() -> None:
    """By the place where they are served."""
    here, there = History(), History(place=PISHAN_VILLAGE)
    found = facts_of(None, date(2026, 11, 1), region=MOYU)
    assert set(found) == {here.person.pk}
    assert set(facts_of(None, date(2026, 11, 1), region=HETIAN)) == {
        here.person.pk,
        there.person.pk,
    }


def test_one_person_is_the_same_pass_with_one_row() -> None:
    """The page and the match never disagree."""
    listed("pension", "2026-10", division=PISHAN)
    listed("pension", "2026-10", 2, division=MOYU)
    people = [
        History(place=place).said("pension", "2026-10").person
        for place in (MOYU_VILLAGE, PISHAN_VILLAGE)
    ]
    day = date(2026, 11, 1)
    together = facts_of(None, day)
    for person in people:
        assert facts_of([person.pk], day) == {person.pk: together[person.pk]}


def test_nobody_is_asked_for() -> None:
    """An empty list of people is nobody, not everybody."""
    History()
    assert facts_of([], date(2026, 11, 1)) == {}
