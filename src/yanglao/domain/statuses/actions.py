"""Writing what a pass noticed, and what officers did about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction

from yanglao.domain.people.public import files_of, laid_in_files
from yanglao.domain.statuses.models import StatusChange, StatusHold, StatusSpell, StatusTask
from yanglao.domain.statuses.queries import get_hold, get_task
from yanglao.domain.statuses.types import (
    MOVES,
    OVERTAKES,
    HeldBack,
    Noticed,
    Occasion,
    TaskState,
    Written,
    WrongMove,
)
from yanglao.foundation import audit, clock, outbox
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import one_writer
from yanglao.kernel.whole_words import whole

#: Only one pass writes at a time: two would both begin the same status.
LOCK = "statuses"
_CHUNK = 1000
_WORDS = 300


@transaction.atomic
def write_noticed(
    noticed: Sequence[Noticed], *, as_of: date, found_there: frozenset[str], acting: Reader
) -> Written:
    """Write what a pass noticed: spells, changes, tasks; in a fixed number of queries a thousand.

    Safe to repeat: who has the status already is not entered twice, who has left stays left.

    Args:
        noticed: What was found.
        as_of: The day it was noticed.
        found_there: Statuses looked for the first time: whoever has one had it before, and
            nothing is asked of anybody because of it.
        acting: On whose behalf.
    """
    one_writer(LOCK)
    known = _open_now({one.person_id for one in noticed})
    entered = [
        one
        for one in noticed
        if one.occasion == Occasion.ENTER and (one.person_id, one.status) not in known
    ]
    going_on = [
        one
        for one in noticed
        if one.occasion != Occasion.ENTER
        and known.get((one.person_id, one.status)) == one.spell_id
        and one.spell_id is not None
    ]
    begun = StatusSpell.objects.bulk_create(
        [
            StatusSpell(
                person_id=one.person_id,
                status=one.status,
                place_code=one.place_code,
                details=dict(one.details),
                began_on=as_of,
                found_there=one.status in found_there,
            )
            for one in entered
        ],
        batch_size=_CHUNK,
    )
    whose = {spell.pk: spell.person_id for spell in begun} | _go_on(going_on, as_of)
    spell_ids = [spell.pk for spell in begun]
    spell_ids += [one.spell_id for one in going_on if one.spell_id is not None]
    everything = [*entered, *going_on]
    overtaken = _overtake(going_on, acting)
    tasks = _write_changes(everything, spell_ids, whose, as_of, found_there)
    written = Written(
        entered=len(entered),
        changed=sum(one.occasion == Occasion.CHANGE for one in going_on),
        left=sum(one.occasion == Occasion.LEAVE for one in going_on),
        tasks=tasks,
        overtaken=overtaken,
    )
    if everything:
        _tell(everything, written, acting)
    return written


def _open_now(people: set[int]) -> dict[tuple[int, str], int]:
    """Return the open spells of some people and of files laid into theirs, by person and status."""
    opened: list[tuple[int, str, int]] = []
    ordered = files_of(people)
    for start in range(0, len(ordered), _CHUNK):
        rows = StatusSpell.objects.filter(
            person_id__in=ordered[start : start + _CHUNK], ended_on__isnull=True
        )
        opened += rows.order_by("person_id", "id").values_list("person_id", "status", "pk")
    into = laid_in_files()
    found: dict[tuple[int, str], int] = {}
    # A file's own status stands before those of files laid into it.
    for person, status, pk in sorted(opened, key=lambda one: one[0] in into):
        found.setdefault((into.get(person, person), status), pk)
    return found


def _go_on(noticed: Sequence[Noticed], as_of: date) -> dict[int, int]:
    """Bring the spells that changed or ended up to date; return whose file each lies in."""
    whose: dict[int, int] = {}
    by_id = {one.spell_id: one for one in noticed}
    ordered = sorted(pk for pk in by_id if pk is not None)
    for start in range(0, len(ordered), _CHUNK):
        rows = list(StatusSpell.objects.filter(pk__in=ordered[start : start + _CHUNK]))
        for spell in rows:
            one = by_id[spell.pk]
            whose[spell.pk] = spell.person_id
            spell.details = dict(one.details)
            spell.place_code = one.place_code
            if one.occasion == Occasion.LEAVE:
                spell.ended_on, spell.cause = as_of, one.cause
        StatusSpell.objects.bulk_update(
            rows, ["details", "place_code", "ended_on", "cause"], batch_size=_CHUNK
        )
    return whose


def _write_changes(
    noticed: Sequence[Noticed],
    spell_ids: Sequence[int],
    whose: Mapping[int, int],
    as_of: date,
    found_there: frozenset[str],
) -> int:
    """Write a change for each, with its tasks; return how many tasks."""
    changes = StatusChange.objects.bulk_create(
        [
            StatusChange(
                spell_id=pk,
                occasion=one.occasion,
                cause=one.cause,
                noticed_on=as_of,
                place_code=one.place_code,
                before=dict(one.before),
                after={} if one.occasion == Occasion.LEAVE else dict(one.details),
            )
            for one, pk in zip(noticed, spell_ids, strict=True)
        ],
        batch_size=_CHUNK,
    )
    rows = [
        StatusTask(  # type: ignore[misc]  # words lie in the envelope
            change=change,
            person_id=whose[change.spell_id],
            status=one.status,
            step=task.step,
            title=task.title,
            level=task.level,
            place_code=one.place_code,
            due_on=as_of + timedelta(days=task.days),
            words="",
        )
        for one, change in zip(noticed, changes, strict=True)
        if not (one.occasion == Occasion.ENTER and one.status in found_there)
        for task in one.tasks
    ]
    StatusTask.objects.bulk_create(rows, batch_size=_CHUNK)
    return len(rows)


def _overtake(noticed: Sequence[Noticed], acting: Reader) -> int:
    """Close open steps that make no sense any more: who has left is not settled in."""
    count = 0
    for occasion, overtaken in OVERTAKES.items():
        ids = [one.spell_id for one in noticed if one.occasion == occasion]
        if not overtaken or not ids:
            continue
        for start in range(0, len(ids), _CHUNK):
            rows = StatusTask.objects.filter(
                change__spell_id__in=ids[start : start + _CHUNK],
                change__occasion__in=overtaken,
                state=TaskState.OPEN,
            )
            count += rows.update(
                state=TaskState.OVERTAKEN, closed_at=clock.now(), closed_by=acting.name[:80]
            )
    return count


def _tell(noticed: Sequence[Noticed], written: Written, acting: Reader) -> None:
    audit.record(
        acting,
        "statuses_followed",
        subject="person" if len(noticed) == 1 else "",
        subject_id=noticed[0].person_id if len(noticed) == 1 else "",
        place_code=noticed[0].place_code if len(noticed) == 1 else acting.area,
        detail={
            "entered": written.entered,
            "changed": written.changed,
            "left": written.left,
            "tasks": written.tasks,
        },
    )
    counties: dict[str, int] = {}
    for one in noticed:
        county = one.place_code[:6].ljust(12, "0")
        counties[county] = counties.get(county, 0) + 1
    for county, number in sorted(counties.items()):
        outbox.append("statuses_changed", place_code=county, count=number)


@transaction.atomic
def follow_places(places: Sequence[tuple[int, str]], *, acting: Reader) -> int:
    """Let open spells, and their open tasks, follow people who moved within the region.

    Args:
        places: Spell and the place code where its person is served now.
        acting: On whose behalf.

    Returns:
        How many spells moved.
    """
    by_place: dict[str, list[int]] = {}
    for spell, place in places:
        by_place.setdefault(place, []).append(spell)
    for place, ids in sorted(by_place.items()):
        StatusSpell.objects.filter(pk__in=ids).update(place_code=place)
        StatusTask.objects.filter(change__spell_id__in=ids, state=TaskState.OPEN).update(
            place_code=place
        )
    if places:
        audit.record(
            acting, "statuses_moved", place_code=acting.area, detail={"count": len(places)}
        )
    return len(places)


@transaction.atomic
def hold_back(
    found: Iterable[HeldBack], *, region: str, statuses: Iterable[str], acting: Reader
) -> list[StatusHold]:
    """Write which endings wait for a person; let go those that a pass no longer found.

    Args:
        found: What is held now.
        region: Whose pass it was.
        statuses: All statuses that were looked at.
        acting: On whose behalf.
    """
    wanted = {one.status: one for one in found}
    waiting = {
        row.status: row
        for row in StatusHold.objects.select_for_update().filter(
            region_code=region, released_at__isnull=True, gone_at__isnull=True
        )
    }
    for status in statuses:
        row, one = waiting.get(status), wanted.get(status)
        if row is not None and one is None:
            row.gone_at = clock.now()
            row.save(update_fields=["gone_at"])
        elif one is not None and row is not None:
            row.people, row.of, row.noticed_on = one.people, one.of, one.noticed_on
            row.save(update_fields=["people", "of", "noticed_on"])
        elif one is not None:
            waiting[status] = StatusHold.objects.create(
                region_code=region,
                status=status,
                people=one.people,
                of=one.of,
                noticed_on=one.noticed_on,
            )
            audit.record(
                acting,
                "status_held",
                subject="status",
                subject_id=status,
                place_code=region,
                detail={"people": one.people, "of": one.of},
            )
    return [row for status, row in sorted(waiting.items()) if status in wanted]


@transaction.atomic
def release_hold(*, hold_id: int, acting: Reader, reason: str) -> StatusHold:
    """Say that so many did leave; the next pass writes it.

    Raises:
        StatusHold.DoesNotExist: When its region lies outside the acting area.
        PermissionError: When the role may not release.
        WrongMove: When it waits no more, or no reason was given.
    """
    if not acting.can("release_items"):
        raise PermissionError("没有放行的权限。")
    row = get_hold(acting, hold_id)
    if row.released_at is not None or row.gone_at is not None:
        raise WrongMove("这一条已经放行，或者已经不需要放行。")
    if not reason.strip():
        raise WrongMove("请写明核对的情况：为什么这么多人确实不再有这种身份。")
    row.released_at, row.released_by = clock.now(), acting.name[:80]
    row.reason = whole(reason, 200, WrongMove)
    row.save(update_fields=["released_at", "released_by", "reason"])
    audit.record(
        acting,
        "status_released",
        subject="status",
        subject_id=row.status,
        place_code=row.region_code,
        reason=row.reason,
        detail={"people": row.people, "of": row.of},
    )
    return row


@transaction.atomic
def move_task(*, task_id: int, to_state: str, acting: Reader, words: str = "") -> StatusTask:
    """Close a task, or open it again.

    Raises:
        StatusTask.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role does not work on statuses.
        WrongMove: When the table does not allow the move, or words are missing.
    """
    _may_work(acting)
    task = get_task(acting, task_id)
    if to_state not in MOVES[TaskState(task.state)]:
        raise WrongMove(_refusal(task.state, to_state))
    _need_words(to_state, words)
    before = task.state
    _set(task, to_state, acting, words)
    task.save()
    audit.record(
        acting,
        "status_task_moved",
        subject="status_task",
        subject_id=task.pk,
        place_code=task.place_code,
        detail={"from": before, "to": to_state, "step": task.step},
    )
    return task


@transaction.atomic
def move_tasks(*, ids: Iterable[int], to_state: str, acting: Reader, words: str = "") -> int:
    """Close many tasks with the same words; return how many were closed.

    Those outside the area, and those that may not make the move, stay as they are.

    Raises:
        PermissionError: When the role does not work on statuses.
        WrongMove: When words are missing where they are needed.
    """
    _may_work(acting)
    _need_words(to_state, words)
    origins = [origin for origin, targets in MOVES.items() if to_state in targets]
    rows = within_area(StatusTask.objects.select_for_update(of=("self",)), acting)
    found = list(rows.filter(pk__in=list(ids), state__in=origins).order_by("id"))
    for task in found:
        _set(task, to_state, acting, words)
        task.close_envelope()  # a bulk update does not
    if found:
        fields = ["state", "closed_at", "closed_by_id", "closed_by", "sealed"]
        StatusTask.objects.bulk_update(found, fields, batch_size=_CHUNK)
        audit.record(
            acting,
            "status_tasks_moved",
            place_code=acting.area,
            detail={"count": len(found), "to": to_state},
        )
    return len(found)


def _set(task: StatusTask, to_state: str, acting: Reader, words: str) -> None:
    task.state = to_state
    closed = to_state != TaskState.OPEN
    task.closed_at = clock.now() if closed else None
    task.closed_by_id = acting.user_id if closed else None
    task.closed_by = acting.name[:80] if closed else ""
    task.words = whole(words, _WORDS, WrongMove)


def _may_work(acting: Reader) -> None:
    if not acting.can("work_statuses"):
        raise PermissionError("没有办理身份事项的权限。")


def _need_words(to_state: str, words: str) -> None:
    if to_state not in TaskState.values:
        raise WrongMove(f"没有“{to_state}”这一步。")
    if to_state == TaskState.NOT_NEEDED and not words.strip():
        raise WrongMove("不需要办的，请写明原因。")


def _refusal(from_state: str, to_state: str) -> str:
    ways = "、".join(str(TaskState(state).label) for state in MOVES[TaskState(from_state)])
    label = TaskState(to_state).label if to_state in TaskState.values else to_state
    rest = f"现在可以改为：{ways}。" if ways else "情况已经又变了，这件事不用再办。"
    return f"“{TaskState(from_state).label}”不能改为“{label}”。{rest}"
