"""Benefits follow the facts: spells, automatic stops, what was believed before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.flows import population as p
from yanglao.domain.benefits.models import Approval, Case, CaseAlert, FollowRun, Spell
from yanglao.domain.catalogue.models import PackVersion
from yanglao.domain.catalogue.public import items
from yanglao.domain.people.models import Person
from yanglao.flows.follow_benefits import Followed, follow_benefits
from yanglao.foundation.scoping import system_reader

AS_OF = date(2026, 11, 10)
BENEFITS = {
    "16a": "disability_living",
    "16b": "disability_care",
    "06": "senior_allowance",
    "12": "tekun_dispersed",
}


@pytest.fixture(autouse=True)
def _listed(db: None) -> Iterator[None]:
    p.publish()
    p.cover()
    yield


def approved(person: Person, code: str, on: date = date(2025, 1, 10), **more: Any) -> Case:
    """An approved case of an item, with its approval."""
    version = PackVersion.objects.order_by("id").first() or p.publish()
    case = Case.objects.create(
        person=person,
        item=items("hetian").get(code=code),
        benefit=BENEFITS[code],
        place_code=person.place_code,
        way="applied",
        applicant="self",
        state="approved",
        state_on=on,
        applied_on=on,
        approved_on=on,
        judged_on=on,
        version=version,
        status="yes",
        opened_by="甲",
        **{"fen": 11000, **more},
    )
    Approval.objects.create(
        case=case,
        person=person,
        benefit=case.benefit,
        applied_on=on,
        approved_on=on,
        approved_by="乙",
    )
    return case


def follow(as_of: date = AS_OF, **options: Any) -> Followed:
    return follow_benefits(region=p.REGION, as_of=as_of, acting=system_reader(), **options)


def believed(person: Person) -> list[tuple[Any, ...]]:
    rows = Spell.objects.filter(person=person, until=None).order_by("benefit", "first")
    return list(rows.values_list("benefit", "first", "end", "known", "fen", "ended_by"))


def test_an_unchanged_life_is_one_spell_and_following_again_writes_nothing() -> None:
    """Dibao with a valid card: one spell without end; the second time nothing is written."""
    person = p.elder(1, assistance={}, disability={"holds_from": date(2023, 1, 1)})
    case = approved(person, "16a")
    done = follow()
    assert (done.people, done.begun, done.ended) == (1, 1, 0)
    ((benefit, first, end, known, fen, cause),) = believed(person)
    assert (benefit, end, known, fen, cause) == ("disability_living", None, True, 11000, "")
    assert first <= date(2026, 10, 1)
    again = follow()
    assert (again.begun, again.ended, again.alerts) == (0, 0, 0)
    case.refresh_from_db()
    assert case.state == "approved"


def test_a_death_ends_the_spell_on_its_day_and_stops_the_case() -> None:
    """The cause is told, the case stops by itself, and an officer is told why."""
    person = p.elder(2, assistance={}, disability={}, deaths={"died_on": date(2026, 10, 15)})
    case = approved(person, "16a")
    follow()
    (row,) = believed(person)
    assert row[2] == date(2026, 10, 15)
    assert row[5] == "death"
    case.refresh_from_db()
    assert (case.state, case.stop_cause, case.stopped_on) == (
        "stopped",
        "death",
        date(2026, 10, 15),
    )
    assert not case.stopped_by_hand
    alert = CaseAlert.objects.get(case=case)
    assert alert.kind == "death"
    assert "2026-10-15" in alert.effect
    assert follow().alerts == 0


def test_a_death_taken_back_starts_the_money_again() -> None:
    """What the list said wrongly is undone without anybody; what was believed stays readable."""
    person = p.elder(3, assistance={}, disability={}, deaths={"died_on": date(2026, 10, 15)})
    case = approved(person, "16a")
    follow()
    p.forget(person, "deaths")
    follow()
    case.refresh_from_db()
    assert case.state == "approved"
    assert believed(person)[0][2] is None
    first = FollowRun.objects.order_by("id").first()
    assert first is not None
    then = Spell.objects.filter(person=person, since__lte=first).get()
    assert (then.end, then.ended_by) == (date(2026, 10, 15), "death")
    assert then.until_id is not None
    assert CaseAlert.objects.filter(case=case, kind="back").count() == 1


def test_a_birthday_within_the_month_begins_the_spell_on_it() -> None:
    """Eighty on the 25th, asked on the 10th: the month's run sees it; the amount is not known."""
    person = p.elder(4, born=date(1946, 11, 25))
    approved(person, "06", fen=None)
    follow()
    ((benefit, first, end, known, fen, cause),) = believed(person)
    assert (benefit, first, end) == ("senior_allowance", date(2026, 11, 25), None)
    assert (known, fen, cause) == (True, None, "")


