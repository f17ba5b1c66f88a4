"""What follows from lists on a day: every sentence of "what absence means", and what is in force.

Each test is a little history of one person; the fact names are those of the vocabulary.
"""

from datetime import date
from typing import Any

import pytest

from tests.domain.people.history import (
    ELSEWHERE_CODE,
    HETIAN,
    MOYU,
    MOYU_VILLAGE,
    PISHAN,
    PISHAN_VILLAGE,
    History,
    listed,
)
from yanglao.domain.people.facts import FACT_COLUMNS
from yanglao.domain.people.types import KINDS_WITH_ABSENCE

pytestmark = pytest.mark.django_db

NO_DAY = date(1, 1, 1)
#: What a person is known not to have, by list kind.
NONE: dict[str, dict[str, Any]] = {
    "pension": {"pension_kind": "", "pension_status": ""},
    "assistance": {"assistance": "", "support_mode": "", "tekun_care": ""},
    "disability": {
        "disability_category": -1,
        "disability_grade": -1,
        "needs_long_term_care": False,
    },
    "health": {"health_checked_on": NO_DAY},
    "ltci": {
        "ltci_insured": False,
        "ltci_level": -1,
        "ltci_receiving": False,
        "ltci_assessed_on": NO_DAY,
    },
    "veterans": {"special_contribution": False},
    "relief": {"in_relief": False},
    "deaths": {"alive": True},
}
#: What the usual statement of each kind says.
TOLD: dict[str, dict[str, Any]] = {
    "pension": {"pension_kind": "resident", "pension_status": "normal"},
    "assistance": {"assistance": "dibao", "support_mode": "", "tekun_care": ""},
    "disability": {"disability_category": 4, "disability_grade": 2, "needs_long_term_care": True},
    "health": {"health_checked_on": date(2026, 3, 1)},
    "ltci": {"ltci_insured": True, "ltci_level": 2, "ltci_receiving": True},
    "veterans": {"special_contribution": True},
    "relief": {"in_relief": True},
    "deaths": {"alive": False},
}
REPLACED = sorted(set(TOLD) - {"deaths"})


