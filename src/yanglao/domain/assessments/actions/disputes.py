"""Objections to a notice and requests for another assessment: taken, answered, reviewed."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.actions.moving import move
from yanglao.domain.assessments.models import Assessment, AssessmentStep, Dispute, Result
from yanglao.domain.assessments.types import (
    AskedBy,
    AssessmentKind,
    AssessmentState,
    DayClocks,
    DisputeKind,
    DisputeState,
    ResultState,
    WrongMove,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_OPEN = (DisputeState.OPEN, DisputeState.REVIEWING)


@transaction.atomic
def take_dispute(
    *,
    result_id: int,
    objector: str,
    phone: str,
    words: str,
    acting: Reader,
    as_of: date,
    clocks: DayClocks,
) -> Dispute:
    """Write down that somebody does not agree with a result: an objection while it is on notice.

    Raises:
        Result.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: Without words, or when the result holds no longer, or one is open already.
    """
    if not acting.can("ask_assessments"):
        raise PermissionError("没有登记异议的权限。")
    rows = within_area(Result.objects.select_for_update(of=("self",)), acting)
    result: Result = rows.get(pk=result_id)
    if not words.strip() or not objector.strip():
        raise WrongMove(_("请写明谁有异议、为什么。"))
    if result.state not in {ResultState.NOTICE, ResultState.FINAL}:
        raise WrongMove(_("这个结果已经不再使用，不用登记异议。"))
    if Dispute.objects.filter(result=result, state__in=_OPEN).exists():
        raise WrongMove(_("这个结果已经有一件异议在办。"))
    on_notice = result.state == ResultState.NOTICE
    days = clocks.answer if on_notice else clocks.review
    dispute: Dispute = Dispute.objects.create(  # type: ignore[misc]  # words are sealed
        result=result,
        place_code=result.place_code,
        kind=DisputeKind.OBJECTION if on_notice else DisputeKind.REVIEW,
        came_on=as_of,
        due_on=as_of + timedelta(days=days),
        taken_by=acting.name[:80],
        objector=whole(objector, 40, WrongMove),
        objector_phone=whole(phone, 20, WrongMove),
        words=whole(words, 500, WrongMove),
    )
    _note(acting, "assessment_dispute_taken", dispute)
    return dispute


@transaction.atomic
def dismiss_dispute(*, dispute_id: int, answer: str, acting: Reader, as_of: date) -> Dispute:
    """Answer a dispute without another assessment: the result stays.

    Raises:
        Dispute.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: Without an answer, or when it is not open.
    """
    dispute = _open_dispute(dispute_id, acting)
    if not answer.strip():
        raise WrongMove(_("请写明怎样答复。"))
    dispute.state = DisputeState.DISMISSED
    dispute.decided_on, dispute.decided_by = as_of, acting.name[:80]
    dispute.answer = whole(answer, 500, WrongMove)
    dispute.save(update_fields=["state", "decided_on", "decided_by", "sealed"])
    _note(acting, "assessment_dispute_dismissed", dispute)
    return dispute


@transaction.atomic
def order_review(*, dispute_id: int, acting: Reader, as_of: date, clocks: DayClocks) -> Assessment:
    """Have the person assessed again by others; the clock of reviews begins.

    Raises:
        Dispute.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: When it is not open, or another assessment of the person is under way.
    """
    dispute = _open_dispute(dispute_id, acting)
    result = Result.objects.select_related("assessment").get(pk=dispute.result_id)
    if result.state == ResultState.NOTICE and result.assessment is not None:
        move(result.assessment, AssessmentState.STOPPED, acting=acting, words=_("改由复评决定"))
        Result.objects.filter(pk=result.pk).update(state=ResultState.CONTESTED)
    if Assessment.objects.filter(person_id=result.person_id, closed_on=None).exists():
        raise WrongMove(_("这位老人有一次评估没有办完，办完以后再复评。"))
    due = as_of + timedelta(days=clocks.review)
    review: Assessment = Assessment.objects.create(  # type: ignore[misc]  # words are sealed
        person_id=result.person_id,
        place_code=result.place_code,
        kind=AssessmentKind.REVIEW,
        state=AssessmentState.ACCEPTED,
        asked_by=AskedBy.DISPUTE,
        asked_on=as_of,
        before_id=result.assessment_id,
        due_on=due,
        asker_name=dispute.objector,
        asker_phone=dispute.objector_phone,
        wish=dispute.words,
    )
    AssessmentStep.objects.create(
        assessment=review,
        at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name[:80],
        to_state=review.state,
    )
    dispute.state, dispute.review, dispute.due_on = DisputeState.REVIEWING, review, due
    dispute.save(update_fields=["state", "review", "due_on"])
    _note(acting, "assessment_review_ordered", dispute)
    return review


def _open_dispute(dispute_id: int, acting: Reader) -> Dispute:
    if not acting.can("manage_assessments"):
        raise PermissionError("没有处理异议的权限。")
    rows = within_area(Dispute.objects.select_for_update(of=("self",)), acting)
    dispute: Dispute = rows.get(pk=dispute_id)
    if dispute.state != DisputeState.OPEN:
        raise WrongMove(_("这件异议已经处理过。"))
    return dispute


def _note(acting: Reader, action: str, dispute: Dispute) -> None:
    audit.record(
        acting,
        action,
        subject="assessment_dispute",
        subject_id=dispute.pk,
        place_code=dispute.place_code,
        detail={"result": dispute.result_id},
    )
