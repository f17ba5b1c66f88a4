"""Payment runs from draft to approval: freezing is stored, checked, submitted, approved."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.actions.approving import book_approval
from yanglao.domain.settlement.actions.steps import (
    RUNS_LOCK,
    locked_run,
    move_run,
    note_step,
    took_part,
)
from yanglao.domain.settlement.checks import refuse_own_money
from yanglao.domain.settlement.models import (
    Attempt,
    Claim,
    Difference,
    Finding,
    Line,
    MonthChoice,
    Payment,
    PaymentRun,
    PayStart,
)
from yanglao.domain.settlement.types import (
    OPEN_RUNS,
    AttemptState,
    ClaimState,
    Refused,
    RunState,
    month_text,
    month_words,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import one_writer
from yanglao.kernel.division import contains


@transaction.atomic
def open_run(
    *, region: str, month: int, benefits: Sequence[str], acting: Reader, start: int | None = None
) -> PaymentRun:
    """Begin the payment of some benefits of an area for a month.

    Args:
        region: 12-digit division. month: ``year * 12 + month - 1``.
        benefits: Codes, any order.
        start: First month that is paid here at all, for benefits never paid here before; the
            month itself when not said.

    Raises:
        PermissionError: When the role may not, or the region lies outside the acting area.
        Refused: When another run for the area and a benefit is still open.
    """
    if not acting.can(Permission.PREPARE_PAYMENTS):
        raise PermissionError("您的账号没有办理待遇发放的权限。")
    if not acting.covers(region):
        raise PermissionError("只能办理自己辖区的发放。")
    codes = sorted(set(benefits))
    if not codes:
        raise Refused("还没有选待遇，至少选一项。")
    one_writer(RUNS_LOCK)
    for other in PaymentRun.objects.filter(state__in=OPEN_RUNS).order_by("id"):
        meets = contains(other.region_code, region) or contains(region, other.region_code)
        if meets and set(codes) & set(other.codes):
            raise Refused(
                f"{month_words(other.month)}的批次 {other.number} 还没有办完，"
                "同一地区同一待遇一次只能办一批：请先审批或取消它。"
            )
    for code in codes:
        PayStart.objects.get_or_create(
            region_code=region, benefit=code, defaults={"month": min(start or month, month)}
        )
    head = f"{region.rstrip('0').ljust(6, '0')}-{month_text(month)}"
    serial = PaymentRun.objects.filter(region_code=region, month=month).count() + 1
    run = PaymentRun.objects.create(
        number=f"{head}-{serial}",
        region_code=region,
        month=month,
        benefits=",".join(codes),
        made_at=clock.now(),
        made_by_id=acting.user_id,
        made_by=acting.name,
    )
    note_step(
        run,
        act="opened",
        acting=acting,
        detail={"month": month_text(month), "benefits": codes},
        states=("", RunState.DRAFT),
    )
    return run


@transaction.atomic
def finish_checks(*, run_id: int, acting: Reader) -> PaymentRun:
    """Say that everything that was found has been looked at.

    Raises:
        Refused: While a finding that stops money waits for a person.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    waiting = Finding.objects.filter(run=run, stops=True, decision="").count()
    if waiting:
        raise Refused(f"还有 {waiting} 条须处理的提示没有处理：请逐条放行或暂缓。")
    move_run(run, RunState.CHECKED, act="checked", acting=acting)
    return run


@transaction.atomic
def submit_run(*, run_id: int, acting: Reader, reason: str = "") -> PaymentRun:
    """Hand a run to another person for approval."""
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    move_run(run, RunState.SUBMITTED, act="submitted", acting=acting, reason=reason)
    return run


@transaction.atomic
def send_back(*, run_id: int, acting: Reader, reason: str) -> PaymentRun:
    """Give a submitted run back to those who prepared it.

    Raises:
        Refused: Without a reason, or when it was not submitted.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.APPROVE_PAYMENTS)
    if not reason.strip():
        raise Refused("退回要写明原因。")
    if run.state != RunState.SUBMITTED:
        raise Refused("只有待审批的批次才能退回。")
    move_run(run, RunState.FROZEN, act="sent_back", acting=acting, reason=reason)
    return run


@transaction.atomic
def approve_run(*, run_id: int, acting: Reader, as_of: date, reason: str = "") -> PaymentRun:
    """Approve a run: what is to be paid is owed from here on, and booked.

    Everything is booked in one transaction: killed in it, nothing has happened.

    Args:
        as_of: The day under which it is booked.

    Raises:
        Refused: When the acting officer took part in preparing it, when money of his own
            household was not agreed to by another approver, or claims have changed since it was
            frozen.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.APPROVE_PAYMENTS)
    if run.state != RunState.SUBMITTED:
        raise Refused("只有待审批的批次才能审批。")
    if took_part(run, acting=acting):
        raise Refused("经办过这一批的人不能审批自己的批次，请另一位有审批权限的人审批。")
    recused = refuse_own_money(run, acting=acting)
    booked = book_approval(run, booked_on=as_of, acting=acting)
    run.approved_at = clock.now()
    run.approved_by = acting.name
    run.figures = {**run.figures, **booked}
    move_run(
        run,
        RunState.APPROVED,
        act="approved",
        acting=acting,
        reason=reason,
        detail={**booked, "recused": recused},
    )
    return run


@transaction.atomic
def cancel_run(*, run_id: int, acting: Reader, reason: str) -> PaymentRun:
    """Give a run up before it is approved; its lines go, its history stays."""
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    if not reason.strip():
        raise Refused("取消要写明原因。")
    move_run(run, RunState.CANCELLED, act="cancelled", acting=acting, reason=reason)
    forget_lines(run, acting=acting)
    return run


@transaction.atomic
def close_run(*, run_id: int, acting: Reader) -> PaymentRun:
    """Say that nothing of a run is on its way any more.

    Raises:
        Refused: While an attempt is open, or a payment was never sent.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    open_ = Attempt.objects.filter(bank_file__run=run, state=AttemptState.OPEN).count()
    if open_:
        raise Refused(f"还有 {open_} 笔在途，等银行回盘后再办结。")
    unsent = Payment.objects.filter(run=run, state="owed").count()
    if unsent:
        raise Refused(f"还有 {unsent} 笔没有送银行，请先生成银行文件。")
    move_run(run, RunState.CLOSED, act="closed", acting=acting)
    return run


def forget_lines(run: PaymentRun, *, acting: Reader) -> None:
    """Take away what freezing wrote; only before approval, nothing of it counts yet.

    Raises:
        Refused: When something of it was booked.
    """
    if Claim.objects.filter(run=run).exclude(state=ClaimState.PROPOSED).exists():
        raise Refused(f"{acting.name}不能重做已入账的批次。")
    for model in (Line, Payment, Finding, Difference, MonthChoice, Claim):
        # One statement each, whatever the number of rows; nothing hangs on them yet.
        rows = model.objects.filter(run=run)
        rows._raw_delete(rows.db)