def part(facts: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """Return those facts that ``like`` names."""
    return {name: facts[name] for name in like}


def test_every_kind_with_absence_is_tried_here() -> None:
    """A new kind must be added to these tables."""
    assert set(NONE) == set(TOLD) == set(map(str, KINDS_WITH_ABSENCE))


# --- unknown, known, known not --------------------------------------------------------------


def test_nothing_is_known_of_whom_no_list_names() -> None:
    """Only what follows from the ID number."""
    facts = History(hukou="").facts()
    known = {name for name, value in facts.items() if value is not None}
    assert known == {"person_id", "place_code", "birth_date", "sex"}
    assert list(facts) == list(FACT_COLUMNS)


@pytest.mark.parametrize("kind", sorted(NONE))
def test_before_the_first_full_list_absence_says_nothing(kind: str) -> None:
    """A supplement without the person leaves everything unknown."""
    listed(kind, "2026-10", full=False)
    facts = History().facts()
    assert set(part(facts, NONE[kind]).values()) == {None}


@pytest.mark.parametrize("kind", sorted(NONE))
def test_who_is_not_on_a_full_list_is_known_not_to_be(kind: str) -> None:
    """Known, not unknown; and nothing about other kinds."""
    listed(kind, "2026-10")
    facts = History().facts()
    assert part(facts, NONE[kind]) == NONE[kind]
    others = {name for other in NONE if other != kind for name in NONE[other]}
    assert all(facts[name] is None for name in others)


@pytest.mark.parametrize("kind", sorted(NONE))
def test_absence_counts_from_the_month_of_the_list(kind: str) -> None:
    """The day before that month nothing is known; on its first day it is."""
    listed(kind, "2026-10")
    history = History()
    assert set(part(history.facts("2026-09-30"), NONE[kind]).values()) == {None}
    assert part(history.facts("2026-10-01"), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", sorted(NONE))
def test_a_full_list_speaks_for_its_place_only(kind: str) -> None:
    """Not for the next county; but for whoever lives, is registered or is served in its own."""
    listed(kind, "2026-10", division=PISHAN)
    first = next(iter(NONE[kind]))
    assert History().facts()[first] is None
    for where in (
        {"place": PISHAN_VILLAGE},
        {"hukou": PISHAN_VILLAGE},
        {"residence": PISHAN_VILLAGE},
    ):
        assert part(History(**where).facts(), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", ["assessment", "survey", "household"])
def test_some_lists_never_mean_anything_by_absence(kind: str) -> None:
    """Ability, living, supporter, residence and registration stay unknown."""
    listed(kind, "2026-10")
    facts = History().facts()
    for name in (
        "ability_level",
        "assessed_on",
        "living",
        "supporter",
        "residence_code",
        "hukou_code",
    ):
        assert facts[name] is None


@pytest.mark.parametrize("kind", sorted(TOLD))
def test_what_a_list_says_is_known(kind: str) -> None:
    """With and without a full list."""
    history = History().said(kind, "2026-10")
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]
    listed(kind, "2026-10")
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]


# --- lists one after another ------------------------------------------------------------------


@pytest.mark.parametrize("kind", REPLACED)
def test_a_later_full_list_takes_away_what_it_does_not_repeat(kind: str) -> None:
    """From its month on; before, the fact stands."""
    history = History().said(kind, "2026-09", 1)
    listed(kind, "2026-09", 1)
    listed(kind, "2026-10", 2)
    assert part(history.facts("2026-09-30"), TOLD[kind]) == TOLD[kind]
    assert part(history.facts("2026-10-01"), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_a_fact_that_is_repeated_stands(kind: str) -> None:
    """One statement seen in two months."""
    history = History().said(kind, "2026-09", 2, until="2026-10")
    listed(kind, "2026-09", 1)
    listed(kind, "2026-10", 2)
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_a_corrected_list_of_the_same_month_replaces_the_first(kind: str) -> None:
    """Who is left out of the later batch loses the fact."""
    history = History().said(kind, "2026-10", 1)
    listed(kind, "2026-10", 1)
    listed(kind, "2026-10", 2)
    assert part(history.facts(), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_a_supplement_after_the_full_list_adds(kind: str) -> None:
    """The same month, a later batch."""
    listed(kind, "2026-10", 1)
    history = History().said(kind, "2026-10", 2)
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_a_supplement_before_the_full_list_is_replaced_by_it(kind: str) -> None:
    """The full list is complete: it had the last word."""
    history = History().said(kind, "2026-10", 1)
    listed(kind, "2026-10", 2)
    assert part(history.facts(), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_an_older_list_that_comes_late_changes_nothing(kind: str) -> None:
    """A full list of September that comes after October's."""
    history = History().said(kind, "2026-10", 1)
    listed(kind, "2026-10", 1)
    listed(kind, "2026-09", 2)
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]


@pytest.mark.parametrize("kind", ["pension", "assistance", "disability", "ltci", "veterans"])
def test_between_lists_the_later_one_counts(kind: str) -> None:
    """Whatever dates its rows have."""
    other: dict[str, dict[str, Any]] = {
        "pension": {"pension_status": "suspended", "began_on": date(1990, 1, 1)},
        "assistance": {"assistance": "tekun", "holds_from": date(2019, 1, 1)},
        "disability": {"disability_grade": 1, "issued_on": date(2001, 1, 1)},
        "ltci": {"ltci_level": 5},
        "veterans": {"special_contribution": False},
    }
    history = History().said(kind, "2026-09", 1).said(kind, "2026-10", 2, **other[kind])
    facts = history.facts()
    for name, value in other[kind].items():
        if name in FACT_COLUMNS:
            assert facts[name] == value


# --- rows that went back -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(NONE))
def test_a_returned_row_keeps_absence_from_being_concluded(kind: str) -> None:
    """The person stands on the list: unknown, not known-not."""
    listed(kind, "2026-10", 1)
    history = History().mentioned(kind, "2026-10", 1)
    assert set(part(history.facts(), NONE[kind]).values()) == {None}


@pytest.mark.parametrize("kind", REPLACED)
def test_a_returned_row_keeps_what_was_known(kind: str) -> None:
    """Last month's word stands until a readable one comes."""
    history = History().said(kind, "2026-09", 1).mentioned(kind, "2026-10", 2)
    listed(kind, "2026-09", 1)
    listed(kind, "2026-10", 2)
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_a_returned_row_is_forgotten_by_the_next_full_list(kind: str) -> None:
    """Who is not on that one at all, is known not to be."""
    history = History().mentioned(kind, "2026-09", 1)
    listed(kind, "2026-09", 1)
    listed(kind, "2026-10", 2)
    assert part(history.facts(), NONE[kind]) == NONE[kind]


def test_a_corrected_row_comes_in_by_a_supplement() -> None:
    """Returned, corrected, sent again."""
    listed("pension", "2026-10", 1)
    history = History().mentioned("pension", "2026-10", 1).said("pension", "2026-10", 2)
    assert history.facts()["pension_status"] == "normal"


# --- two counties -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REPLACED)
def test_one_countys_full_list_does_not_end_what_anothers_says(kind: str) -> None:
    """Registered in 墨玉, living in 皮山: on 墨玉's list, hence not on 皮山's of the same month."""
    history = History(place=PISHAN_VILLAGE, residence=PISHAN_VILLAGE).said(kind, "2026-10", 1)
    listed(kind, "2026-10", 1, division=MOYU)
    listed(kind, "2026-10", 2, division=PISHAN)
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]
    listed(kind, "2026-11", 3, division=PISHAN)
    assert part(history.facts("2026-11-01"), TOLD[kind]) == TOLD[kind]
    listed(kind, "2026-11", 4, division=MOYU)
    assert part(history.facts("2026-11-01"), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_the_prefectures_full_list_ends_what_a_countys_said(kind: str) -> None:
    """And a county's what the prefecture's said, for its own people."""
    history = History().said(kind, "2026-09", 1)
    listed(kind, "2026-09", 1, division=MOYU)
    listed(kind, "2026-09", 9, division=PISHAN)
    listed(kind, "2026-10", 2, division=HETIAN)
    assert part(history.facts(), NONE[kind]) == NONE[kind]
    other = History().said(kind, "2026-10", 2)
    listed(kind, "2026-11", 3, division=MOYU)
    assert part(other.facts("2026-11-01"), NONE[kind]) == NONE[kind]


@pytest.mark.parametrize("kind", REPLACED)
def test_of_two_counties_statements_the_live_one_counts(kind: str) -> None:
    """皮山's supplement, ended by 皮山's full list, does not hide what 墨玉 still says."""
    history = History(place=PISHAN_VILLAGE).said(kind, "2026-10", 1).said(kind, "2026-10", 2)
    listed(kind, "2026-10", 1, division=MOYU)
    listed(kind, "2026-10", 2, division=PISHAN, full=False)
    listed(kind, "2026-10", 3, division=PISHAN)
    assert part(history.facts(), TOLD[kind]) == TOLD[kind]


# --- household register ---------------------------------------------------------------------------


def test_registration_and_life_follow_the_register() -> None:
    """What it does not say stays unknown."""
    facts = History().said("household", "2026-10", marital="丧偶", household_id="H1").facts()
    assert (facts["hukou_code"], facts["alive"]) == (MOYU_VILLAGE, True)
    assert (facts["marital"], facts["household_id"]) == ("丧偶", "H1")
    facts = History().said("household", "2026-10").facts()
    assert (facts["marital"], facts["household_id"]) == (None, None)


@pytest.mark.parametrize(
    ("as_of", "hukou"),
    [("2026-10-19", MOYU_VILLAGE), ("2026-10-20", "elsewhere"), ("2026-11-01", "elsewhere")],
)
def test_a_move_counts_from_its_day(as_of: str, hukou: str) -> None:
    """The day itself included; a move after the day has not happened yet."""
    history = History().said("household", "2026-10", status="moved", status_on=date(2026, 10, 20))
    assert history.facts(as_of)["hukou_code"] == hukou


def test_a_move_without_a_day_counts_from_the_list() -> None:
    """Known to be elsewhere; the person lives."""
    facts = History().said("household", "2026-10", status="moved").facts()
    assert (facts["hukou_code"], facts["alive"]) == ("elsewhere", True)


@pytest.mark.parametrize("old_batch", [1, 9])
@pytest.mark.parametrize("old_month", ["2026-09", "2026-10", "2026-11"])
def test_moved_in_the_old_county_and_normal_in_the_new(old_month: str, old_batch: int) -> None:
    """The old county goes on reporting the move; the new one's word stands, in any order."""
    history = (
        History()
        .said(
            "household",
            old_month,
            old_batch,
            last_list_id=None,
            status="moved",
            status_on=date(2026, 9, 5),
        )
        .said("household", "2026-10", 5, hukou_code=PISHAN_VILLAGE)
    )
    assert history.facts()["hukou_code"] == PISHAN_VILLAGE


def test_a_move_after_the_new_countys_last_word_counts() -> None:
    """Normal in September, and in October the register says that the person left."""
    history = (
        History()
        .said("household", "2026-09", 1, hukou_code=PISHAN_VILLAGE)
        .said("household", "2026-10", 2, status="moved", status_on=date(2026, 10, 5))
    )
    assert history.facts()["hukou_code"] == "elsewhere"
    assert history.facts("2026-10-04")["hukou_code"] == MOYU_VILLAGE


def test_back_again_after_a_move() -> None:
    """Normal in a later list takes the move back."""
    history = (
        History()
        .said("household", "2026-09", 1, status="moved", status_on=date(2026, 9, 5))
        .said("household", "2026-10", 2)
    )
    assert history.facts()["hukou_code"] == MOYU_VILLAGE


def test_of_two_places_in_the_newest_lists_the_later_date_counts() -> None:
    """Two counties, both normal."""
    history = (
        History()
        .said("household", "2026-10", 1, status_on=date(2026, 5, 1))
        .said("household", "2026-10", 1, hukou_code=PISHAN_VILLAGE, status_on=date(2026, 6, 1))
    )
    assert history.facts()["hukou_code"] == PISHAN_VILLAGE


def test_a_move_within_the_county_is_where_the_newest_list_says() -> None:
    """Another village this month."""
    history = (
        History()
        .said("household", "2026-09", 1)
        .said("household", "2026-10", 2, hukou_code="653222102207")
    )
    assert history.facts()["hukou_code"] == "653222102207"
    assert history.facts("2026-09-15")["hukou_code"] == MOYU_VILLAGE


def test_registration_may_be_far_away() -> None:
    """A code outside the region is as good as any."""
    facts = (
        History(hukou=ELSEWHERE_CODE)
        .said("household", "2026-10", hukou_code=ELSEWHERE_CODE)
        .facts()
    )
    assert facts["hukou_code"] == ELSEWHERE_CODE


@pytest.mark.parametrize(
    ("as_of", "alive"), [("2026-10-11", True), ("2026-10-12", False), ("2027-01-01", False)]
)
def test_the_registers_death_counts_from_its_day(as_of: str, alive: bool) -> None:
    """The day itself included."""
    history = History().said("household", "2026-10", status="dead", status_on=date(2026, 10, 12))
    assert history.facts(as_of)["alive"] is alive


def test_a_death_without_a_day_counts() -> None:
    """The register says dead, not since when."""
    assert History().said("household", "2026-10", status="dead").facts()["alive"] is False


@pytest.mark.parametrize(
    ("later", "alive"),
    [
        ({"when": "2026-11", "batch": 2}, True),  # the register takes it back
        ({"when": "2026-10", "batch": 2, "hukou_code": PISHAN_VILLAGE}, False),
        (
            {
                "when": "2026-10",
                "batch": 2,
                "hukou_code": PISHAN_VILLAGE,
                "status_on": date(2026, 10, 20),
            },
            True,
        ),
    ],
)
def test_only_a_later_word_takes_a_death_back(later: dict[str, Any], alive: bool) -> None:
    """Another county's word of the same month only with a later date."""
    history = History().said("household", "2026-10", 1, status="dead", status_on=date(2026, 10, 12))
    history.said("household", later.pop("when"), later.pop("batch"), **later)
    assert history.facts("2026-11-30")["alive"] is alive


# --- deaths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "alive"), [("2026-11-01", True), ("2026-12-24", False)])
def test_a_death_after_the_day_has_not_happened(as_of: str, alive: bool) -> None:
    """And says that the person lives until then."""
    history = History().said("deaths", "2026-10", died_on=date(2026, 12, 24))
    assert history.facts(as_of)["alive"] is alive


def test_death_ends_the_person_whatever_the_register_says() -> None:
    """The register is slow."""
    history = History().said("household", "2026-11", 3).said("deaths", "2026-10", 1)
    assert history.facts("2026-11-30")["alive"] is False


def test_nobody_comes_back_by_not_being_on_next_months_list() -> None:
    """Who died in August is not on October's list of the dead of October."""
    history = History().said("deaths", "2026-08", 1)
    listed("deaths", "2026-08", 1)
    listed("deaths", "2026-10", 2)
    assert history.facts()["alive"] is False


@pytest.mark.parametrize(
    ("division", "mention", "alive"),
    [(HETIAN, False, True), (MOYU, False, True), (PISHAN, False, False), (HETIAN, True, False)],
)
def test_a_corrected_list_of_the_same_month_takes_a_death_back(
    division: str, mention: bool, alive: bool
) -> None:
    """If it speaks for the person's place, and his row did not only go back."""
    history = History().said("deaths", "2026-10", 1)
    listed("deaths", "2026-10", 1)
    listed("deaths", "2026-10", 2, division=division)
    if mention:
        history.mentioned("deaths", "2026-10", 2)
    assert history.facts()["alive"] is alive
