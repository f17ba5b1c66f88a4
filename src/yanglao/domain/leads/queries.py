"""Reading leads, always as far as the reader's area goes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.domain.leads.types import (
    MOVES,
    OPEN_STATES,
    LeadCounts,
    LeadKind,
    LeadState,
    ProgressRow,
)
from yanglao.domain.people.public import about_person
from yanglao.foundation.scoping import EVERYWHERE, Reader, within_area
from yanglao.kernel.division import prefix

Due = Literal["overdue", "week", "month"]

_SIGNIFICANT: dict[str, int] = {"county": 6, "town": 9, "village": 12}
_SOON = timedelta(days=7)
#: Said by the closing day, because that is what the index of due days is kept for.
_OPEN = Q(closed_on__isnull=True)
#: Digits of a province or prefecture; areas of more are narrow.
_WIDE = 4


def leads(
    reader: Reader,
    *,
    state: str | None = None,
    kind: str | None = None,
    item: int | None = None,
    assignee: int | Literal["none"] | None = None,
    due: Due | date | None = None,
    text: str | None = None,
    as_of: date | None = None,
) -> QuerySet[Lead]:
    """Return leads of the area, the earliest due first, with person, item, outcome and officer.

    Args:
        reader: Whose area.
        state: One state; ``"open"`` for found, contacted and confirmed together; any if not given.
        kind: One kind.
        item: Id of one item.
        assignee: Id of one officer's account; ``"none"``: nobody's.
        due: ``"overdue"``, ``"week"`` or ``"month"`` counted from ``as_of`` (which must be given
            then), or a day: due on it or before.
        text: A name, an ID number, or the last four characters of one.
        as_of: The day that "overdue" is counted from.
    """
    rows = _paged(reader)
    if state == "open":
        rows = rows.filter(_OPEN)
    elif state in OPEN_STATES:
        rows = rows.filter(_OPEN, state=state)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if item is not None:
        rows = rows.filter(item_id=item)
    if assignee == "none":
        rows = rows.filter(assignee__isnull=True)
    elif assignee is not None:
        rows = rows.filter(assignee_id=assignee)
    if due is not None:
        rows = rows.filter(_due(due, as_of))
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person", "item", "outcome", "assignee").order_by("due_on", "id")


def _paged(reader: Reader) -> QuerySet[Lead]:
    """Return the leads of an area, to be walked by due day when the area is wide."""
    if reader.area != EVERYWHERE and len(prefix(reader.area)) > _WIDE:
        return within_area(Lead.objects.all(), reader)
    return _walked(reader)


def _walked(reader: Reader) -> QuerySet[Lead]:
    """Return the leads of an area, the place asked about last.

    A range over places tempts the database to read all leads of an area where another condition
    leaves few. The same condition over a place that no index knows makes it take the other first.
    """
    rows = Lead.objects.alias(place_walked=Concat("place_code", Value("")))
    return within_area(rows, reader, "place_walked")


def _due(due: Due | date, as_of: date | None) -> Q:
    """Return the condition for a due date.

    Raises:
        ValueError: For a word without the day to count from.
    """
    if isinstance(due, date):
        return Q(due_on__lte=due)
    if as_of is None:
        raise ValueError("say as_of: overdue is counted from a day")
    if due == "overdue":
        return Q(due_on__lt=as_of)
    days = _SOON if due == "week" else timedelta(days=30)
    return Q(due_on__gte=as_of, due_on__lte=as_of + days)


def pulled_leads(
    reader: Reader, *, after: int = 0, state: str = "", since: datetime | None = None
) -> QuerySet[Lead]:
    """Return leads in an order that stays the same while they are worked on.

    Args:
        reader: Whose area.
        after: Number of the lead where the page before ended.
        state: One state; any if not given.
        since: Only leads that were opened, or of which a step was made, at that moment or later.
    """
    rows = within_area(Lead.objects.filter(pk__gt=after), reader)
    if state:
        rows = rows.filter(state=state)
    if since is not None:
        made = LeadStep.objects.filter(lead_id=OuterRef("pk"), at__gte=since)
        rows = rows.filter(Q(Exists(made)) | Q(opened_run__finished_at__gte=since))
    return rows.select_related("person", "item", "outcome").order_by("id")


def get_lead(reader: Reader, pk: int) -> Lead:
    """Return one lead with person, item, outcome and officer.

    Raises:
        Lead.DoesNotExist: Also when it lies outside the reader's area.
    """
    return leads(reader).select_related("opened_run").get(pk=pk)


def steps_of(lead: Lead) -> QuerySet[LeadStep]:
    """Return what was done on a lead, the latest first."""
    return lead.steps.order_by("-id")


def leads_of(reader: Reader, person_id: int) -> QuerySet[Lead]:
    """Return all leads of one person, the newest first."""
    rows = within_area(Lead.objects.filter(person_id=person_id), reader)
    return rows.select_related("item", "outcome", "assignee").order_by("-id")


def moves_of(lead: Lead) -> tuple[LeadState, ...]:
    """Return the states that an officer may move a lead to."""
    return tuple(LeadState(state) for state in MOVES[LeadState(lead.state)])


def lead_counts(reader: Reader, as_of: date) -> LeadCounts:
    """Count the leads of an area, in three queries.

    Args:
        reader: Whose area.
        as_of: The day that "overdue" and "this month" are counted from.
    """
    first = as_of.replace(day=1)
    # Grouped as the index of places is ordered: nothing is sorted, and no row of the table read.
    groups = (
        within_area(Lead.objects.filter(state__in=OPEN_STATES), reader)
        .values("place_code", "state", "kind")
        .annotate(
            number=Count("pk"),
            fresh=Count("pk", filter=Q(opened_on__gte=first)),
            late=Count("pk", filter=Q(due_on__lt=as_of)),
            soon=Count("pk", filter=Q(due_on__gte=as_of, due_on__lte=as_of + _SOON)),
        )
        .order_by()
    )
    names = ("open", "contacted", "new_this_month", "overdue", "due_soon", *LeadKind.values)
    found = dict.fromkeys(names, 0)
    counted = groups.values_list("state", "kind", "number", "fresh", "late", "soon")
    for state, kind, number, fresh, late, soon in counted:
        found["open"] += number
        found[kind] += number
        found["contacted"] += number if state != LeadState.FOUND else 0
        found["new_this_month"] += fresh
        found["overdue"] += late
        found["due_soon"] += soon
    closed: dict[str, int] = (
        _walked(reader)
        .filter(closed_on__gte=first)
        .aggregate(
            opened=Count("pk", filter=Q(opened_on__gte=first)),
            delivered_this_month=Count("pk", filter=Q(state=LeadState.DELIVERED)),
        )
    )
    found["new_this_month"] += closed.pop("opened")
    assigned = _walked(reader).filter(_OPEN, assignee__isnull=False).count()
    return LeadCounts(**found, **closed, unassigned=found["open"] - assigned)


def progress_by_place(
    reader: Reader, by: Literal["county", "town", "village"], *, item: int | None = None
) -> list[ProgressRow]:
    """Count open, delivered and declined leads of each place of the area, in one query."""
    digits = _SIGNIFICANT[by]
    rows = within_area(Lead.objects.exclude(state=LeadState.LAPSED), reader)
    if item is not None:
        rows = rows.filter(item_id=item)
    # Grouped as the index of places is ordered, and put together to wider places here.
    groups = rows.values("place_code", "state").annotate(number=Count("pk")).order_by()
    found: dict[str, dict[str, int]] = {}
    for place, state, number in groups.values_list("place_code", "state", "number"):
        code = place[:digits].ljust(12, "0")
        counts = found.setdefault(code, {"open": 0, "delivered": 0, "declined": 0})
        counts["open" if state in OPEN_STATES else state] += number
    return [
        ProgressRow(code=code, **counts, total=sum(counts.values()))
        for code, counts in sorted(found.items())
    ]


def work_of_officers(reader: Reader) -> list[dict[str, Any]]:
    """Count open leads per officer of the area: dicts of assignee_id, name, open."""
    rows = within_area(Lead.objects.filter(state__in=OPEN_STATES), reader)
    counted = (
        rows.filter(assignee__isnull=False)
        .values("assignee_id", "assignee__display_name")
        .annotate(open=Count("pk"))
        .order_by("-open", "assignee_id")
    )
    return [dict(row) for row in counted]


def open_lead_of(person_id: int, item_id: int) -> Lead | None:
    """Return the newest lead of a person for an item, unscoped; for flows."""
    return Lead.objects.filter(person_id=person_id, item_id=item_id).order_by("-id").first()


def in_area(reader: Reader, ids: Iterable[int]) -> list[int]:
    """Return those of the ids that lie in the reader's area."""
    rows = Lead.objects.filter(pk__in=list(ids))
    return list(within_area(rows, reader).order_by("id").values_list("id", flat=True))
