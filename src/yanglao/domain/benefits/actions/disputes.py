"""Objections to a notice and appeals against a decision: each with a clock, each answered."""

from datetime import date, timedelta

from django.db import transaction

from yanglao.domain.benefits.actions.living import follow_soon
from yanglao.domain.benefits.actions.moving import case_to_change, move_case, note_step, on_record
from yanglao.domain.benefits.checks import require
from yanglao.domain.benefits.models import Approval, Case, Dispute
from yanglao.domain.benefits.types import (
    CLOSED_STATES,
    CaseAct,
    CaseState,
    Clocks,
    DisputeKind,
    DisputeState,
    WrongMove,
)
from yanglao.domain.people.public import family_of
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

#: Decisions against which one may appeal.
_DECIDED = (CaseState.REFUSED, CaseState.STOPPED, CaseState.SUSPENDED, CaseState.APPROVED)


@transaction.atomic
def take_dispute(
    *,
    case_id: int,
    kind: DisputeKind,
    asker: str,
    words: str,
    clocks: Clocks,
    as_of: date,
    acting: Reader,
) -> Dispute:
    """Take down an objection to a notice, or an appeal against a decision.

    Raises:
        WrongMove: When nothing hangs out, nothing was decided, or the time for it is over.
    """
    require(acting, "ask_benefits")
    if not words.strip():
        raise WrongMove("请写明对方的理由。")
    case = case_to_change(case_id, acting)
    _refuse_late(case, kind, clocks, as_of)
    days = clocks.objection_days if kind == DisputeKind.OBJECTION else clocks.appeal_days
    dispute = Dispute.objects.create(  # type: ignore[misc]  # sealed words
        case=case,
        place_code=case.place_code,
        kind=kind,
        made_on=as_of,
        due_on=as_of + timedelta(days=days),
        taken_by_id=acting.user_id,
        taken_by=acting.name[:80],
        asker=whole(asker, 80, WrongMove),
        words=whole(words, 1000, WrongMove),
    )
    act = CaseAct.OBJECT if kind == DisputeKind.OBJECTION else CaseAct.APPEAL
    note_step(case, act, acting=acting)
    on_record(acting, "benefit_dispute_taken", [case], kind=kind.value)
    return dispute


def _refuse_late(case: Case, kind: DisputeKind, clocks: Clocks, as_of: date) -> None:
    if kind == DisputeKind.OBJECTION:
        if case.state != CaseState.NOTICED:
            raise WrongMove("只有公示中的个案可以提异议；已经决定的请走复核。")
        return
    if case.state not in _DECIDED:
        raise WrongMove("还没有作出决定，暂时不能申请复核。")
    last = case.state_on + timedelta(days=clocks.appeal_within_days)
    if as_of > last:
        raise WrongMove(f"申请复核的期限到 {last:%Y-%m-%d} 为止，已经过了。")


@transaction.atomic
def decide_dispute(
    *, dispute_id: int, outcome: DisputeState, answer: str, as_of: date, acting: Reader
) -> Dispute:
    """Answer an objection or decide an appeal.

    An objection that stands sends the case back. An appeal that stands opens a refused case again,
    and takes back a stop by hand as if it had not been.

    Raises:
        Dispute.DoesNotExist: When there is none in the area.
        WrongMove: Without an answer, twice, or by who decided before.
    """
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("case__person")
    dispute = within_area(rows, acting).get(pk=dispute_id)
    appeal = dispute.kind == DisputeKind.APPEAL
    require(acting, "approve_benefits" if appeal else "prepare_benefits")
    if dispute.state != DisputeState.OPEN:
        raise WrongMove("已经办结。")
    if not answer.strip():
        raise WrongMove("请写明答复。")
    if outcome == DisputeState.OPEN or acting.user_id is None:
        raise WrongMove("请选择成立、不成立或撤回，并由在册的账号办理。")
    case = case_to_change(dispute.case_id, acting)
    if case.person_id in family_of(acting.user_id):
        raise WrongMove("是您本人或您家里的人，请换别人办理。")
    if appeal and acting.user_id in {case.approved_by_id, case.prepared_by_id}:
        raise WrongMove("复核不能由原来初审或审批的人决定，请换别人办理。")
    dispute.state, dispute.decided_on = outcome, as_of
    dispute.decided_by_id, dispute.decided_by = acting.user_id, acting.name[:80]
    dispute.answer = whole(answer, 1000, WrongMove)
    dispute.save()
    if appeal:
        _after_appeal(case, outcome, as_of, acting, answer)
    else:
        _after_objection(case, outcome, as_of, acting, answer)
    action = "benefit_appeal_decided" if appeal else "benefit_dispute_answered"
    on_record(acting, action, [case], outcome=outcome.value)
    return dispute


def _after_objection(
    case: Case, outcome: DisputeState, as_of: date, acting: Reader, answer: str
) -> None:
    note_step(case, CaseAct.ANSWER, acting=acting, words=f"{outcome.label}：{answer}")
    if outcome == DisputeState.UPHELD and case.state == CaseState.NOTICED:
        words = f"异议成立：{answer}"
        move_case(case, CaseAct.RETURN, as_of=as_of, acting=acting, words=words, notice=None)


def _after_appeal(
    case: Case, outcome: DisputeState, as_of: date, acting: Reader, answer: str
) -> None:
    words = f"{outcome.label}：{answer}"
    if outcome != DisputeState.UPHELD:
        note_step(case, CaseAct.REJECT, acting=acting, words=words)
        return
    if case.state == CaseState.STOPPED and case.stopped_by_hand:
        _undo_stop(case, as_of, acting, words)
    elif case.state == CaseState.REFUSED:
        _refuse_second(case)
        move_case(
            case,
            CaseAct.DECIDE,
            as_of=as_of,
            acting=acting,
            words=words,
            approved_by_id=None,
            approved_by="",
        )
    else:
        note_step(case, CaseAct.DECIDE, acting=acting, words=words)


def _refuse_second(case: Case) -> None:
    others = Case.objects.filter(person_id=case.person_id, item_id=case.item_id)
    if others.exclude(pk=case.pk).exclude(state__in=CLOSED_STATES).exists():
        raise WrongMove("这个人的这一项已经另有一件没有办结的个案，请在那一件上办理。")


def _undo_stop(case: Case, as_of: date, acting: Reader, words: str) -> None:
    """Approve again from the day of the first approval: the months between are owed."""
    _refuse_second(case)
    old = Approval.objects.filter(case=case).order_by("-id").first()
    move_case(
        case,
        CaseAct.BACK,
        as_of=as_of,
        acting=acting,
        words=words,
        stop_cause="",
        stopped_on=None,
        stopped_by_hand=False,
    )
    Approval.objects.create(
        case=case,
        person_id=case.person_id,
        benefit=case.benefit,
        applied_on=case.applied_on,
        approved_on=old.approved_on if old else as_of,
        approved_by_id=acting.user_id,
        approved_by=acting.name[:80],
    )
    follow_soon([case.person_id], acting)
