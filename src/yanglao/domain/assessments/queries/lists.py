"""Reading assessments: worklists, counts, one assessment, what is known of a person."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from django.db.models import Count, Prefetch, Q, QuerySet

from yanglao.domain.assessments.models import (
    Assessment,
    AssessmentStep,
    Assignment,
    Dispute,
    Recognition,
    Result,
)
from yanglao.domain.assessments.types import (
    OPEN_STATES,
    DisputeState,
    RecognitionState,
    ResultState,
    StateCounts,
)
from yanglao.domain.people.public import Person, about_person, files_of
from yanglao.foundation.scoping import Reader, within_area

_OPEN_DISPUTES = (DisputeState.OPEN, DisputeState.REVIEWING)


def assessments(
    reader: Reader,
    *,
    state: str | None = None,
    kind: str | None = None,
    due: Literal["late", "week"] | None = None,
    text: str | None = None,
    assessor: int | None = None,
    as_of: date | None = None,
) -> QuerySet[Assessment]:
    """Return assessments of the area, the earliest due first, with person and assessors.

    Args:
        reader: Whose area.
        state: One state; ``"open"`` for all that are under way; any if not given.
        kind: One kind.
        due: ``"late"`` or ``"week"``, counted from ``as_of`` (which must be given then).
        text: A name, an ID number, or the last four characters of one.
        assessor: Number of an assessor who was sent.
        as_of: The day that "late" is counted from.

    Raises:
        ValueError: For a word of ``due`` without the day.
    """
    rows = within_area(Assessment.objects.all(), reader)
    if state == "open":
        rows = rows.filter(closed_on=None)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if due:
        if as_of is None:
            raise ValueError("say as_of: late is counted from a day")
        rows = rows.filter(closed_on=None)
        soon = Q(due_on__gte=as_of, due_on__lte=as_of + timedelta(days=7))
        rows = rows.filter(Q(due_on__lt=as_of) if due == "late" else soon)
    if assessor is not None:
        rows = rows.filter(
            pk__in=Assignment.objects.filter(assessor_id=assessor)
            .order_by()
            .values("assessment_id")
        )
    if text:
        rows = rows.filter(about_person(text))
    return _with_people(rows).order_by("due_on", "id")


def _with_people(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    sent = Prefetch("assignments", Assignment.objects.select_related("assessor").order_by("id"))
    return rows.select_related("person", "sheet", "result").prefetch_related(sent)


def get_assessment(reader: Reader, pk: int) -> Assessment:
    """Return one assessment with its person, sheet and result.

    Raises:
        Assessment.DoesNotExist: Also when it lies outside the reader's area.
    """
    return _with_people(within_area(Assessment.objects.all(), reader)).get(pk=pk)


def steps_of(assessment: Assessment) -> QuerySet[AssessmentStep]:
    """Return what was done on an assessment, the latest first."""
    return assessment.steps.order_by("-id")


def assessments_of(reader: Reader, person: Person) -> list[Assessment]:
    """Return all assessments of one person, the newest first.

    Raises:
        PermissionError: When the reader may not look at the person.
    """
    _refuse_strangers(reader, person)
    rows = Assessment.objects.filter(person_id__in=files_of([person.pk]))
    return list(_with_people(rows).order_by("-id"))


def results_of(reader: Reader, person: Person) -> list[Result]:
    """Return all results of one person, the newest first, with their origin.

    Raises:
        PermissionError: When the reader may not look at the person.
    """
    _refuse_strangers(reader, person)
    rows = Result.objects.filter(person_id__in=files_of([person.pk]))
    return list(rows.select_related("assessment", "recognition").order_by("-assessed_on", "-id"))


def recognitions_of(reader: Reader, person: Person) -> list[Recognition]:
    """Return what was brought from elsewhere about one person, the newest first.

    Raises:
        PermissionError: When the reader may not look at the person.
    """
    _refuse_strangers(reader, person)
    rows = Recognition.objects.filter(person_id__in=files_of([person.pk]))
    return list(rows.order_by("-id"))


def _refuse_strangers(reader: Reader, person: Person) -> None:
    if not reader.reaches(person.pk, person.place_code):
        raise PermissionError("只能查看自己辖区内的人员。")


def results(
    reader: Reader, *, state: str | None = None, text: str | None = None
) -> QuerySet[Result]:
    """Return results of the area, the newest first, with person and assessment."""
    rows = within_area(Result.objects.all(), reader)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person", "assessment", "recognition").order_by(
        "-assessed_on", "-id"
    )


def get_result(reader: Reader, pk: int) -> Result:
    """Return one result with person, assessment and recognition.

    Raises:
        Result.DoesNotExist: Also when it lies outside the reader's area.
    """
    return results(reader).get(pk=pk)


def notices(reader: Reader, as_of: date) -> QuerySet[Result]:
    """Return the results on public notice on a day, the first to end first."""
    rows = within_area(Result.objects.filter(state=ResultState.NOTICE), reader)
    rows = rows.filter(notice_from__lte=as_of)
    return rows.select_related("person", "assessment").order_by("notice_to", "id")


def notices_over(reader: Reader, as_of: date) -> QuerySet[Result]:
    """Return the results whose notice is over and against which nothing is open."""
    contested = Dispute.objects.filter(state__in=_OPEN_DISPUTES).order_by().values("result_id")
    rows = Result.objects.filter(state=ResultState.NOTICE, notice_to__lt=as_of)
    return within_area(rows, reader).exclude(pk__in=contested).order_by("notice_to", "id")


def running_out(reader: Reader, as_of: date, until: date) -> QuerySet[Result]:
    """Return results in force whose last day lies between two days, the first to end first.

    People who are being assessed again, and who have died, are left out.
    """
    under_way = Assessment.objects.filter(closed_on=None).order_by().values("person_id")
    rows = Result.objects.filter(
        state=ResultState.FINAL,
        valid_to__gte=as_of,
        valid_to__lte=until,
        person__died_on=None,
    ).exclude(person_id__in=under_way)
    rows = within_area(rows, reader).select_related("person").prefetch_related("reminders")
    return rows.order_by("valid_to", "id")


def disputes(reader: Reader, *, state: str | None = None) -> QuerySet[Dispute]:
    """Return disputes of the area, the first due first; ``"open"`` for those not decided."""
    rows = within_area(Dispute.objects.all(), reader)
    if state == "open":
        rows = rows.filter(state__in=_OPEN_DISPUTES)
    elif state:
        rows = rows.filter(state=state)
    return rows.select_related("result__person", "result__assessment", "review").order_by(
        "due_on", "id"
    )


def get_dispute(reader: Reader, pk: int) -> Dispute:
    """Return one dispute with its result and person.

    Raises:
        Dispute.DoesNotExist: Also when it lies outside the reader's area.
    """
    return disputes(reader).get(pk=pk)


def disputes_of(result_ids: Iterable[int]) -> list[Dispute]:
    """Return the disputes about some results, the newest first; the caller read the results."""
    rows = Dispute.objects.filter(result_id__in=list(result_ids))
    return list(rows.select_related("review").order_by("-id"))


def recognitions(reader: Reader, *, state: str | None = None) -> QuerySet[Recognition]:
    """Return what was brought from elsewhere in the area, the newest first."""
    rows = within_area(Recognition.objects.all(), reader)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("person").order_by("-id")


def get_recognition(reader: Reader, pk: int) -> Recognition:
    """Return one result made elsewhere.

    Raises:
        Recognition.DoesNotExist: Also when it lies outside the reader's area.
    """
    return recognitions(reader).get(pk=pk)


def state_counts(reader: Reader, as_of: date, *, ahead: int) -> StateCounts:
    """Count assessments of the area for the desk, in four queries.

    Args:
        reader: Whose area.
        as_of: The day.
        ahead: Results that run out within so many days are counted as due again.
    """
    rows = within_area(Assessment.objects.filter(closed_on=None), reader)
    groups = rows.values("state").annotate(number=Count("pk")).order_by()
    by_state = {str(state): 0 for state in OPEN_STATES}
    by_state.update(groups.values_list("state", "number"))
    return StateCounts(
        by_state=by_state,
        late=rows.filter(due_on__lt=as_of).count(),
        disputes=within_area(Dispute.objects.filter(state__in=_OPEN_DISPUTES), reader).count(),
        due_again=running_out(reader, as_of, as_of + timedelta(days=ahead)).count(),
    )


def waiting_recognitions(reader: Reader) -> int:
    """Count what was brought from elsewhere and waits for a decision."""
    rows = Recognition.objects.filter(state=RecognitionState.WAITING)
    return within_area(rows, reader).count()