def test_a_grade_that_changes_ends_the_benefit_with_that_cause() -> None:
    """From the second degree to the third: care money ends as a change of grade."""
    old = {"disability_grade": 2, "issued_on": date(2024, 1, 1), "holds_from": date(2024, 1, 1)}
    new = {"disability_grade": 3, "issued_on": date(2026, 9, 5), "holds_from": date(2026, 9, 5)}
    person = p.elder(5, disability=old)
    p.state(person, "disability", **new)
    approved(person, "16b")
    follow()
    (row,) = believed(person)
    assert (row[2], row[5]) == (date(2026, 9, 5), "grade")


def test_a_move_out_of_the_region_is_a_move() -> None:
    """The register says moved: the benefit ends on the day it names."""
    person = p.elder(6, assistance={}, disability={})
    p.state(
        person,
        "household",
        hukou_code=person.place_code,
        status="moved",
        status_on=date(2026, 10, 20),
        by=p.batch(date(2026, 11, 1)),
        month=date(2026, 11, 1),
    )
    approved(person, "16a")
    follow()
    (row,) = believed(person)
    assert (row[2], row[5]) == (date(2026, 10, 20), "move")


def test_people_without_an_approval_have_no_spells() -> None:
    """Nobody is followed who was never approved."""
    p.elder(7, assistance={}, disability={})
    assert follow().people == 0
    assert Spell.objects.count() == 0


def test_a_case_stopped_by_hand_is_not_started_by_facts() -> None:
    """What an officer decided, facts alone do not undo."""
    person = p.elder(8, assistance={}, disability={})
    case = approved(person, "16a")
    Case.objects.filter(pk=case.pk).update(
        state="stopped", stop_cause="revoked", stopped_on=AS_OF, stopped_by_hand=True
    )
    Approval.objects.filter(case=case).update(revoked_on=AS_OF)
    follow()
    case.refresh_from_db()
    assert case.state == "stopped"


def test_a_day_before_all_versions_stops_nobody() -> None:
    """Where no version speaks, nothing is concluded from its silence."""
    person = p.elder(9, assistance={}, disability={})
    case = approved(person, "16a")
    assert follow(date(2023, 12, 1)).alerts == 0
    case.refresh_from_db()
    assert case.state == "approved"


def test_a_case_follows_its_person_to_another_county() -> None:
    """The case, its spells and its money go to the place where the person is served now."""
    from yanglao.domain.benefits.public import load_payment_inputs
    from yanglao.foundation.analytics import analytic_session

    person = p.elder(10, assistance={}, disability={})
    case = approved(person, "16a")
    follow()
    Person.objects.filter(pk=person.pk).update(place_code=p.FAR)
    assert follow().moved == 1
    case.refresh_from_db()
    assert case.place_code == p.FAR
    with analytic_session() as session:
        load_payment_inputs(session, region="653201000000")
        assert session.rows("SELECT count(*) FROM in_answers") == [(1,)]
        assert session.rows("SELECT place FROM in_people") == [(p.FAR,)]
