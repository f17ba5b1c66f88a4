"""Statuses follow the facts: what begins, changes and ends, who must do what, what is held."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.flows import population as p
from yanglao.domain.people.models import AssistanceEntry
from yanglao.domain.people.public import merge_files, undo_merge
from yanglao.domain.statuses.models import StatusHold, StatusSpell, StatusTask
from yanglao.domain.statuses.public import (
    WrongMove,
    move_task,
    move_tasks,
    spells,
    spells_of,
)
from yanglao.flows.follow_statuses import (
    Followed,
    follow_statuses,
    problems_of_statuses,
    release_and_follow,
    status_rules,
)
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", "2026-12-05")
    p.publish()
    p.cover()


def follow(as_of: date = p.AS_OF, **more: Any) -> Followed:
    return follow_statuses(region=p.REGION, as_of=as_of, acting=READER, **more)


def tekun(number: int, mode: str = "dispersed", **more: Any) -> Any:
    said = {"assistance": "tekun", "support_mode": mode, "tekun_care": "self", **more}
    return p.elder(number, assistance=said, survey={})


def steps(occasion: str, state: str = "open") -> list[str]:
    rows = StatusTask.objects.filter(change__occasion=occasion, state=state)
    return sorted(rows.values_list("step", flat=True))


def test_the_first_look_finds_people_and_asks_nothing_of_anybody() -> None:
    """Whoever has a status when the program first looks had it before: no thousand of tasks."""
    tekun(1)
    found = follow()
    assert (found.written.entered, found.written.tasks) == (1, 0)
    assert StatusSpell.objects.get().found_there


def test_entering_asks_for_the_steps_of_the_situation() -> None:
    """A dispersed one needs a carer and an account, no bed; known self-care needs no grading."""
    tekun(1)
    follow()
    late = tekun(2)
    follow(NOVEMBER + timedelta(days=3))
    spell = StatusSpell.objects.get(person=late)
    assert (spell.began_on, spell.found_there) == (date(2026, 11, 4), False)
    assert spell.details == {"support_mode": "dispersed", "tekun_care": "self"}
    assert steps("enter") == ["account", "agreement", "carer"]
    carer = StatusTask.objects.get(step="carer")
    assert (carer.level, carer.due_on) == ("village", date(2026, 11, 19))
    assert carer.place_code == p.VILLAGE


def test_unknown_self_care_asks_for_grading() -> None:
    tekun(1)
    follow()
    p.elder(2, assistance={"assistance": "tekun", "support_mode": "central", "tekun_care": ""})
    follow(NOVEMBER + timedelta(days=1))
    assert set(steps("enter")) >= {"agreement", "place"}
    assert "carer" not in steps("enter")


def test_a_second_pass_on_the_same_facts_writes_nothing() -> None:
    tekun(1)
    follow()
    tekun(2)
    follow(NOVEMBER + timedelta(days=1))
    before = (StatusSpell.objects.count(), StatusTask.objects.count(), AuditEntry.objects.count())
    again = follow(NOVEMBER + timedelta(days=2))
    assert (again.written.entered, again.written.changed, again.written.left) == (0, 0, 0)
    now = (StatusSpell.objects.count(), StatusTask.objects.count(), AuditEntry.objects.count())
    assert before == now


def test_a_change_asks_for_its_steps_only() -> None:
    person = tekun(1)
    follow()
    p.state(
        person,
        "assistance",
        month=date(2026, 12, 1),
        assistance="tekun",
        support_mode="central",
        tekun_care="self",
        holds_from=date(2026, 11, 20),
    )
    found = follow(DECEMBER)
    assert found.written.changed == 1
    assert steps("change") == ["move_in"]
    change = StatusSpell.objects.get().changes.get(occasion="change")
    assert (change.before["support_mode"], change.after["support_mode"]) == ("dispersed", "central")


def test_death_ends_it_and_overtakes_what_was_begun() -> None:
    tekun(1)
    follow()
    person = tekun(2)
    follow(NOVEMBER + timedelta(days=1))
    p.state(person, "deaths", died_on=date(2026, 11, 5), month=date(2026, 11, 1))
    found = follow(date(2026, 11, 10))
    spell = StatusSpell.objects.get(person=person)
    assert (spell.ended_on, spell.cause) == (date(2026, 11, 10), "died")
    assert found.written.overtaken == 3
    assert steps("enter") == []
    assert steps("leave") == ["belongings", "funeral"]


def test_no_longer_on_the_full_list_ends_it_unknown_does_not() -> None:
    """The list of another month without the person ends it; without a list nothing is known."""
    person = tekun(1)
    follow()
    p.forget(person, "assistance")
    assert follow(date(2026, 11, 2)).written.left == 1
    assert StatusSpell.objects.get().cause == "gone"
    assert steps("leave") == ["next_help", "tell"]


def test_unknown_ends_nothing() -> None:
    person = tekun(1)
    follow()
    p.forget(person, "assistance")
    from yanglao.domain.people.models import Coverage

    Coverage.objects.filter(kind="assistance").delete()
    assert follow(date(2026, 11, 2)).written.left == 0
    assert StatusSpell.objects.get().ended_on is None


def test_who_moves_within_the_region_takes_it_along() -> None:
    person = tekun(1)
    follow()
    person.place_code = p.NEIGHBOUR
    person.hukou_code = p.NEIGHBOUR
    person.save()
    assert follow(date(2026, 11, 2)).written.moved == 1
    assert StatusSpell.objects.get().place_code == p.NEIGHBOUR


def test_endings_by_the_dozen_wait_for_a_person() -> None:
    """A list that lost a page must not end 30 people's support."""
    people = [tekun(number) for number in range(1, 31)]
    follow()
    for person in people[:25]:
        p.forget(person, "assistance")
    found = follow(date(2026, 11, 2))
    assert (found.written.left, [one.people for one in found.held]) == (0, [25])
    assert StatusSpell.objects.filter(ended_on__isnull=False).count() == 0
    hold = StatusHold.objects.get()
    with pytest.raises(WrongMove, match="写明"):
        release_and_follow(hold_id=hold.pk, acting=READER, as_of=date(2026, 11, 2), reason=" ")
    done = release_and_follow(
        hold_id=hold.pk, acting=READER, as_of=date(2026, 11, 2), reason="核对过年审结果"
    )
    assert done.written.left == 25


