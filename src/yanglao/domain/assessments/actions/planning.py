"""Plans: which two assessors visit whom on which day. A person accepts what a function proposes."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.actions.moving import move, move_many
from yanglao.domain.assessments.checks import check_pair
from yanglao.domain.assessments.models import Assessment, Assessor, Assignment, Sheet
from yanglao.domain.assessments.queries import conflicts_by_assessment
from yanglao.domain.assessments.types import AssessmentState, PlannedPair, WrongMove
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area


@transaction.atomic
def plan_visits(
    *,
    plans: Sequence[PlannedPair],
    required: Sequence[str],
    standard: str,
    version: str,
    acting: Reader,
) -> int:
    """Send two assessors to each person, in a fixed number of queries; return how many changed.

    Planning again replaces who goes and when, as long as nobody has begun. The same plan twice
    changes nothing.

    Args:
        plans: Who goes to whom, on which day.
        required: Names of the answers that a sheet must have.
        standard: Of the scale, like ``version``.
        version: Edition in force on the day of planning.
        acting: Who accepts the plan.

    Raises:
        PermissionError: When the role may not plan.
        WrongMove: With every rule that a pair breaks; nothing is planned then.
    """
    if not acting.can("manage_assessments"):
        raise PermissionError("没有安排评估员的权限。")
    wanted = {one.assessment_id: one for one in plans if one.assessors and one.on}
    rows = within_area(Assessment.objects.select_for_update(of=("self",)), acting)
    states = (AssessmentState.ACCEPTED, AssessmentState.PLANNED)
    found = list(rows.filter(pk__in=list(wanted), state__in=states).order_by("id"))
    changed = _that_change(found, wanted)
    _refuse_wrong(changed, wanted, acting)
    if not changed:
        return 0
    by_day: dict[date, list[Assessment]] = {}
    for one in changed:
        by_day.setdefault(wanted[one.pk].on or clock.today(), []).append(one)
    for day, ones in sorted(by_day.items()):
        move_many(ones, AssessmentState.PLANNED, acting=acting, planned_on=day)
    _assign(changed, wanted, acting)
    _lay_out_sheets(changed, required=required, standard=standard, version=version)
    audit.record(
        acting,
        "assessment_visits_planned",
        subject="assessment",
        subject_id=changed[0].pk if len(changed) == 1 else "",
        place_code=changed[0].place_code if len(changed) == 1 else acting.area,
        detail={"count": len(changed)},
    )
    return len(changed)


@transaction.atomic
def take_plan_back(*, assessment_id: int, acting: Reader) -> Assessment:
    """Let a planned assessment wait again; nobody may have begun.

    Raises:
        Assessment.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not plan.
        WrongMove: When it is not planned.
    """
    if not acting.can("manage_assessments"):
        raise PermissionError("没有安排评估员的权限。")
    rows = within_area(Assessment.objects.select_for_update(of=("self",)), acting)
    found: Assessment = rows.get(pk=assessment_id)
    if found.state == AssessmentState.ACCEPTED:
        return found
    move(found, AssessmentState.ACCEPTED, acting=acting)
    Assessment.objects.filter(pk=found.pk).update(planned_on=None)
    Assignment.objects.filter(assessment=found).delete()
    Sheet.objects.filter(assessment=found).delete()
    audit.record(
        acting,
        "assessment_plan_taken_back",
        subject="assessment",
        subject_id=found.pk,
        place_code=found.place_code,
    )
    found.refresh_from_db()
    return found


def _that_change(found: Sequence[Assessment], wanted: dict[int, PlannedPair]) -> list[Assessment]:
    """Return those whose plan is another than before."""
    rows = Assignment.objects.filter(assessment__in=list(found)).order_by("id")
    sent: dict[int, set[int]] = {}
    for assessment, assessor in rows.values_list("assessment_id", "assessor_id"):
        sent.setdefault(assessment, set()).add(assessor)
    return [
        one
        for one in found
        if (sent.get(one.pk), one.planned_on) != (set(wanted[one.pk].assessors), wanted[one.pk].on)
    ]


def _refuse_wrong(
    changed: Sequence[Assessment], wanted: dict[int, PlannedPair], acting: Reader
) -> None:
    numbers = {number for one in changed for number in wanted[one.pk].assessors}
    rows = within_area(Assessor.objects.all(), acting).filter(pk__in=numbers)
    assessors = {one.pk: one for one in rows.select_related("body").order_by("id")}
    conflicts = conflicts_by_assessment(changed, list(assessors.values()), clock.today())
    problems: dict[str, None] = {}
    for one in changed:
        plan = wanted[one.pk]
        pair = [assessors[number] for number in plan.assessors if number in assessors]
        for finding in check_pair(
            pair, conflicts[one.pk], place_code=one.place_code, as_of=plan.on or clock.today()
        ):
            problems[finding.says] = None
        if plan.on is not None and plan.on < one.asked_on:
            problems[_("上门日期早于申请日期。")] = None
    if problems:
        raise WrongMove("".join(problems))


def _assign(changed: Sequence[Assessment], wanted: dict[int, PlannedPair], acting: Reader) -> None:
    at = clock.now()
    Assignment.objects.filter(assessment__in=list(changed)).delete()
    Assignment.objects.bulk_create(
        [
            Assignment(assessment=one, assessor_id=number, given_at=at, given_by=acting.name[:80])
            for one in changed
            for number in wanted[one.pk].assessors
        ],
        batch_size=1000,
    )


def _lay_out_sheets(
    changed: Sequence[Assessment], *, required: Sequence[str], standard: str, version: str
) -> None:
    """Give each assessment its one sheet; a sheet that is there stays."""
    rows = Sheet.objects.filter(assessment__in=list(changed)).order_by("id")
    there = set(rows.values_list("assessment_id", flat=True))
    Sheet.objects.bulk_create(
        [
            Sheet(
                id=str(uuid4()),
                assessment=one,
                place_code=one.place_code,
                standard=standard,
                version=version,
                required=list(required),
            )
            for one in changed
            if one.pk not in there
        ],
        batch_size=500,
    )
