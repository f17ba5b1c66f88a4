"""A person's statuses: from when to when, what followed, and what hangs on each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import items
from yanglao.domain.entitlements.public import Finding, findings_of
from yanglao.domain.entitlements.public import Status as Answer
from yanglao.domain.people.public import Person, get_person
from yanglao.domain.places.public import full_names_of
from yanglao.domain.statuses.public import (
    Cause,
    Occasion,
    StatusChange,
    StatusSpell,
    StatusTask,
    TaskState,
    spells_of,
)
from yanglao.flows.follow_statuses import standing_rules
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.status_desk.words import (
    details_words,
    difference_words,
    due_status,
    occasion_status,
    task_status,
)
from yanglao.web.kit.parts import Crumb, Status, person_words
from yanglao.web.kit.screens import screen


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A step, ready to show."""

    task: StatusTask
    state: Status
    due: Status


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What happened once, with its steps."""

    change: StatusChange
    occasion: Status
    words: str
    tasks: Sequence[TaskLine]


@dataclass(frozen=True, slots=True)
class HangingItem:
    """An item of the list that hangs on a status, and whether it runs now."""

    code: str
    name: str
    state: Status


@dataclass(frozen=True, slots=True)
class SpellLine:
    """A status of the person, from when to when."""

    spell: StatusSpell
    name: str
    sentence: str
    clause: str
    details: str
    cause: str
    items: Sequence[HangingItem]
    changes: Sequence[ChangeLine]


@screen(Permission.SEE_STATUSES, leaves_trace=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what statuses a person has and had."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found = get_person(reader, pk)
    except Person.DoesNotExist as missing:
        audit.refused(
            reader, "file_refused", subject="person", subject_id=pk, reason=_("查看身份经过")
        )
        raise Http404 from missing
    audit.read(
        reader,
        "status_opened",
        subject_id=pk,
        place_code=found.place_code,
        purpose=_("查看身份经过"),
        fields=("facts", "results"),
    )
    today = clock.today()
    context = {
        "person": found,
        "who": person_words(found.sex, whole_years(found.birth_date, today)),
        "place": full_names_of([found.place_code]).get(found.place_code, ""),
        "spells": _lines(reader, found.pk),
        "may_work": reader.can(Permission.WORK_STATUSES),
        "may_record": reader.can(Permission.RECORD_FACTS),
        "trail": [Crumb(_("救助供养"), reverse("status_desk:people")), Crumb(found.name)],
    }
    return render(request, "status_desk/person.html", context)


def _lines(reader: Reader, pk: int) -> list[SpellLine]:
    today = clock.today()
    rules = standing_rules(today)
    answers = {one.item.code: one for one in findings_of(reader, pk)}
    titles = {one.code: one.name for one in items()}
    found = []
    for spell in spells_of(reader, pk):
        rule = rules.statuses.get(spell.status) if rules else None
        running = spell.ended_on is None
        found.append(
            SpellLine(
                spell=spell,
                name=rule.name if rule else spell.status,
                sentence=rule.sentence if rule else "",
                clause=rule.clause if rule else "",
                details=details_words(spell.details),
                cause=str(Cause(spell.cause).label) if spell.cause else "",
                items=[
                    _hanging(code, titles.get(code, ""), answers.get(code), running)
                    for code in (rule.items if rule else ())
                ],
                changes=[_change(one) for one in spell.changes.all()],
            )
        )
    return found


def _hanging(code: str, title: str, answer: Finding | None, running: bool) -> HangingItem:
    if answer is None:
        words = Status(_("不符合") if running else _("已停"), "neutral")
    elif answer.outcome.status != Answer.YES:
        words = Status(_("只差信息"), "warning")
    else:
        words = Status(_("符合，应享"), "success")
    return HangingItem(code, title, words)


def _change(change: StatusChange) -> ChangeLine:
    today = clock.today()
    return ChangeLine(
        change=change,
        occasion=occasion_status(change.occasion),
        words=_("开始使用平台时已有") if _was_there(change) else difference_words(change),
        tasks=[
            TaskLine(
                one,
                task_status(one.state),
                due_status(one.due_on, still_open=one.state == TaskState.OPEN, today=today),
            )
            for one in change.tasks.all()
        ],
    )


def _was_there(change: StatusChange) -> bool:
    return bool(change.occasion == Occasion.ENTER and change.spell.found_there)
