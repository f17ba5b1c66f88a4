"""Reminders and recognition: each reminder once, and a result made elsewhere becomes a fact."""

from datetime import date, timedelta

import pytest

from tests.flows import assessing as a
from tests.flows import population as p
from yanglao.domain.assessments.models import Reminder, Result
from yanglao.domain.assessments.public import NewRequest, WrongMove, bring_result
from yanglao.domain.people.models import AssessmentEntry, Person
from yanglao.flows.ask_assessments import ask
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.recognise_assessments import recognise
from yanglao.flows.remind_assessments import remind_assessments
from yanglao.flows.show_assessments import ability_status
from yanglao.foundation.scoping import system_reader


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", a.TODAY.isoformat())
    p.publish()


def _taken_over(person: Person, assessed_on: date, said: str = "2") -> Result:
    brought = bring_result(
        person_id=person.pk,
        standard="gbt42195",
        said=said,
        agency="外地评估中心",
        assessed_on=assessed_on,
        document="",
        acting=a.OFFICER,
        as_of=a.TODAY,
    )
    result = recognise(recognition_id=brought.pk, reason="核对过", acting=a.OFFICER, as_of=a.TODAY)
    assert result is not None
    return result


def test_sixty_and_thirty_days_each_once() -> None:
    """Whoever is late gets the nearest one only; nobody is reminded twice."""
    result = _taken_over(p.elder(1), date(2026, 1, 10))
    assert result.valid_to == date(2027, 1, 9)
    reader = system_reader()
    days = {at: result.valid_to - timedelta(days=at) for at in (61, 60, 45, 30, 10)}
    made = {
        at: [one.days for one in remind_assessments(acting=reader, as_of=day)]
        for at, day in days.items()
    }
    assert made == {61: [], 60: [60], 45: [], 30: [30], 10: []}
    assert Reminder.objects.count() == 2


def test_late_gets_the_nearest_only_and_the_asked_for_none() -> None:
    """A result first seen 20 days before its end; another person is being assessed again."""
    _taken_over(p.elder(1), date(2025, 11, 25))
    other = p.elder(2)
    _taken_over(other, date(2025, 11, 25))
    ask(
        requests=[NewRequest(person_id=other.pk, asked_by="self")],
        acting=a.OFFICER,
        as_of=a.TODAY,
    )
    assert [one.days for one in remind_assessments(acting=a.OFFICER, as_of=a.TODAY)] == [30]


def test_what_is_taken_over_becomes_a_fact_and_holds_from_its_own_day() -> None:
    """With the agency as source; the day of deciding does not prolong it."""
    person = p.elder(1)
    result = _taken_over(person, date(2026, 3, 1), "3")
    entry = AssessmentEntry.objects.get(person=person)
    assert (entry.ability_level, entry.assessed_on, entry.agency) == (
        3,
        date(2026, 3, 1),
        "外地评估中心",
    )
    assert result.valid_to == date(2027, 2, 28)
    status = ability_status(a.OFFICER, person.pk, a.TODAY)
    assert (status.level, status.inference) == (3, None)
    later = ability_status(a.OFFICER, person.pk, date(2027, 3, 1))
    assert later.level is None


def test_a_grade_of_another_kind_is_evidence_and_no_level() -> None:
    """A long-term care grade is taken over for inferring, and never as an assessment."""
    person = p.elder(1)
    brought = bring_result(
        person_id=person.pk,
        standard="ltc",
        said="4",
        agency="某市医保",
        assessed_on=date(2026, 8, 1),
        document="",
        acting=a.OFFICER,
        as_of=a.TODAY,
    )
    assert (
        recognise(recognition_id=brought.pk, reason="核对过", acting=a.OFFICER, as_of=a.TODAY)
        is None
    )
    assert not Result.objects.exists()
    assert not AssessmentEntry.objects.exists()
    status = ability_status(a.OFFICER, person.pk, a.TODAY)
    assert status.level is None
    assert status.inference is not None
    assert status.inference.says.startswith("推定，不是评估结果")


def test_what_has_run_out_is_not_taken_over() -> None:
    """Nor one that is older than what holds here."""
    person = p.elder(1)
    with pytest.raises(WrongMove, match="有效期"):
        _taken_over(person, date(2025, 1, 1))
    _taken_over(person, date(2026, 9, 1))
    with pytest.raises(WrongMove, match="更新"):
        _taken_over(person, date(2026, 8, 1))


def test_clocks_come_from_the_list_in_force() -> None:
    """And say which of them nobody saw in a source."""
    rules = assessment_rules(a.TODAY)
    assert rules.reminders == (60, 30)
    assert rules.clocks.notice == 7
    assert any("公示期" in note for note in rules.notes)
