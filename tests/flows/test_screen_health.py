"""Screenings lead to steps; who got worse is told once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.flows import population as p
from yanglao.domain.health.models import Screening, Worsening
from yanglao.domain.health.public import (
    WrongMove,
    move_care,
    move_worsening,
    screenings,
    worsenings,
)
from yanglao.domain.people.models import Person
from yanglao.flows.screen_health import look_for_worse, screen_person, screening_scale
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")
DAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", "2026-11-05")
    p.publish()


def well() -> dict[str, str]:
    """Answers without a problem."""
    return {
        code: "no" if one.bad == "yes" else "yes"
        for code, one in screening_scale().questions.items()
    }


def screen(person: Person, day: date = DAY, **bad: str) -> Screening:
    answers = well() | {code.replace("__", "."): value for code, value in bad.items()}
    return screen_person(person_id=person.pk, answers=answers, screened_on=day, acting=READER)


def test_a_problem_is_due_in_two_weeks_none_in_a_year() -> None:
    one, other = p.elder(1), p.elder(2)
    assert screen(one).due_on == date(2027, 11, 3)
    found = screen(other, mood__down="yes")
    assert (found.step, found.failed, found.due_on) == (
        "screened",
        ["mood"],
        date(2026, 11, 17),
    )
    assert [s.pk for s in screenings(READER, step="open", as_of=DAY)] == [found.pk]
    assert [s.pk for s in screenings(READER, domain="mood", as_of=DAY)] == [found.pk]
    assert not screenings(READER, domain="moo", as_of=DAY).exists()


def test_answers_lie_sealed() -> None:
    from django.db import connection

    screen(p.elder(1), mood__down="yes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM health_screening")
        row = cursor.fetchone()
    assert "interest" not in str(row)
    assert Screening.objects.get().answers["mood.down"] == "yes"


def test_the_same_day_again_replaces_until_something_followed() -> None:
    person = p.elder(1)
    first = screen(person, mood__down="yes")
    again = screen(person, hearing__whisper="no")
    assert not Screening.objects.filter(pk=first.pk).exists()
    move_care(
        screening_id=again.pk, to_step="assessed", due_on=DAY, words="李医生看过", acting=READER
    )
    with pytest.raises(WrongMove, match="后续处理"):
        screen(person)


def test_only_the_latest_counts_and_an_older_one_entered_late_stays_behind() -> None:
    person = p.elder(1)
    late = screen(person, date(2026, 11, 4), mood__down="yes")
    early = screen(person, date(2026, 11, 1))
    assert list(Screening.objects.filter(newest=True)) == [late]
    with pytest.raises(WrongMove, match="最近一次"):
        move_care(screening_id=early.pk, to_step="closed", due_on=DAY, words="x", acting=READER)


def test_steps_obey_the_table() -> None:
    found = screen(p.elder(1), mood__down="yes")
    with pytest.raises(WrongMove, match="不能直接"):
        move_care(screening_id=found.pk, to_step="closed", due_on=DAY, words="x", acting=READER)
    with pytest.raises(WrongMove, match="写明"):
        move_care(screening_id=found.pk, to_step="assessed", due_on=DAY, words=" ", acting=READER)
    for step in ("assessed", "planned", "referred", "closed"):
        move_care(screening_id=found.pk, to_step=step, due_on=DAY, words="办了", acting=READER)
    assert AuditEntry.objects.filter(action="care_moved").count() == 4


def test_nobody_screens_ahead_or_elsewhere_or_with_nothing() -> None:
    person = p.elder(1)
    with pytest.raises(WrongMove, match="晚于"):
        screen(person, date(2026, 11, 6))
    with pytest.raises(WrongMove, match="一题"):
        screen_person(person_id=person.pk, answers={}, screened_on=DAY, acting=READER)
    with pytest.raises(Person.DoesNotExist):
        screen_person(
            person_id=person.pk,
            answers=well(),
            screened_on=DAY,
            acting=system_reader("653201000000"),
        )


def test_a_problem_without_a_step_cannot_stand_in_the_table() -> None:
    found = screen(p.elder(1), mood__down="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Screening.objects.filter(pk=found.pk).update(step="none")


def assessed(person: Person, level: int, day: date) -> None:
    month = day.replace(day=1)
    p.state(person, "assessment", month=month, ability_level=level, assessed_on=day, holds_from=day)


def test_who_got_worse_is_told_once_whatever_came_of_it() -> None:
    p.cover()
    worse, same = p.elder(1), p.elder(2)
    for person, now in ((worse, 3), (same, 1)):
        assessed(person, 1, date(2025, 8, 1))
        assessed(person, now, date(2026, 9, 1))
    assert look_for_worse(region=p.REGION, as_of=DAY, acting=READER) == 1
    row = Worsening.objects.get()
    assert (row.person_id, row.measure, row.was, row.is_now) == (worse.pk, "ability", "1", "3")
    assert look_for_worse(region=p.REGION, as_of=DAY, acting=READER) == 0
    with pytest.raises(WrongMove, match="写明"):
        move_worsening(worsening_id=row.pk, to_state="acted", words="", acting=READER)
    move_worsening(worsening_id=row.pk, to_state="acted", words="已申请评估", acting=READER)
    assert not worsenings(READER).exists()
    assert look_for_worse(region=p.REGION, as_of=DAY, acting=READER) == 0


def test_another_area_compares_nobody_here() -> None:
    with pytest.raises(PermissionError):
        look_for_worse(region=p.REGION, as_of=DAY, acting=system_reader("653201000000"))
