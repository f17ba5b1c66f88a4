"""What happens to an approved benefit: suspended, resumed, stopped, asked to start again."""

from datetime import date

from django.db import transaction

from yanglao.domain.benefits.actions.moving import case_to_change, move_case, on_record
from yanglao.domain.benefits.checks import refuse_own, require
from yanglao.domain.benefits.models import Approval, Case, Suspension
from yanglao.domain.benefits.types import (
    CLOSED_STATES,
    CaseAct,
    StopCause,
    SuspendCause,
    WrongMove,
)
from yanglao.domain.people.public import family_of
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole

_PREPARE, _APPROVE = "prepare_benefits", "approve_benefits"


@transaction.atomic
def suspend_case(
    *, case_id: int, first: date, cause: SuspendCause, words: str, as_of: date, acting: Reader
) -> Suspension:
    """Hold money back from a day on. One person may; giving it free again takes another.

    Raises:
        WrongMove: Without a reason, from a day that is not there yet, in another state.
    """
    require(acting, _PREPARE)
    if not words.strip():
        raise WrongMove("暂停要写明原因。")
    if first > as_of:
        raise WrongMove("暂停的日期不能晚于今天。")
    case = case_to_change(case_id, acting)
    refuse_own([case], acting)
    move_case(case, CaseAct.SUSPEND, as_of=as_of, acting=acting, words=f"{cause.label}：{words}")
    held = Suspension.objects.create(  # type: ignore[misc]  # words lie in the envelope
        case=case,
        person_id=case.person_id,
        benefit=case.benefit,
        first=first,
        cause=cause,
        by_id=acting.user_id,
        by_name=acting.name[:80],
        words=whole(words, 500, WrongMove),
    )
    on_record(acting, "benefit_suspended", [case], cause=cause.value, first=first.isoformat())
    return held


@transaction.atomic
def resume_case(
    *, case_id: int, end: date, cleared: bool, words: str, as_of: date, acting: Reader
) -> Case:
    """Give money free again from a day on; ``cleared`` when nothing was found wrong.

    Raises:
        WrongMove: By who suspended it, or before it began.
    """
    require(acting, _APPROVE)
    case = case_to_change(case_id, acting)
    refuse_own([case], acting)
    held = Suspension.objects.select_for_update().filter(case=case, end=None).first()
    if held is None:
        raise WrongMove("这件个案没有暂停。")
    if held.by_id is not None and held.by_id == acting.user_id:
        raise WrongMove("是您自己暂停的，请换别人恢复。")
    if end <= held.first:
        raise WrongMove("恢复的日期要晚于暂停的日期。")
    held.end, held.cleared = end, cleared
    held.save(update_fields=["end", "cleared"])
    found = "核实没有问题" if cleared else "核实有问题，暂停期间不补"
    move_case(case, CaseAct.RESUME, as_of=as_of, acting=acting, words=f"{found}。{words}")
    on_record(acting, "benefit_resumed", [case], cleared=cleared, end=end.isoformat())
    return case


@transaction.atomic
def stop_case(
    *, case_id: int, on: date, cause: StopCause, words: str, as_of: date, acting: Reader
) -> Case:
    """Stop a benefit by hand from a day on; its approval ends there.

    What a list says (death, a move) stops it by itself. By hand is for what no list says yet, and
    for taking an approval back; facts alone do not undo it.

    Raises:
        WrongMove: Without a reason, in another state, or about one's own family.
    """
    require(acting, _APPROVE)
    if not words.strip():
        raise WrongMove("停发要写明原因，并告诉本人可以申请复核。")
    if on > as_of:
        raise WrongMove("停发的日期不能晚于今天。")
    case = case_to_change(case_id, acting)
    refuse_own([case], acting)
    Approval.objects.filter(case=case, revoked_on=None).update(revoked_on=on)
    Suspension.objects.filter(case=case, end=None, first__lt=on).update(end=on)
    move_case(
        case,
        CaseAct.STOP,
        as_of=as_of,
        acting=acting,
        words=f"{cause.label}：{words}",
        stop_cause=cause,
        stopped_on=on,
        stopped_by_hand=True,
        approved_by_id=acting.user_id
        if acting.user_id != case.prepared_by_id
        else case.approved_by_id,
        approved_by=acting.name[:80] if acting.user_id != case.prepared_by_id else case.approved_by,
    )
    on_record(acting, "benefit_stopped", [case], cause=cause.value, on=on.isoformat())
    follow_soon([case.person_id], acting)
    return case


@transaction.atomic
def ask_restart(*, case_id: int, words: str, as_of: date, acting: Reader) -> Case:
    """Ask that a stopped benefit starts again; a second person approves it, without a new notice.

    Raises:
        WrongMove: Without a reason, in another state, or beside another open case of the item.
    """
    require(acting, _PREPARE)
    if acting.user_id is None:
        raise WrongMove("必须由在册的账号办理。")
    if not words.strip():
        raise WrongMove("重新发放要写明原因。")
    case = case_to_change(case_id, acting)
    if case.person_id in family_of(acting.user_id):
        raise WrongMove("是您本人或您家里的人，请换别人办理。")
    others = Case.objects.filter(person_id=case.person_id, item_id=case.item_id)
    if others.exclude(pk=case.pk).exclude(state__in=CLOSED_STATES).exists():
        raise WrongMove("这个人的这一项已经有一件没有办结的个案。")
    move_case(
        case,
        CaseAct.RESTART,
        as_of=as_of,
        acting=acting,
        words=words,
        prepared_by_id=acting.user_id,
        prepared_by=acting.name[:80],
        approved_by_id=None,
        approved_by="",
    )
    on_record(acting, "benefit_restarted", [case])
    return case


def follow_soon(people: list[int], acting: Reader) -> None:
    """Ask that spells are brought in line after this transaction."""
    defer("follow_benefits", acting, people=people, as_of=clock.today().isoformat())
