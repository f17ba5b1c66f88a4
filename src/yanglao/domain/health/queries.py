"""Reading screenings and worsenings, always as far as the reader's area goes."""

from collections import Counter
from datetime import date

from django.db.models import Count, Q, QuerySet

from yanglao.domain.health.models import CareMove, Screening, Worsening
from yanglao.domain.health.types import OPEN_STEPS, DomainCount, HealthCounts, WorseState
from yanglao.domain.people.public import about_person, files_of
from yanglao.foundation.scoping import Reader, within_area


def screenings(
    reader: Reader,
    *,
    step: str = "",
    domain: str = "",
    due: str = "",
    text: str = "",
    as_of: date,
) -> QuerySet[Screening]:
    """Return the latest screening of each person of the area, the earliest due first.

    Args:
        reader: Whose area.
        step: One step; ``"open"``: all that wait for a next one; ``"again"``: no problem, due
            for the next screening; ``"any"`` or empty: all.
        domain: Code of a domain with a problem.
        due: ``"overdue"``, counted from ``as_of``.
        text: A name, an ID number, or the last four characters of one.
        as_of: The day.
    """
    rows = within_area(Screening.objects.filter(newest=True), reader)
    if step == "open":
        rows = rows.filter(step__in=OPEN_STEPS)
    elif step == "again":
        rows = rows.filter(step="none", due_on__lte=as_of)
    elif step and step != "any":
        rows = rows.filter(step=step)
    if due == "overdue":
        rows = rows.filter(step__in=OPEN_STEPS, due_on__lt=as_of)
    if domain:
        # Both databases keep the list as text or JSON: ask for its word, quoted.
        rows = rows.filter(failed__icontains=f'"{domain}"')
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person").order_by("due_on", "id")


def get_screening(reader: Reader, pk: int) -> Screening:
    """Return one screening.

    Raises:
        Screening.DoesNotExist: Also when it lies outside the reader's area.
    """
    return within_area(Screening.objects.select_related("person"), reader).get(pk=pk)


def screenings_of(reader: Reader, person_id: int) -> list[Screening]:
    """Return all screenings of a person, the newest first."""
    rows = within_area(Screening.objects.filter(person_id__in=files_of([person_id])), reader)
    return list(rows.order_by("-screened_on", "-id"))


def moves_after(screening: Screening) -> list[CareMove]:
    """Return what was done after a screening, the first step first."""
    return list(screening.moves.order_by("id"))


def worsenings(
    reader: Reader, *, state: str = WorseState.NEW, measure: str = "", text: str = ""
) -> QuerySet[Worsening]:
    """Return who got worse in the area, the heaviest first.

    Args:
        reader: Whose area.
        state: One state; ``"any"``: all.
        measure: By which measure.
        text: A name, an ID number, or the last four characters of one.
    """
    rows = within_area(Worsening.objects.all(), reader)
    if state != "any":
        rows = rows.filter(state=state)
    if measure:
        rows = rows.filter(measure=measure)
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person").order_by("-weight", "-found_on", "id")


def get_worsening(reader: Reader, pk: int) -> Worsening:
    """Return one.

    Raises:
        Worsening.DoesNotExist: Also when it lies outside the reader's area.
    """
    return within_area(Worsening.objects.select_related("person"), reader).get(pk=pk)


def worsenings_of(reader: Reader, person_id: int) -> list[Worsening]:
    """Return by what a person got worse, the newest first."""
    rows = within_area(Worsening.objects.filter(person_id__in=files_of([person_id])), reader)
    return list(rows.order_by("-found_on", "-id"))


def health_counts(reader: Reader, as_of: date) -> HealthCounts:
    """Count what waits in an area, in three queries."""
    latest = within_area(Screening.objects.filter(newest=True), reader).aggregate(
        waiting=Count("pk", filter=Q(step__in=OPEN_STEPS)),
        overdue=Count("pk", filter=Q(step__in=OPEN_STEPS, due_on__lt=as_of)),
    )
    year = within_area(Screening.objects.filter(screened_on__year=as_of.year), reader).count()
    worse = within_area(Worsening.objects.filter(state=WorseState.NEW), reader).count()
    return HealthCounts(**latest, worse=worse, screened_this_year=year)


def domain_counts(reader: Reader, as_of: date) -> list[DomainCount]:
    """Count this year's screenings by domain with a problem, the most frequent first; one query."""
    rows = within_area(
        Screening.objects.filter(newest=True, screened_on__year=as_of.year, failed_count__gt=0),
        reader,
    )
    counted: Counter[str] = Counter()
    groups = rows.values_list("failed").annotate(number=Count("pk")).order_by()
    for failed, number in groups:
        for domain in failed:
            counted[domain] += number
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [DomainCount(domain, number) for domain, number in ordered]