def test_a_hold_goes_when_the_next_list_is_right() -> None:
    people = [tekun(number) for number in range(1, 31)]
    follow()
    for person in people:
        p.forget(person, "assistance")
    follow(date(2026, 11, 2))
    for person in people:
        p.state(person, "assistance", assistance="tekun", support_mode="dispersed")
    follow(date(2026, 11, 3))
    assert StatusHold.objects.get().gone_at is not None


def test_relief_is_given_wherever_the_person_belongs() -> None:
    p.elder(1, relief={"in_relief": True}, household=False)
    found = follow()
    assert found.written.entered == 1
    assert StatusSpell.objects.get().status == "relief"


def test_one_person_is_followed_alone() -> None:
    tekun(1)
    follow()
    one, other = tekun(2), tekun(3)
    follow(date(2026, 11, 2), people=[one.pk])
    assert StatusSpell.objects.filter(person=one).exists()
    assert not StatusSpell.objects.filter(person=other).exists()


def test_moves_obey_the_table_and_are_on_record() -> None:
    tekun(1)
    follow()
    tekun(2)
    follow(date(2026, 11, 2))
    task = StatusTask.objects.get(step="agreement")
    with pytest.raises(WrongMove, match="原因"):
        move_task(task_id=task.pk, to_state="not_needed", acting=READER)
    move_task(task_id=task.pk, to_state="done", acting=READER, words="协议已签，存镇里")
    task.refresh_from_db()
    assert (task.state, task.words, task.closed_by) == ("done", "协议已签，存镇里", "测试")
    with pytest.raises(WrongMove, match="不能改为"):
        move_task(task_id=task.pk, to_state="overtaken", acting=READER)
    move_task(task_id=task.pk, to_state="open", acting=READER)
    assert move_tasks(ids=[task.pk], to_state="done", acting=READER, words="一起办了") == 1
    task.refresh_from_db()
    assert task.words == "一起办了"
    assert AuditEntry.objects.filter(action="status_tasks_moved").count() == 1


