"""追缴: instalments agreed, money brought back, claims given up by two people."""

from datetime import date

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import all_files_of
from yanglao.domain.settlement.actions.booking import Booking
from yanglao.domain.settlement.actions.steps import RUNS_LOCK
from yanglao.domain.settlement.checks import refuse_own_claim
from yanglao.domain.settlement.models import Claim, Payment, Repayment, WriteOff
from yanglao.domain.settlement.types import (
    Act,
    ClaimState,
    PaymentState,
    Refused,
    WriteOffState,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import one_writer
from yanglao.kernel.whole_words import whole

_BY_ID = "settlement_claim p WHERE p.id = %s"
#: Months of the longest agreement: ten years.
_MOST_MONTHS = 120


def _locked(claim_id: int, acting: Reader, permission: Permission) -> Claim:
    if not acting.can(permission):
        raise PermissionError("您的账号没有办理追缴的权限。")
    one_writer(RUNS_LOCK)
    claim = within_area(Claim.objects.select_for_update(), acting).get(pk=claim_id)
    if claim.state == ClaimState.PROPOSED:
        raise Refused("这笔追缴还没有随发放批次审批，不能办理。")
    refuse_own_claim(claim, acting=acting)
    return claim


def _record(claim: Claim, acting: Reader, action: str, reason: str = "", **detail: object) -> None:
    audit.record(
        acting,
        action,
        subject="claim",
        subject_id=claim.pk,
        place_code=claim.place_code,
        reason=reason,
        detail=dict(detail),
    )


def _settle_if_done(claim: Claim) -> None:
    if claim.left_fen == 0:
        claim.state = ClaimState.SETTLED


@transaction.atomic
def agree_instalments(
    *, claim_id: int, months: int, as_of: date, acting: Reader, reason: str = ""
) -> Claim:
    """Agree that a claim is kept back in so many monthly parts.

    The part is rounded up to a whole fen, so that it ends within the months.

    Raises:
        Refused: When nothing is left, the months are out of bounds, or the person has died: there
            will be no benefit to keep anything back from.
    """
    claim = _locked(claim_id, acting, Permission.PREPARE_PAYMENTS)
    if claim.left_fen == 0:
        raise Refused("这笔追缴已经结清。")
    if Claim.objects.filter(pk=claim.pk, person__died_on__isnull=False).exists():
        raise Refused("老人已经去世，没有以后的待遇可扣：请登记家属退回，或申请核销。")
    if not 1 <= months <= _MOST_MONTHS:
        raise Refused(f"分期请写 1 到 {_MOST_MONTHS} 个月。")
    claim.instalment_fen = -(-claim.left_fen // months)
    claim.state = ClaimState.AGREED
    claim.agreed_on, claim.agreed_by = as_of, acting.name
    claim.save()
    _record(claim, acting, "claim_agreed", reason, months=months, fen=claim.instalment_fen)
    return claim


@transaction.atomic
def record_repayment(
    *, claim_id: int, fen: int, paid_on: date, proof: str, acting: Reader, words: str = ""
) -> Claim:
    """Book money that a person brought back; the same receipt twice is booked once.

    Raises:
        Refused: Without a receipt's number, for more than is left, or another amount under a
            receipt that was booked.
    """
    claim = _locked(claim_id, acting, Permission.PREPARE_PAYMENTS)
    key = whole(proof, 60, Refused)
    if not key:
        raise Refused("请写收据或缴款凭证的编号。")
    known = Repayment.objects.filter(claim=claim, proof_key=key).first()
    if known is not None:
        if known.fen != fen:
            raise Refused(f"凭证“{key}”已经记过另一个金额。")
        return claim
    if not 0 < fen <= claim.left_fen:
        raise Refused("退回金额要大于零，并且不超过还欠的金额。")
    row = Repayment(
        claim=claim,
        fen=fen,
        paid_on=paid_on,
        taken_at=clock.now(),
        taken_by=acting.name,
        proof_key=key,
    )
    row.words = whole(words, 300, Refused)
    row.save()
    claim.repaid_fen += fen
    _settle_if_done(claim)
    claim.save()
    _book(Act.REPAY, claim, fen, row.pk, paid_on, acting)
    _record(claim, acting, "claim_repaid", fen=fen)
    return claim


@transaction.atomic
def ask_write_off(*, claim_id: int, why: str, acting: Reader) -> WriteOff:
    """Ask that what is left of a claim be given up; another person decides."""
    claim = _locked(claim_id, acting, Permission.PREPARE_PAYMENTS)
    if claim.left_fen == 0:
        raise Refused("这笔追缴已经结清。")
    if not why.strip():
        raise Refused("申请核销要写明原因。")
    if claim.write_offs.filter(state=WriteOffState.ASKED).exists():
        raise Refused("这一笔已有一个待审批的核销申请。")
    row = WriteOff(
        claim=claim,
        fen=claim.left_fen,
        asked_at=clock.now(),
        asked_by_id=acting.user_id,
        asked_by=acting.name,
    )
    row.why = whole(why, 300, Refused)
    row.save()
    _record(claim, acting, "write_off_asked", why, fen=row.fen)
    return row


@transaction.atomic
def decide_write_off(
    *, write_off_id: int, agree: bool, as_of: date, acting: Reader, answer: str = ""
) -> WriteOff:
    """Give a claim up, or not: by another person than the one who asked.

    What was brought back since the asking is not given up: only what is left.
    """
    row = WriteOff.objects.select_related("claim").get(pk=write_off_id)
    claim = _locked(row.claim_id, acting, Permission.APPROVE_PAYMENTS)
    if row.state != WriteOffState.ASKED:
        raise Refused("这个核销申请已经有结果。")
    same = (
        row.asked_by_id == acting.user_id
        if acting.user_id is not None
        else row.asked_by == acting.name
    )
    if same:
        raise Refused("申请核销的人不能审批自己的申请。")
    if not agree and not answer.strip():
        raise Refused("不同意要写明原因。")
    row.state = WriteOffState.APPROVED if agree else WriteOffState.REFUSED
    row.decided_at, row.decided_by = clock.now(), acting.name
    row.answer = whole(answer, 300, Refused)
    row.fen = min(row.fen, claim.left_fen)
    row.save()
    if agree and row.fen:
        claim.written_off_fen += row.fen
        _settle_if_done(claim)
        claim.save()
        _book(Act.WRITE_OFF, claim, row.fen, row.pk, as_of, acting)
    _record(claim, acting, "write_off_decided", answer, agree=agree, fen=row.fen)
    return row


@transaction.atomic
def offset_failed(*, claim_id: int, payment_id: int, as_of: date, acting: Reader) -> Claim:
    """Keep back a payment that did not arrive against a claim of the same person.

    For somebody who died before his money arrived: it was approved, was not due, and never left.
    """
    claim = _locked(claim_id, acting, Permission.PREPARE_PAYMENTS)
    payment = within_area(Payment.objects.select_for_update(), acting).get(pk=payment_id)
    if payment.person_id not in all_files_of([claim.person_id]):
        raise Refused("只能用同一个人的款项抵扣。")
    fen = min(payment.owed_fen, claim.left_fen)
    if payment.state not in (PaymentState.FAILED, PaymentState.OWED) or fen <= 0:
        raise Refused("这笔款项不在待发状态，或没有可抵扣的金额。")
    payment.withheld_fen += fen
    if payment.owed_fen == 0:
        payment.state = PaymentState.SETTLED
    payment.save()
    claim.withheld_fen += fen
    _settle_if_done(claim)
    claim.save()
    booking = Booking(booked_on=as_of, acting=acting)
    booking.add(
        Act.WITHHOLD,
        "settlement_payment p WHERE p.id = %s",
        fen=str(int(fen)),
        payment="p.id",
        claim=str(int(claim.pk)),
        reference=str(int(payment.attempts) + 1),
        values=(payment.pk,),
    )
    booking.close()
    _record(claim, acting, "claim_offset", fen=fen, payment=payment.pk)
    return claim


def _book(act: Act, claim: Claim, fen: int, source: int, on: date, acting: Reader) -> None:
    booking = Booking(booked_on=on, acting=acting)
    booking.add(
        act,
        _BY_ID,
        fen=str(int(fen)),
        claim="p.id",
        reference=str(int(source)),
        values=(claim.pk,),
    )
    booking.close()
