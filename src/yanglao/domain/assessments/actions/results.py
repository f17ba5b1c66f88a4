"""Results: put on notice, made final, replaced; and reminders before they run out."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.actions.moving import move, move_many
from yanglao.domain.assessments.models import Assessment, Dispute, Reminder, Result
from yanglao.domain.assessments.types import (
    AssessmentKind,
    AssessmentState,
    DisputeState,
    ResultState,
    Scored,
    WrongMove,
)
from yanglao.foundation import audit, clock, outbox
from yanglao.foundation.scoping import Reader, within_area


@transaction.atomic
def publish_result(
    *, assessment_id: int, scored: Scored, as_of: date, notice_days: int, acting: Reader
) -> Result:
    """Put the computed result of a handed-in sheet on public notice. Twice is once.

    Args:
        assessment_id: Whose sheet it was.
        scored: What the engine says.
        as_of: First day of the notice.
        notice_days: Its length.
        acting: Who lets it be computed.

    Raises:
        Assessment.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: When the sheet is not handed in.
    """
    if not acting.can("manage_assessments"):
        raise PermissionError("没有出评估结果的权限。")
    rows = within_area(Assessment.objects.select_for_update(of=("self",)), acting)
    found: Assessment = rows.get(pk=assessment_id)
    known = Result.objects.filter(assessment=found).first()
    if known is not None:
        return known
    if found.state != AssessmentState.FINISHED:
        raise WrongMove(_("评估表还没有交，不能出结果。"))
    last = as_of + timedelta(days=notice_days - 1)
    result: Result = Result.objects.create(  # type: ignore[misc]  # told lies in the envelope
        person_id=found.person_id,
        place_code=found.place_code,
        assessment=found,
        state=ResultState.NOTICE,
        level=scored.level,
        preliminary=scored.preliminary,
        total=scored.total,
        standard=scored.standard,
        version=scored.version,
        assessed_on=scored.assessed_on,
        valid_to=scored.valid_to,
        notice_from=as_of,
        notice_to=last,
        computed_at=clock.now(),
        computed_by=acting.name[:80],
        told=dict(scored.told),
    )
    move(found, AssessmentState.NOTICE, acting=acting, due_on=last + timedelta(days=1))
    _note(acting, "assessment_result_published", [result])
    return result


@transaction.atomic
def make_results_final(*, ids: Iterable[int], as_of: date, acting: Reader) -> list[Result]:
    """Make results final whose notice is over and against which nothing is open.

    Earlier results of the same people are replaced; the dispute that a review answers is decided.
    Set-based: a fixed number of queries. What does not qualify stays as it is.

    Returns:
        The results that became final, with their assessments.
    """
    if not acting.can("manage_assessments"):
        raise PermissionError("没有确认评估结果的权限。")
    rows = within_area(Result.objects.select_for_update(of=("self",)), acting)
    contested = Dispute.objects.filter(state__in=[DisputeState.OPEN, DisputeState.REVIEWING])
    found = list(
        rows.filter(pk__in=list(ids), state=ResultState.NOTICE, notice_to__lt=as_of)
        .exclude(pk__in=contested.order_by().values("result_id"))
        .select_related("assessment")
        .order_by("id")
    )
    if not found:
        return []
    _replace_earlier(found)
    Result.objects.filter(pk__in=[one.pk for one in found]).update(
        state=ResultState.FINAL, final_on=as_of
    )
    for one in found:
        one.state, one.final_on = ResultState.FINAL, as_of
    move_many(
        [one.assessment for one in found if one.assessment is not None],
        AssessmentState.FINAL,
        acting=acting,
    )
    _decide_disputes(found, as_of, acting)
    _note(acting, "assessment_results_final", found)
    for one in found:
        outbox.append("assessment_final", place_code=one.place_code, result=one.pk)
    return found


def _replace_earlier(found: Sequence[Result]) -> None:
    """Earlier results of the same people hold no longer; a review that differs overturns one."""
    people = {one.person_id: one for one in found}
    earlier = Result.objects.filter(
        person_id__in=list(people), state__in=[ResultState.FINAL, ResultState.CONTESTED]
    ).exclude(pk__in=[one.pk for one in found])
    overturned: list[int] = []
    replaced: list[int] = []
    for old in earlier.order_by("id"):
        new = people[old.person_id]
        review = new.assessment is not None and new.assessment.kind == AssessmentKind.REVIEW
        looked_at = review and new.assessment and new.assessment.before_id == old.assessment_id
        (overturned if looked_at and old.level != new.level else replaced).append(old.pk)
    Result.objects.filter(pk__in=overturned).update(state=ResultState.OVERTURNED)
    Result.objects.filter(pk__in=replaced).update(state=ResultState.REPLACED)


def _decide_disputes(found: Sequence[Result], as_of: date, acting: Reader) -> None:
    """The result of a review answers the dispute that asked for it."""
    reviews = {one.assessment_id: one for one in found if one.assessment_id is not None}
    rows = Dispute.objects.filter(review_id__in=list(reviews), state=DisputeState.REVIEWING)
    disputes = list(rows.select_related("result").order_by("id"))
    for dispute in disputes:
        new = reviews[dispute.review_id or 0]
        same = new.level == dispute.result.level
        dispute.state = DisputeState.DISMISSED if same else DisputeState.UPHELD
        dispute.decided_on, dispute.decided_by = as_of, acting.name[:80]
        dispute.answer = (
            _("复评结果与原结果相同，维持 %d 级。") % new.level
            if same
            else _("复评结果为 %(new)d 级，原结果 %(old)d 级不再使用。")
            % {"new": new.level, "old": dispute.result.level}
        )
        dispute.close_envelope()
    Dispute.objects.bulk_update(disputes, ["state", "decided_on", "decided_by", "sealed"])


@transaction.atomic
def record_reminders(
    *, due: Iterable[tuple[int, int]], as_of: date, acting: Reader
) -> list[Reminder]:
    """Write reminders down, each once.

    Args:
        due: Number of a result, and days before its last day.
        as_of: The day.
        acting: The program, or who asked.
    """
    wanted = sorted(set(due))
    rows = within_area(Result.objects.filter(pk__in=[pk for pk, _days in wanted]), acting)
    mine = set(rows.order_by("id").values_list("pk", flat=True))
    there = Reminder.objects.filter(result_id__in=mine).order_by("id")
    known = set(there.values_list("result_id", "days"))
    made = Reminder.objects.bulk_create(
        [
            Reminder(result_id=pk, days=days, made_on=as_of)
            for pk, days in wanted
            if pk in mine and (pk, days) not in known
        ],
        batch_size=1000,
    )
    if made:
        audit.record(
            acting,
            "assessment_reminders_made",
            subject="assessment",
            place_code=acting.area,
            detail={"count": len(made)},
        )
    return made


def _note(acting: Reader, action: str, found: Sequence[Result]) -> None:
    audit.record(
        acting,
        action,
        subject="assessment",
        subject_id=(found[0].assessment_id or "") if len(found) == 1 else "",
        place_code=found[0].place_code if len(found) == 1 else acting.area,
        detail={"count": len(found)},
    )
