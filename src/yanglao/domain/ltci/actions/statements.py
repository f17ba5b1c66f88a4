"""Settlements: stored as computed, submitted, approved by another person, paid."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.checks import refuse_same_hand, refuse_unless
from yanglao.domain.ltci.models import (
    Deduction,
    FundEntry,
    Provider,
    ServiceRecord,
    Statement,
    StatementLine,
)
from yanglao.domain.ltci.types import (
    STATEMENT_MOVES,
    EntryKind,
    NewLine,
    StatementState,
    WrongStep,
    next_month,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import keyed_digest
from yanglao.kernel.whole_words import whole

_MANAGE, _APPROVE = Permission.MANAGE_INSURANCE, Permission.APPROVE_INSURANCE
_PURPOSE = "ltci.statement"
_ACCOUNTED = (StatementState.APPROVED, StatementState.PAID)
_Key = tuple[int, int | None, str]
_Money = tuple[int, int, int]


@transaction.atomic
def store_statement(
    *, provider_id: int, month: date, lines: Sequence[NewLine], acting: Reader
) -> Statement | None:
    """Store what a month comes to, less what approved settlements already account for.

    Computing again replaces the draft; with nothing new to settle there is none (``None``).

    Raises:
        WrongStep: While the month's settlement waits for approval.
    """
    refuse_unless(acting, _MANAGE)
    provider = within_area(Provider.objects.select_for_update(), acting).get(pk=provider_id)
    month = month.replace(day=1)
    of_month = Statement.objects.filter(provider=provider, month=month)
    if of_month.filter(state=StatementState.SUBMITTED).exists():
        raise WrongStep("这个月的结算单正在等批准；要重新核对，请先退回。")
    of_month.filter(state=StatementState.DRAFT).delete()
    before = _accounted(provider.pk, month)
    rows = _rows(lines, before)
    _note_verdicts(lines)
    if not any(row.fee_fen or row.fund_fen or row.claimed for row in rows) or (
        before and not any(row.fee_fen or row.fund_fen for row in rows)
    ):
        return None
    number = 1 + (of_month.order_by("-number").values_list("number", flat=True).first() or 0)
    statement = Statement.objects.create(
        provider=provider,
        place_code=provider.place_code,
        month=month,
        number=number,
        computed_at=clock.now(),
        prepared_by_id=acting.user_id,
        prepared_by=acting.name,
        fingerprint=_fingerprint(rows),
        people=len({row.person_id for row in rows}),
        deducted_fen=sum(fen for line in lines for _code, _amount, fen in line.deductions),
        fee_fen=sum(row.fee_fen for row in rows),
        fund_fen=sum(row.fund_fen for row in rows),
        person_fen=sum(row.person_fen for row in rows),
    )
    _write(statement, rows, lines)
    _record(statement, "ltci_statement_computed", acting)
    return statement


def _accounted(provider_id: int, month: date) -> dict[_Key, _Money]:
    """What approved settlements of a month account for, by person, plan and place."""
    rows = (
        StatementLine.objects.filter(
            statement__provider_id=provider_id,
            statement__month=month,
            statement__state__in=_ACCOUNTED,
        )
        .values("person_id", "plan_id", "care_place")
        .order_by("person_id", "plan_id", "care_place")
        .annotate(fee=Sum("fee_fen"), fund=Sum("fund_fen"), own=Sum("person_fen"))
    )
    return {
        (row["person_id"], row["plan_id"], row["care_place"]): (row["fee"], row["fund"], row["own"])
        for row in rows
    }


def _rows(lines: Sequence[NewLine], before: dict[_Key, _Money]) -> list[StatementLine]:
    left = dict(before)
    rows = []
    for line in lines:
        fee, fund, own = left.pop((line.person_id, line.plan_id, line.place), (0, 0, 0))
        rows.append(
            StatementLine(
                person_id=line.person_id,
                plan_id=line.plan_id,
                care_place=line.place,
                level=line.grade,
                claimed=line.claimed,
                approved=line.approved,
                payable=line.payable,
                due_fee_fen=line.fee_fen,
                due_fund_fen=line.fund_fen,
                due_person_fen=line.person_fen,
                over_ceiling_fen=line.over_ceiling_fen,
                fee_fen=line.fee_fen - fee,
                fund_fen=line.fund_fen - fund,
                person_fen=line.person_fen - own,
            )
        )
    # Paid once, and no record is left of it: everything comes back.
    for (person, plan, place), (fee, fund, own) in sorted(
        left.items(), key=lambda one: (one[0][0], one[0][1] or 0, one[0][2])
    ):
        rows.append(
            StatementLine(
                person_id=person,
                plan_id=plan,
                care_place=place,
                level=0,
                claimed=0,
                approved=0,
                payable=0,
                due_fee_fen=0,
                due_fund_fen=0,
                due_person_fen=0,
                fee_fen=-fee,
                fund_fen=-fund,
                person_fen=-own,
            )
        )
    return rows


def _write(statement: Statement, rows: list[StatementLine], lines: Sequence[NewLine]) -> None:
    for row in rows:
        row.statement = statement
    StatementLine.objects.bulk_create(rows, batch_size=1000)
    deductions = [
        Deduction(line=row, code=code, amount=amount, fen=fen)
        for row, line in zip(rows, lines, strict=False)
        for code, amount, fen in line.deductions
    ]
    Deduction.objects.bulk_create(deductions, batch_size=1000)


def _note_verdicts(lines: Sequence[NewLine]) -> None:
    told = {pk: verdict for line in lines for pk, verdict in line.verdicts.items()}
    found = ServiceRecord.objects.filter(pk__in=list(told)).order_by("id")
    changed = []
    for record in found:
        payable, verdict = told[record.pk]
        if (record.payable, record.verdict) != (payable, verdict):
            record.payable, record.verdict = payable, verdict
            changed.append(record)
    ServiceRecord.objects.bulk_update(changed, ["payable", "verdict"], batch_size=500)


@transaction.atomic
def submit_statement(*, statement_id: int, acting: Reader) -> Statement:
    """Hand a checked settlement to another person for approval."""
    refuse_unless(acting, _MANAGE)
    statement = _get(acting, statement_id)
    _move(statement, StatementState.SUBMITTED)
    # Who submits answers for it, whoever had it computed last.
    statement.prepared_by_id, statement.prepared_by = acting.user_id, acting.name
    statement.submitted_at = clock.now()
    statement.save()
    _record(statement, "ltci_statement_submitted", acting)
    return statement


@transaction.atomic
def send_back_statement(*, statement_id: int, acting: Reader, reason: str) -> Statement:
    """Give a submitted settlement back to be checked again, with the reason on record."""
    refuse_unless(acting, _APPROVE)
    if not reason.strip():
        raise WrongStep("退回要写明原因。")
    statement = _get(acting, statement_id)
    _move(statement, StatementState.DRAFT)
    statement.save()
    _record(statement, "ltci_statement_sent_back", acting, reason=whole(reason, 200, WrongStep))
    return statement


@transaction.atomic
def approve_statement(
    *, statement_id: int, fingerprint: str, acting: Reader, as_of: date
) -> Statement:
    """Make a settlement payable, and enter what the fund pays into its book, once.

    Args:
        fingerprint: Of the settlement as the approving person saw it.

    Raises:
        WrongStep: For the same pair of hands, other lines than were shown, or lines that other
            settlements have overtaken.
    """
    refuse_unless(acting, _APPROVE)
    statement = _get(acting, statement_id)
    if statement.state in _ACCOUNTED:
        return statement
    refuse_same_hand(acting, statement.prepared_by_id, statement.prepared_by)
    rows = list(statement.lines.order_by("id"))
    if not statement.fingerprint == fingerprint == _fingerprint(rows):
        raise WrongStep("结算单和您看到的不一样了，请重新打开核对。")
    before = _accounted(statement.provider_id, statement.month)
    for row in rows:
        fee, fund, own = before.get((row.person_id, row.plan_id, row.care_place), (0, 0, 0))
        due = (row.due_fee_fen - fee, row.due_fund_fen - fund, row.due_person_fen - own)
        if due != (row.fee_fen, row.fund_fen, row.person_fen):
            raise WrongStep("这个月另有结算单已经批准，请退回重新核对。")
    _move(statement, StatementState.APPROVED)
    statement.decided_at = clock.now()
    statement.decided_by_id, statement.decided_by = acting.user_id, acting.name
    statement.save()
    ServiceRecord.objects.filter(
        provider_id=statement.provider_id,
        day__gte=statement.month,
        day__lt=next_month(statement.month),
        payable__gt=0,
        withdrawn_at=None,
        paid_in=None,
        person_id__in=[row.person_id for row in rows],
    ).update(paid_in=statement)
    if statement.fund_fen:
        FundEntry.objects.get_or_create(
            statement=statement,
            defaults={
                "place_code": statement.place_code,
                "on": as_of,
                "kind": EntryKind.SETTLEMENT,
                "fen": -statement.fund_fen,
                "made_at": clock.now(),
                "made_by": acting.name,
            },
        )
    _record(statement, "ltci_statement_approved", acting)
    return statement


@transaction.atomic
def mark_statement_paid(*, statement_id: int, paid_on: date, acting: Reader) -> Statement:
    """Note the day on which the money went to the provider; a second time changes nothing."""
    refuse_unless(acting, _MANAGE)
    statement = _get(acting, statement_id)
    if statement.state == StatementState.PAID:
        return statement
    _move(statement, StatementState.PAID)
    statement.paid_on = paid_on
    statement.save()
    _record(statement, "ltci_statement_paid", acting)
    return statement


def _fingerprint(rows: Sequence[StatementLine]) -> str:
    told = []
    for r in rows:
        whose = (r.person_id, r.plan_id or 0, r.care_place, r.level, r.claimed, r.payable)
        told.append((*whose, r.due_fee_fen, r.due_fund_fen, r.fee_fen, r.fund_fen, r.person_fen))
    return keyed_digest(_PURPOSE, repr(sorted(told)).encode())


def _get(acting: Reader, statement_id: int) -> Statement:
    rows = Statement.objects.select_for_update(of=("self",))
    return within_area(rows, acting).get(pk=statement_id)


def _move(statement: Statement, to_state: StatementState) -> None:
    if to_state not in STATEMENT_MOVES[statement.state]:
        now = StatementState(statement.state).label
        raise WrongStep(f"“{now}”的结算单不能转到“{to_state.label}”。")
    statement.state = to_state


def _record(statement: Statement, action: str, acting: Reader, reason: str = "") -> None:
    audit.record(
        acting,
        action,
        subject="ltci_statement",
        subject_id=statement.pk,
        place_code=statement.place_code,
        reason=reason,
        detail={
            "provider": statement.provider_id,
            "month": f"{statement.month:%Y-%m}",
            "fund_fen": statement.fund_fen,
        },
    )
