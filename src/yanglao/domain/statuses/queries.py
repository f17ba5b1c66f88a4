"""Reading statuses and their tasks, always as far as the reader's area goes."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from yanglao.domain.people.public import about_person, files_of
from yanglao.domain.statuses.models import StatusChange, StatusHold, StatusSpell, StatusTask
from yanglao.domain.statuses.types import StatusCount, TaskCounts, TaskState
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, within_area

_SOON = timedelta(days=7)


def tasks(
    reader: Reader,
    *,
    state: str = TaskState.OPEN,
    status: str = "",
    level: str = "",
    due: str = "",
    text: str = "",
    as_of: date,
) -> QuerySet[StatusTask]:
    """Return tasks of the area, the earliest due first.

    Args:
        reader: Whose area.
        state: One state; ``"any"``: all.
        status: Code of one status. level: Who does it.
        due: ``"overdue"`` or ``"week"``, counted from ``as_of``.
        text: A name, an ID number, or the last four characters of one.
        as_of: The day.
    """
    rows = within_area(StatusTask.objects.all(), reader)
    if state != "any":
        rows = rows.filter(state=state)
    if status:
        rows = rows.filter(status=status)
    if level:
        rows = rows.filter(level=level)
    if due == "overdue":
        rows = rows.filter(due_on__lt=as_of)
    elif due == "week":
        rows = rows.filter(due_on__gte=as_of, due_on__lte=as_of + _SOON)
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person", "change").order_by("due_on", "id")


def get_task(reader: Reader, pk: int) -> StatusTask:
    """Return one task.

    Raises:
        StatusTask.DoesNotExist: Also when it lies outside the reader's area.
    """
    rows = within_area(StatusTask.objects.all(), reader)
    return rows.select_related("person", "change", "change__spell").get(pk=pk)


def spells(
    reader: Reader,
    *,
    status: str = "",
    ended: bool | None = False,
    cause: str = "",
    text: str = "",
) -> QuerySet[StatusSpell]:
    """Return who has (or had) a status in the area, the newest first.

    Args:
        reader: Whose area.
        status: Code of one status.
        ended: ``False``: has it now; ``True``: had it; ``None``: both.
        cause: Why it ended.
        text: A name, an ID number, or the last four characters of one.
    """
    rows = within_area(StatusSpell.objects.all(), reader)
    if status:
        rows = rows.filter(status=status)
    if ended is not None:
        rows = rows.filter(ended_on__isnull=not ended)
    if cause:
        rows = rows.filter(cause=cause)
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person").order_by("-began_on", "-id")


def changes(
    reader: Reader, *, status: str = "", occasion: str = "", since: date | None = None
) -> QuerySet[StatusChange]:
    """Return what was noticed in the area, the latest first."""
    rows = within_area(StatusChange.objects.all(), reader)
    if status:
        rows = rows.filter(spell__status=status)
    if occasion:
        rows = rows.filter(occasion=occasion)
    if since is not None:
        rows = rows.filter(noticed_on__gte=since)
    return (
        rows.select_related("spell", "spell__person")
        .annotate(steps=Count("tasks"), undone=Count("tasks", filter=Q(tasks__state="open")))
        .order_by("-noticed_on", "-id")
    )


def spells_of(reader: Reader, person_id: int) -> list[StatusSpell]:
    """Return a person's statuses with changes and tasks, the newest first; four queries."""
    rows = within_area(StatusSpell.objects.filter(person_id__in=files_of([person_id])), reader)
    return list(rows.prefetch_related("changes", "changes__tasks").order_by("-began_on", "-id"))


def task_counts(reader: Reader, as_of: date) -> TaskCounts:
    """Count the tasks of an area, in two queries."""
    opened = within_area(StatusTask.objects.filter(state=TaskState.OPEN), reader).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=as_of)),
        soon=Count("pk", filter=Q(due_on__gte=as_of, due_on__lte=as_of + _SOON)),
    )
    first = clock.start_of(as_of.replace(day=1))
    done = within_area(
        StatusTask.objects.filter(state=TaskState.DONE, closed_at__gte=first), reader
    ).count()
    return TaskCounts(**opened, done_this_month=done)


def status_counts(reader: Reader, as_of: date) -> list[StatusCount]:
    """Count who has each status and what happened this month, in two queries."""
    having = (
        within_area(StatusSpell.objects.filter(ended_on__isnull=True), reader)
        .values("status")
        .annotate(number=Count("pk"))
        .order_by()
    )
    people = {row["status"]: row["number"] for row in having}
    happened: dict[tuple[str, str], int] = {}
    noticed = (
        within_area(StatusChange.objects.filter(noticed_on__gte=as_of.replace(day=1)), reader)
        .filter(Q(spell__found_there=False) | ~Q(occasion="enter"))
        .values("spell__status", "occasion")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for row in noticed:
        happened[row["spell__status"], row["occasion"]] = row["number"]
    codes = sorted({*people, *(status for status, _ in happened)})
    return [
        StatusCount(
            status=code,
            people=people.get(code, 0),
            entered=happened.get((code, "enter"), 0),
            changed=happened.get((code, "change"), 0),
            left=happened.get((code, "leave"), 0),
        )
        for code in codes
    ]


def holds(reader: Reader) -> list[StatusHold]:
    """Return endings that wait for a person's word, where the whole region is in the area."""
    rows = StatusHold.objects.filter(released_at__isnull=True, gone_at__isnull=True)
    return list(within_area(rows, reader, "region_code").order_by("id"))


def get_hold(reader: Reader, pk: int) -> StatusHold:
    """Return one hold.

    Raises:
        StatusHold.DoesNotExist: Also when its region lies outside the reader's area.
    """
    return within_area(StatusHold.objects.all(), reader, "region_code").get(pk=pk)


def last_noticed(reader: Reader) -> date | None:
    """Return the day of the latest change in the area; ``None`` before the first."""
    rows = within_area(StatusChange.objects.all(), reader)
    return rows.order_by("-noticed_on").values_list("noticed_on", flat=True).first()