def test_another_area_does_not_reach_a_task() -> None:
    tekun(1)
    follow()
    tekun(2)
    follow(date(2026, 11, 2))
    task = StatusTask.objects.get(step="agreement")
    stranger = system_reader("653201000000", name="别处")
    with pytest.raises(StatusTask.DoesNotExist):
        move_task(task_id=task.pk, to_state="done", acting=stranger)
    assert move_tasks(ids=[task.pk], to_state="done", acting=stranger) == 0
    with pytest.raises(PermissionError):
        follow_statuses(region=p.REGION, as_of=p.AS_OF, acting=stranger)


def test_a_wrong_file_is_told_when_packs_are_checked(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(p.policies(), tmp_path / "policies")
    settings.POLICIES = tmp_path / "policies"
    assert problems_of_statuses(["hetian", "yunfu"], p.AS_OF) == []
    file = tmp_path / "policies" / "hetian" / "statuses.yaml"
    file.write_text(file.read_text("utf-8").replace("who: in_relief", "who: in_relieff"), "utf-8")
    (told,) = problems_of_statuses(["hetian"], p.AS_OF)
    assert "hetian/statuses.yaml:" in told
    assert "in_relieff" in told


def test_every_status_has_a_sentence_and_items_of_the_list() -> None:
    told = status_rules(p.AS_OF, p.REGION)
    assert told is not None
    assert set(told.statuses) == {"tekun", "dibao", "honour_home", "relief"}
    for one in told.statuses.values():
        assert one.sentence
        assert one.items
        assert one.enter
        assert one.leave


def test_statuses_do_not_turn_back_and_are_not_foreseen() -> None:
    """Jobs may come late: an older day writes nothing, and so does a day ahead of today."""
    tekun(1)
    follow()
    person = tekun(2)
    assert follow(date(2026, 11, 20)).written.entered == 1
    p.forget(person, "assistance")
    assert follow(date(2026, 11, 10)).written.left == 0
    assert follow(date(2026, 12, 6)).written.left == 0
    assert follow(date(2026, 11, 10), people=[person.pk]).written.left == 1
    assert StatusSpell.objects.get(person=person).ended_on == date(2026, 11, 20)


def test_a_file_laid_into_another_brings_its_status_along_and_takes_it_back() -> None:
    """Nobody enters and nobody leaves because a clerk found two files to be one person's."""
    one, two = tekun(1), p.elder(2, survey={})
    follow()
    merge = merge_files(goes_on=two.pk, laid_in=one.pk, acting=READER, reason="看过身份证")
    for people in ([two.pk], None):
        found = follow(NOVEMBER + timedelta(days=1), people=people)
        assert (found.written.entered, found.written.left, found.written.tasks) == (0, 0, 0)
    assert [spell.status for spell in spells_of(READER, two.pk)] == ["tekun"]
    two.refresh_from_db()  # the name is what the newest statement of either file says
    assert [row.person_id for row in spells(READER, text=two.name)] == [one.pk]
    # A change is noticed once, on the spell that there is.
    AssistanceEntry.objects.update(tekun_care="full")
    assert follow(NOVEMBER + timedelta(days=2)).written.changed == 1
    undo_merge(merge_id=merge.pk, acting=READER)
    found = follow(NOVEMBER + timedelta(days=3))
    assert (found.written.entered, found.written.left) == (0, 0)
    assert spells_of(READER, two.pk) == []
    assert [spell.status for spell in spells_of(READER, one.pk)] == ["tekun"]


def test_of_two_files_with_the_same_status_the_one_that_goes_on_counts() -> None:
    one, two = tekun(1), tekun(2)
    follow()
    merge_files(goes_on=two.pk, laid_in=one.pk, acting=READER, reason="看过身份证")
    AssistanceEntry.objects.update(tekun_care="full")
    assert follow(NOVEMBER + timedelta(days=1)).written.changed == 1
    changed = StatusSpell.objects.filter(changes__occasion="change")
    assert [spell.person_id for spell in changed] == [two.pk]
    p.elder(3, assistance={"assistance": "dibao"}, survey={})
    AssistanceEntry.objects.filter(person__in=[one, two]).delete()
    assert follow(DECEMBER).written.left == 1
