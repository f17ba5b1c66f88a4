"""Benefits, care plans, providers, absences."""

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from yanglao.domain.ltci.models import Absence, Benefit, CarePlan, Provider
from yanglao.domain.ltci.types import BenefitState, PlanState
from yanglao.domain.people.public import about_person, files_of
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.characters import unseen_at


def benefits(
    reader: Reader,
    *,
    state: str | None = None,
    text: str | None = None,
    person: int | None = None,
    care_place: str | None = None,
) -> QuerySet[Benefit]:
    """Return benefits of the area with their person, the newest first."""
    rows = within_area(Benefit.objects.all(), reader)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(about_person(text))
    if person is not None:
        rows = rows.filter(person_id__in=files_of([person]))
    if care_place:
        rows = rows.filter(care_place=care_place)
    return rows.select_related("person").order_by("-first_month", "-id")


def get_benefit(reader: Reader, pk: int) -> Benefit:
    """Return one benefit with its plans and their providers.

    Raises:
        Benefit.DoesNotExist: Outside the reader's area.
    """
    plans_first = Prefetch("plans", CarePlan.objects.select_related("provider").order_by("-id"))
    rows = within_area(Benefit.objects.all(), reader)
    return rows.select_related("person", "grading").prefetch_related(plans_first).get(pk=pk)


def benefit_counts(reader: Reader, month: date) -> dict[str, int]:
    """Return benefits by state, and those given in a month by grade (``level_3`` …); one query."""
    rows = within_area(Benefit.objects.all(), reader)
    given = Q(state__in=[BenefitState.APPROVED, BenefitState.STOPPED], first_month__lte=month) & (
        Q(last_month__isnull=True) | Q(last_month__gte=month)
    )
    named = {state.value: Count("id", filter=Q(state=state)) for state in BenefitState}
    by_level = {f"level_{n}": Count("id", filter=given & Q(level=n)) for n in range(6)}
    return dict(rows.order_by().aggregate(**named, **by_level, given=Count("id", filter=given)))


def plans(
    reader: Reader,
    *,
    state: str | None = None,
    provider: int | None = None,
    text: str | None = None,
) -> QuerySet[CarePlan]:
    """Return care plans of the area's people with person and provider, the newest first."""
    rows = within_area(CarePlan.objects.all(), reader, "benefit__place_code")
    if state:
        rows = rows.filter(state=state)
    if provider is not None:
        rows = rows.filter(provider_id=provider)
    if text:
        rows = rows.filter(about_person(text, "benefit__person__"))
    return rows.select_related("benefit__person", "provider").order_by("-first", "-id")


def providers(reader: Reader, *, text: str = "", as_of: date | None = None) -> QuerySet[Provider]:
    """Return providers of the area with their approved plans counted (``people``).

    Args:
        reader: Whose area. text: Part of the name or the credit code.
        as_of: Only those under contract on the day.
    """
    rows = within_area(Provider.objects.all(), reader)
    if text:
        rows = rows.filter(_called(text))
    if as_of is not None:
        rows = rows.filter(contract_from__lte=as_of).filter(
            Q(contract_to__isnull=True) | Q(contract_to__gte=as_of)
        )
    return rows.order_by("place_code", "name", "id")


def _called(text: str) -> Q:
    """Return the condition on a provider for what was typed: nothing has a sign nobody sees."""
    wanted = text.strip()
    if unseen_at(wanted) is not None:
        return Q(pk__in=[])
    return Q(name__contains=wanted) | Q(credit_code=wanted.upper())


def get_provider(reader: Reader, pk: int) -> Provider:
    """Return one provider.

    Raises:
        Provider.DoesNotExist: Outside the reader's area.
    """
    return within_area(Provider.objects.all(), reader).get(pk=pk)


def people_of_providers(reader: Reader, as_of: date) -> dict[int, int]:
    """Return how many people each provider of the area cares for by plan on a day; one query."""
    rows = within_area(CarePlan.objects.all(), reader, "provider__place_code").filter(
        state=PlanState.APPROVED, first__lte=as_of
    )
    rows = rows.filter(Q(last__isnull=True) | Q(last__gte=as_of))
    counted = (
        rows.order_by().values("provider_id").annotate(n=Count("benefit__person_id", distinct=True))
    )
    return {row["provider_id"]: row["n"] for row in counted}


def absences_of(reader: Reader, person_id: int) -> QuerySet[Absence]:
    """Return when a person of the area was not there, the latest first."""
    return within_area(Absence.objects.filter(person_id__in=files_of([person_id])), reader)
