"""Reading cases, their clocks, notices, disputes, alerts and accounts within the reader's area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from yanglao.domain.benefits.models import (
    Approval,
    Case,
    CaseAlert,
    CaseStep,
    Dispute,
    FollowRun,
    Notice,
    PayAccount,
    Spell,
    Suspension,
)
from yanglao.domain.benefits.types import (
    CLOSED_STATES,
    WAITING_STATES,
    AccountState,
    CaseState,
    DisputeState,
)
from yanglao.domain.people.public import about_person, files_of
from yanglao.foundation.scoping import Reader, within_area

_SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of an area in numbers.

    Attributes:
        late: Waiting past their day. ready: Posted long enough to be approved. disputes: Open.
        alerts: To be seen. accounts: To be looked at by a second person.
    """

    by_state: dict[str, int]
    late: int
    ready: int
    disputes: int
    late_disputes: int
    alerts: int
    accounts: int


def cases(
    reader: Reader,
    *,
    state: str = "",
    item: int | None = None,
    way: str = "",
    due: str = "",
    text: str = "",
    as_of: date | None = None,
) -> QuerySet[Case]:
    """Return cases of the area, the earliest due first, with person, item and notice.

    Args:
        state: One state; ``"waiting"`` for all that are not decided; any if empty.
        due: ``"late"``, ``"soon"`` or ``"ready"`` (posted long enough), counted from ``as_of``.
        text: A name, an ID number, or the last four characters of one.
    """
    rows = within_area(Case.objects.all(), reader)
    if state == "waiting":
        rows = rows.filter(state__in=WAITING_STATES)
    elif state:
        rows = rows.filter(state=state)
    if item is not None:
        rows = rows.filter(item_id=item)
    if way:
        rows = rows.filter(way=way)
    if due and as_of is not None:
        rows = rows.filter(_due(due, as_of))
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person", "item", "notice").defer("sealed").order_by("due_on", "id")


def _due(due: str, as_of: date) -> Q:
    if due == "late":
        return Q(due_on__lt=as_of)
    if due == "ready":
        return Q(state=CaseState.NOTICED, notice__to_on__lt=as_of)
    return Q(due_on__gte=as_of, due_on__lte=as_of + _SOON)


def get_case(reader: Reader, pk: int) -> Case:
    """Return one case with person, item, notice, consent and version.

    Raises:
        Case.DoesNotExist: Also when it lies outside the reader's area.
    """
    rows = within_area(Case.objects.all(), reader)
    return rows.select_related("person", "item", "notice", "consent__text", "version").get(pk=pk)


def cases_of(reader: Reader, person_id: int) -> list[Case]:
    """Return all cases of one person, the newest first."""
    rows = within_area(Case.objects.filter(person_id__in=files_of([person_id])), reader)
    return list(rows.select_related("item").order_by("-id"))


def steps_of_case(case: Case) -> list[CaseStep]:
    """Return what was done on a case, the latest first."""
    return list(case.steps.order_by("-id"))


def approvals_of(case: Case) -> list[Approval]:
    """Return the approvals of a case, the latest first."""
    return list(case.approvals.order_by("-id"))


def suspensions_of(case: Case) -> list[Suspension]:
    """Return the suspensions of a case, the latest first."""
    return list(case.suspensions.order_by("-id"))


def disputes_of(case: Case) -> list[Dispute]:
    """Return the objections and appeals of a case, the latest first."""
    return list(case.disputes.order_by("-id"))


def alerts_of(case: Case) -> list[CaseAlert]:
    """Return what happened to the person of a case, the latest first."""
    return list(case.alerts.order_by("-id"))


def case_counts(reader: Reader, as_of: date) -> CaseCounts:
    """Count the cases of an area and what waits; five queries."""
    rows = within_area(Case.objects.all(), reader)
    groups = rows.values("state").annotate(number=Count("id")).order_by("state")
    by_state = {row["state"]: row["number"] for row in groups}
    clocks = rows.filter(state__in=WAITING_STATES).aggregate(
        late=Count("id", filter=Q(due_on__lt=as_of)),
        ready=Count("id", filter=_due("ready", as_of)),
    )
    disputed = within_area(Dispute.objects.filter(state=DisputeState.OPEN), reader).aggregate(
        all=Count("id"), late=Count("id", filter=Q(due_on__lt=as_of))
    )
    alerts = within_area(CaseAlert.objects.filter(seen_at=None), reader).count()
    accounts = within_area(PayAccount.objects.filter(state=AccountState.WAITING), reader).count()
    return CaseCounts(
        by_state=by_state,
        late=clocks["late"],
        ready=clocks["ready"],
        disputes=disputed["all"],
        late_disputes=disputed["late"],
        alerts=alerts,
        accounts=accounts,
    )


