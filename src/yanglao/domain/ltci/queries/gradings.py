"""Gradings of the area, of a person, and of a grader."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from yanglao.domain.accounts.public import Account, accounts_in_area
from yanglao.domain.ltci.models import Grading
from yanglao.domain.ltci.types import OPEN_GRADINGS, GradingState
from yanglao.domain.people.public import about_person, files_of
from yanglao.foundation.scoping import Reader, within_area


def gradings(
    reader: Reader,
    *,
    state: str | None = None,
    text: str | None = None,
    person: int | None = None,
) -> QuerySet[Grading]:
    """Return gradings of the area with person and graders, the newest first.

    Args:
        reader: Whose area. state: One state; ``"open"``: not finished yet.
        text: A name, an ID number or its last four. person: Of one person only.
    """
    rows = within_area(Grading.objects.all(), reader)
    if state == "open":
        rows = rows.filter(state__in=OPEN_GRADINGS)
    elif state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(about_person(text))
    if person is not None:
        rows = rows.filter(person_id__in=files_of([person]))
    return rows.select_related("person", "grader_one", "grader_two").order_by("-asked_on", "-id")


def my_gradings(reader: Reader) -> QuerySet[Grading]:
    """Return the forms that wait for the reader as a grader, the earliest planned first."""
    rows = within_area(Grading.objects.all(), reader).filter(state=GradingState.GRADING)
    mine = rows.filter(Q(grader_one_id=reader.user_id) | Q(grader_two_id=reader.user_id))
    if reader.user_id is None:
        mine = rows.none()
    return mine.select_related("person", "grader_one", "grader_two").order_by("planned_on", "id")


def get_grading(reader: Reader, pk: int) -> Grading:
    """Return one grading.

    Raises:
        Grading.DoesNotExist: Outside the reader's area.
    """
    rows = within_area(Grading.objects.all(), reader)
    return rows.select_related("person", "grader_one", "grader_two", "review_of").get(pk=pk)


def valid_grading(reader: Reader, person_id: int, as_of: date) -> Grading | None:
    """Return the grading made here that holds on a day."""
    rows = within_area(Grading.objects.all(), reader).filter(
        person_id__in=files_of([person_id]),
        state__in=[GradingState.HELD, GradingState.DISPUTED],
        concluded_on__lte=as_of,
        valid_to__gte=as_of,
    )
    return rows.order_by("-graded_on", "-id").first()


def grading_counts(reader: Reader, as_of: date) -> dict[str, int]:
    """Return how many gradings stand in each state, and how many notices are over; one query."""
    rows = within_area(Grading.objects.all(), reader)
    named = {state.value: Count("id", filter=Q(state=state)) for state in GradingState}
    over = Count("id", filter=Q(state=GradingState.NOTICE, notice_to__lt=as_of))
    open_ = Count("id", filter=Q(state__in=OPEN_GRADINGS))
    return dict(rows.order_by().aggregate(**named, notice_over=over, open=open_))


def graders_for(reader: Reader, grading: Grading) -> list[Account]:
    """Return the accounts that may grade a person: assessors and insurance officers of the area.

    For a review, neither of those who graded before.
    """
    accounts = accounts_in_area(reader).filter(
        is_active=True, role__in=["assessor", "county", "prefecture"]
    )
    barred: set[int | None] = {None}
    seen = grading.review_of
    while seen is not None:
        barred |= {seen.grader_one_id, seen.grader_two_id}
        seen = seen.review_of
    return [account for account in accounts if account.pk not in barred]
