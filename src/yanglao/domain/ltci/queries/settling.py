"""Service records and settlements; and everything that computing a provider's month needs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from yanglao.domain.ltci.models import (
    Absence,
    Benefit,
    CarePlan,
    Deduction,
    Provider,
    RecordBatch,
    ServiceRecord,
    Statement,
    StatementLine,
)
from yanglao.domain.ltci.types import BenefitState, PlanState, StatementState, next_month
from yanglao.domain.people.public import files_of, people_by_ids
from yanglao.foundation.scoping import Reader, system_reader, within_area

_GIVEN = (BenefitState.APPROVED, BenefitState.STOPPED)
_ACCOUNTED = (StatementState.APPROVED, StatementState.PAID)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class MonthInput:
    """A provider's month as it stands in the tables.

    Attributes:
        provider: Whose. records: Not withdrawn, with ``paid_in``. others: Of other providers,
            about the same people. plans: Approved, with this provider.
        died: Day of death by person. benefits, absences: Rows of those people.
        used_fen: Fund money of the month in approved settlements of others, by person.
    """

    provider: Provider
    records: list[ServiceRecord]
    others: list[ServiceRecord]
    plans: list[CarePlan]
    died: dict[int, date]
    benefits: list[Benefit]
    absences: list[Absence]
    used_fen: dict[int, int]


def month_input(reader: Reader, provider_id: int, month: date) -> MonthInput:
    """Return what a settlement of a provider's month rests on.

    People of other areas who are cared for by a provider of the reader's area belong to it.

    Raises:
        Provider.DoesNotExist: Outside the reader's area.
    """
    provider = within_area(Provider.objects.all(), reader).get(pk=provider_id)
    first, after = month.replace(day=1), next_month(month)
    in_month = ServiceRecord.objects.filter(day__gte=first, day__lt=after, withdrawn_at=None)
    records = list(in_month.filter(provider=provider).order_by("day", "start", "id"))
    people = sorted({record.person_id for record in records})
    paid = Statement.objects.filter(
        provider=provider, month=first, state__in=_ACCOUNTED, lines__person__isnull=False
    )
    people = sorted({*people, *paid.order_by().values_list("lines__person_id", flat=True)})
    found = MonthInput(provider, records, [], [], {}, [], [], {})
    for at in range(0, len(people), _CHUNK):
        _add(found, people[at : at + _CHUNK], in_month, first)
    return found


def _add(
    found: MonthInput, people: list[int], in_month: QuerySet[ServiceRecord], first: date
) -> None:
    rivals = in_month.filter(person_id__in=people).exclude(provider=found.provider)
    found.others.extend(rivals.order_by("id"))
    found.plans.extend(
        CarePlan.objects.filter(
            provider=found.provider, state=PlanState.APPROVED, benefit__person_id__in=people
        )
        .select_related("benefit")
        .order_by("id")
    )
    known = people_by_ids(system_reader(), people)
    found.died.update({pk: one.died_on for pk, one in known.items() if one.died_on is not None})
    found.benefits.extend(
        Benefit.objects.filter(person_id__in=people, state__in=_GIVEN).order_by("id")
    )
    found.absences.extend(Absence.objects.filter(person_id__in=people).order_by("id"))
    used = (
        StatementLine.objects.filter(
            person_id__in=people, statement__month=first, statement__state__in=_ACCOUNTED
        )
        .exclude(statement__provider=found.provider)
        .values("person_id")
        .order_by("person_id")
        .annotate(fen=Sum("fund_fen"))
    )
    found.used_fen.update({row["person_id"]: row["fen"] for row in used})


def providers_of_month(reader: Reader, month: date) -> list[dict[str, Any]]:
    """Return providers of the area with records in a month, with their counts; one query."""
    first, after = month.replace(day=1), next_month(month)
    rows = within_area(ServiceRecord.objects.all(), reader, "provider__place_code").filter(
        day__gte=first, day__lt=after, withdrawn_at=None
    )
    counted = (
        rows.order_by("provider__name", "provider_id")
        .values("provider_id", "provider__name")
        .annotate(records=Count("id"), people=Count("person_id", distinct=True))
    )
    return [dict(row) for row in counted]


def month_records(
    reader: Reader,
    *,
    provider: int | None = None,
    month: date | None = None,
    batch: int | None = None,
    person: int | None = None,
    refused: bool = False,
) -> QuerySet[ServiceRecord]:
    """Return service records of the area's providers with person and provider, by day.

    ``refused``: only those of which the last computation pays less than all.
    """
    rows = within_area(ServiceRecord.objects.all(), reader, "provider__place_code")
    if provider is not None:
        rows = rows.filter(provider_id=provider)
    if month is not None:
        rows = rows.filter(day__gte=month.replace(day=1), day__lt=next_month(month))
    if batch is not None:
        rows = rows.filter(batch_id=batch)
    if person is not None:
        rows = rows.filter(person_id__in=files_of([person]))
    if refused:
        rows = rows.exclude(verdict="")
    return rows.select_related("person", "provider").order_by("day", "start", "id")


def batches(reader: Reader, *, provider: int | None = None) -> QuerySet[RecordBatch]:
    """Return files of service records of the area's providers, the newest first."""
    rows = within_area(RecordBatch.objects.all(), reader)
    if provider is not None:
        rows = rows.filter(provider_id=provider)
    return rows.select_related("provider").order_by("-id")


def get_batch(reader: Reader, pk: int) -> RecordBatch:
    """Return one file of service records.

    Raises:
        RecordBatch.DoesNotExist: Outside the reader's area.
    """
    return within_area(RecordBatch.objects.all(), reader).select_related("provider").get(pk=pk)


def statements(
    reader: Reader,
    *,
    state: str | None = None,
    month: date | None = None,
    provider: int | None = None,
) -> QuerySet[Statement]:
    """Return settlements of the area's providers, the newest month first."""
    rows = within_area(Statement.objects.all(), reader)
    if state:
        rows = rows.filter(state=state)
    if month is not None:
        rows = rows.filter(month=month.replace(day=1))
    if provider is not None:
        rows = rows.filter(provider_id=provider)
    return rows.select_related("provider").order_by("-month", "provider__name", "-number")


def get_statement(reader: Reader, pk: int) -> Statement:
    """Return one settlement with its provider.

    Raises:
        Statement.DoesNotExist: Outside the reader's area.
    """
    return within_area(Statement.objects.all(), reader).select_related("provider").get(pk=pk)


def statement_lines(reader: Reader, statement_id: int) -> QuerySet[StatementLine]:
    """Return the lines of a settlement with people and deductions, in a fixed number of queries."""
    rows = within_area(StatementLine.objects.all(), reader, "statement__place_code")
    parts = Prefetch("deductions", Deduction.objects.order_by("id"))
    return (
        rows.filter(statement_id=statement_id)
        .select_related("person", "plan")
        .prefetch_related(parts)
        .order_by("person__name_fold", "person_id", "id")
    )


def statement_counts(reader: Reader) -> dict[str, int]:
    """Return how many settlements stand in each state; one query."""
    rows = within_area(Statement.objects.all(), reader)
    named = {state.value: Count("id", filter=Q(state=state)) for state in StatementState}
    return dict(rows.order_by().aggregate(**named))