def disputes(reader: Reader, *, kind: str = "", state: str = "") -> QuerySet[Dispute]:
    """Return objections and appeals of the area, the earliest due first."""
    rows = within_area(Dispute.objects.all(), reader)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("case__person", "case__item").order_by("due_on", "id")


def get_dispute(reader: Reader, pk: int) -> Dispute:
    """Return one objection or appeal of the area.

    Raises:
        Dispute.DoesNotExist: When there is none.
    """
    return disputes(reader).get(pk=pk)


def alerts(reader: Reader, *, kind: str = "", seen: bool = False) -> QuerySet[CaseAlert]:
    """Return what happened to people with a benefit, the newest first."""
    rows = within_area(CaseAlert.objects.filter(seen_at__isnull=not seen), reader)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("case__person", "case__item").order_by("-id")


def notices(reader: Reader) -> QuerySet[Notice]:
    """Return notices of the area with how many cases each has, the newest first."""
    rows = within_area(Notice.objects.all(), reader).select_related("item")
    posted = Case.objects.filter(notice=OuterRef("pk")).order_by().values("notice")
    people = Subquery(posted.annotate(number=Count("id")).values("number"))
    return rows.annotate(people=people).order_by("-id")


def cases_on_notice(reader: Reader, notice: Notice) -> list[Case]:
    """Return the cases that hang out on a notice, by village and name."""
    rows = within_area(Case.objects.filter(notice=notice), reader)
    return list(rows.select_related("person").defer("sealed").order_by("place_code", "id"))


def get_notice(reader: Reader, pk: int) -> Notice:
    """Return a notice of the area.

    Raises:
        Notice.DoesNotExist: When there is none.
    """
    return within_area(Notice.objects.all(), reader).select_related("item").get(pk=pk)


def accounts_of(reader: Reader, person_id: int) -> list[PayAccount]:
    """Return the accounts of one person of the area, the newest first."""
    rows = within_area(PayAccount.objects.filter(person_id__in=files_of([person_id])), reader)
    return list(rows.order_by("-first", "-id"))


def accounts_waiting(reader: Reader) -> QuerySet[PayAccount]:
    """Return accounts that a second person has to look at, the oldest first."""
    rows = within_area(PayAccount.objects.filter(state=AccountState.WAITING), reader)
    return rows.select_related("person").order_by("entered_at", "id")


def spells_of(
    reader: Reader, person_id: int, *, believed_at: datetime | None = None
) -> list[Spell]:
    """Return the spells of one person as they stand, or as they were believed at a moment."""
    rows = within_area(Spell.objects.filter(person_id__in=files_of([person_id])), reader)
    if believed_at is None:
        rows = rows.filter(until=None)
    else:
        rows = rows.filter(since__at__lte=believed_at).filter(
            Q(until=None) | Q(until__at__gt=believed_at)
        )
    return list(rows.order_by("benefit", "version", "first"))


def last_follow(reader: Reader) -> FollowRun | None:
    """Return the last time that spells were brought in line for the reader's whole area."""
    rows = FollowRun.objects.order_by("-id")[:50]
    return next((one for one in rows if _touches(one.region_code, reader)), None)


def _touches(region: str, reader: Reader) -> bool:
    short = region.rstrip("0")
    return reader.area.startswith(short) or reader.covers(region)


def with_open_case(person_ids: Iterable[int], item_id: int) -> set[int]:
    """Return which people have a case of an item that is not closed, unscoped; for flows."""
    rows = Case.objects.filter(person_id__in=list(person_ids), item_id=item_id)
    found = rows.exclude(state__in=CLOSED_STATES).order_by("id")
    return set(found.values_list("person_id", flat=True))


def ever_approved(person_ids: Iterable[int]) -> list[int]:
    """Return which people ever had an approval, unscoped; for flows."""
    rows = Approval.objects.filter(person_id__in=list(person_ids)).order_by("person_id")
    return list(rows.values_list("person_id", flat=True).distinct())
