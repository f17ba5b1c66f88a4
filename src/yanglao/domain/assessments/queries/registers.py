"""Reading the registers: who may assess, for which body, and what keeps whom from whom."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from yanglao.domain.assessments.models import (
    Assessment,
    Assessor,
    Assignment,
    Body,
    ServiceTie,
)
from yanglao.domain.assessments.types import OPEN_STATES, Conflicts
from yanglao.domain.people.public import Person, files_of, household_members
from yanglao.foundation.scoping import Reader, system_reader, within_area


def bodies(reader: Reader) -> QuerySet[Body]:
    """Return the organisations of the reader's area, by place and name."""
    return within_area(Body.objects.all(), reader).order_by("place_code", "name")


def assessors(reader: Reader, *, active: bool | None = None) -> QuerySet[Assessor]:
    """Return the assessors of the area with body, employer and account."""
    rows = within_area(Assessor.objects.all(), reader)
    if active is not None:
        rows = rows.filter(active=active)
    rows = rows.select_related("body", "employer", "account")
    return rows.order_by("place_code", "name", "id")


def get_assessor(reader: Reader, pk: int) -> Assessor:
    """Return one assessor.

    Raises:
        Assessor.DoesNotExist: Also when it lies outside the reader's area.
    """
    return assessors(reader).get(pk=pk)


def visits_by_day(reader: Reader, first: date, last: date) -> dict[tuple[int, date], int]:
    """Count planned visits of each assessor of the area on each day of a span, in one query."""
    rows = Assignment.objects.filter(
        assessment__planned_on__gte=first,
        assessment__planned_on__lte=last,
        assessment__state__in=[str(state) for state in OPEN_STATES],
    )
    counted = (
        within_area(rows, reader, "assessor__place_code")
        .values("assessor_id", "assessment__planned_on")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {
        (assessor, day): number
        for assessor, day, number in counted.values_list(
            "assessor_id", "assessment__planned_on", "number"
        )
        if day is not None
    }


def open_visits(reader: Reader) -> dict[int, int]:
    """Count the visits of each assessor of the area that are planned or under way, in one query."""
    rows = Assignment.objects.filter(assessment__state__in=["planned", "assessing"])
    counted = (
        within_area(rows, reader, "assessor__place_code")
        .values("assessor_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return dict(counted.values_list("assessor_id", "number"))


def ties_of(reader: Reader, person: Person) -> list[ServiceTie]:
    """Return who delivers services to a person, the newest first.

    Raises:
        PermissionError: When the reader may not look at the person.
    """
    if not reader.reaches(person.pk, person.place_code):
        raise PermissionError("只能查看自己辖区内的人员。")
    rows = ServiceTie.objects.filter(person_id__in=files_of([person.pk]))
    return list(rows.select_related("body").order_by("-since", "-id"))


def conflicts_by_assessment(
    wanted: Sequence[Assessment], candidates: Sequence[Assessor], as_of: date
) -> dict[int, Conflicts]:
    """Return, for each assessment, what keeps assessors from it.

    A fixed number of queries for any number of assessments; households are looked up once for
    each assessor whose own file is known. Not scoped: the caller read both in his area, and a
    conflict counts wherever its record lies.

    Args:
        wanted: The assessments.
        candidates: Who might be sent.
        as_of: The day: services that ended before do not count.
    """
    people = {one.person_id for one in wanted}
    delivering: dict[int, set[int]] = {}
    ties = ServiceTie.objects.filter(person_id__in=people, since__lte=as_of)
    ties = ties.filter(Q(until=None) | Q(until__gte=as_of)).order_by("id")
    for person, body in ties.values_list("person_id", "body_id"):
        delivering.setdefault(person, set()).add(body)
    family = _families(candidates)
    earlier = _earlier(wanted)
    return {
        one.pk: Conflicts(
            delivering=frozenset(delivering.get(one.person_id, ())),
            family=frozenset(
                number for number, persons in family.items() if one.person_id in persons
            ),
            earlier=frozenset(earlier.get(one.before_id or 0, ())),
        )
        for one in wanted
    }


def _families(candidates: Iterable[Assessor]) -> dict[int, set[int]]:
    """Return, for each assessor whose file is known, that person and his household."""
    found: dict[int, set[int]] = {}
    known = {one.pk: _own_file(one) for one in candidates}
    wanted = [person for person in known.values() if person is not None]
    files = {one.pk: one for one in Person.objects.filter(pk__in=wanted).order_by("id")}
    for number, person_id in known.items():
        person = files.get(person_id or 0)
        if person is not None:
            members = household_members(system_reader(), person)
            found[number] = {person.pk, *(one.person_id for one in members)}
    return found


def _own_file(assessor: Assessor) -> int | None:
    """Return the file of an assessor: as the register says, or his account."""
    if assessor.person_id is not None:
        return assessor.person_id
    account = assessor.account if assessor.account_id is not None else None
    found: int | None = getattr(account, "person_id", None)
    return found


def _earlier(wanted: Iterable[Assessment]) -> dict[int, set[int]]:
    """Return who took part in the assessments that reviews look at again."""
    before = {one.before_id for one in wanted if one.before_id is not None}
    rows = Assignment.objects.filter(assessment_id__in=before).order_by("id")
    found: dict[int, set[int]] = {}
    for assessment, assessor in rows.values_list("assessment_id", "assessor_id"):
        found.setdefault(assessment, set()).add(assessor)
    return found
