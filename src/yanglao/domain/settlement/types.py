"""Choices, the table of states and allowed moves, and the books' table of acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where a payment run stands."""

    DRAFT = "draft", _("待冻结")
    FROZEN = "frozen", _("已冻结，待核查")
    CHECKED = "checked", _("已核查，待提交")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已审批，待送银行")
    SENT = "sent", _("已送银行，等回盘")
    RETURNED = "returned", _("已回盘")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("已取消")


#: Allowed moves. Freezing again is allowed until it is submitted; nothing is cancelled afterwards.
MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.DRAFT: frozenset({RunState.FROZEN, RunState.CANCELLED}),
    RunState.FROZEN: frozenset({RunState.FROZEN, RunState.CHECKED, RunState.CANCELLED}),
    RunState.CHECKED: frozenset({RunState.FROZEN, RunState.SUBMITTED, RunState.CANCELLED}),
    RunState.SUBMITTED: frozenset({RunState.APPROVED, RunState.FROZEN, RunState.CANCELLED}),
    RunState.APPROVED: frozenset({RunState.SENT, RunState.CLOSED}),
    RunState.SENT: frozenset({RunState.RETURNED}),
    RunState.RETURNED: frozenset({RunState.SENT, RunState.RETURNED, RunState.CLOSED}),
    RunState.CLOSED: frozenset({RunState.RETURNED}),
    RunState.CANCELLED: frozenset(),
}
#: Runs that still may change: one at a time for an area and benefit.
OPEN_RUNS = (RunState.DRAFT, RunState.FROZEN, RunState.CHECKED, RunState.SUBMITTED)
#: Runs whose lines count.
COUNTED_RUNS = (RunState.APPROVED, RunState.SENT, RunState.RETURNED, RunState.CLOSED)


class PaymentState(models.TextChoices):
    """Where one payment (a person and benefit of a run) stands."""

    READY = "ready", _("可发")
    HELD = "held", _("暂缓")
    OWED = "owed", _("应发")
    OPEN = "open", _("在途")
    PAID = "paid", _("已到账")
    FAILED = "failed", _("未到账")
    SETTLED = "settled", _("已抵扣")


class LineKind(models.TextChoices):
    """What a line is. Recovery and overpaid are negative."""

    REGULAR = "regular", _("本月")
    ARREARS = "arrears", _("补发")
    CORRECTION = "correction", _("更正")
    RECOVERY = "recovery", _("追缴扣回")
    OVERPAID = "overpaid", _("多发待追缴")


class AttemptState(models.TextChoices):
    """What became of an attempt to pay."""

    OPEN = "open", _("在途")
    PAID = "paid", _("到账")
    FAILED = "failed", _("失败")
    RETURNED = "returned", _("退票")


class FileState(models.TextChoices):
    """Where a bank file stands. ``handing``: begun to hand over, not known whether it arrived."""

    MADE = "made", _("已生成，未交银行")
    HANDING = "handing", _("正在交银行，是否收到不明")
    HANDED = "handed", _("已交银行")
    ANSWERED = "answered", _("全部回盘")


class Decision(models.TextChoices):
    """What a person said of a finding."""

    WAITING = "", _("待处理")
    HELD = "held", _("暂缓不发")
    RELEASED = "released", _("核对无误，放行")


class Verdict(models.TextChoices):
    """What became of one line of a return file."""

    PAID = "paid", _("到账")
    FAILED = "failed", _("失败，可改账户重发")
    BACK = "back", _("退票，钱已退回")
    AGAIN = "again", _("已经记过，没有变化")
    UNKNOWN = "unknown", _("不认识的编号，没有入账")
    AMOUNT = "amount", _("金额不符，没有入账")
    CONTRADICTS = "contradicts", _("与先前的回盘矛盾，没有入账")


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    PROPOSED = "proposed", _("拟追缴，待审批")
    OPEN = "open", _("待追缴")
    AGREED = "agreed", _("分期追缴")
    SETTLED = "settled", _("已结清")


class WriteOffState(models.TextChoices):
    """A write-off takes two people."""

    ASKED = "asked", _("待审批")
    APPROVED = "approved", _("已核销")
    REFUSED = "refused", _("未同意")


class ElsewhereState(models.TextChoices):
    """Where another payer's list stands."""

    WAITING = "waiting", _("待确认")
    CURRENT = "current", _("在用")
    REPLACED = "replaced", _("已被新名单替换")
    UNDONE = "undone", _("已撤销")
    DROPPED = "dropped", _("没有采用")


#: Findings that no word of a person can release: the payment has nowhere to go.
NEVER_RELEASED = frozenset({"no_person", "no_account", "two_accounts"})


class Account(IntEnum):
    """The books' accounts; the database holds the same numbers."""

    EXPENSE = 1
    PAYABLE = 2
    IN_TRANSIT = 3
    BANK = 4
    RECEIVABLE = 5
    WRITTEN_OFF = 6


ACCOUNT_LABELS = {
    Account.EXPENSE: _("补贴支出"),
    Account.PAYABLE: _("应付待遇"),
    Account.IN_TRANSIT: _("在途"),
    Account.BANK: _("银行存款"),
    Account.RECEIVABLE: _("应收追缴款"),
    Account.WRITTEN_OFF: _("核销损失"),
}


class Act(IntEnum):
    """What is booked."""

    APPROVE = 1
    SEND = 2
    CONFIRM = 3
    FAIL = 4
    RETURN = 5
    OVERPAID = 6
    WITHHOLD = 7
    REPAY = 8
    WRITE_OFF = 9


ACT_LABELS = {
    Act.APPROVE: _("审批应付"),
    Act.SEND: _("送银行"),
    Act.CONFIRM: _("发放成功"),
    Act.FAIL: _("发放失败"),
    Act.RETURN: _("退票"),
    Act.OVERPAID: _("多发待追缴"),
    Act.WITHHOLD: _("从待遇中扣回"),
    Act.REPAY: _("本人退回"),
    Act.WRITE_OFF: _("核销"),
}
#: Debit and credit of every act: the same as ``engines.payments.ledger`` (a test says so), and a
#: constraint of the database.
SIDES: dict[Act, tuple[Account, Account]] = {
    Act.APPROVE: (Account.EXPENSE, Account.PAYABLE),
    Act.SEND: (Account.PAYABLE, Account.IN_TRANSIT),
    Act.CONFIRM: (Account.IN_TRANSIT, Account.BANK),
    Act.FAIL: (Account.IN_TRANSIT, Account.PAYABLE),
    Act.RETURN: (Account.BANK, Account.PAYABLE),
    Act.OVERPAID: (Account.RECEIVABLE, Account.EXPENSE),
    Act.WITHHOLD: (Account.PAYABLE, Account.RECEIVABLE),
    Act.REPAY: (Account.BANK, Account.RECEIVABLE),
    Act.WRITE_OFF: (Account.WRITTEN_OFF, Account.RECEIVABLE),
}


class Refused(ValueError):
    """An act that may not be; the message says why and what to do, in Chinese."""


class Person(NamedTuple):
    """Who acted: account id and name, compared as one."""

    user_id: int | None
    name: str


class MonthSum(NamedTuple):
    """What a month came to: fen that went out, and fen by benefit."""

    out_fen: int
    benefits: Mapping[str, int]


class ElsewhereRow(NamedTuple):
    """A good row of another payer's list."""

    row: int
    person_id: int
    place_code: str
    benefit: str


class BackRow(NamedTuple):
    """A row that goes back: where it stood, its cells, and why."""

    where: str
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a computed month says of itself, to be stored with its lines.

    Attributes:
        fingerprint: Of input and rules. rules: Hash of all that decides past months.
        since: First past month that was asked. everybody: Whether everybody's past was asked.
        snapshot: Name of the sealed file of the input. compared_with: Run whose facts were
            compared. rows: Input rows a table. seconds: By step.
    """

    fingerprint: str
    rules: str
    since: int
    everybody: bool
    snapshot: str
    compared_with: int | None
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def month_words(month: int) -> str:
    """Return a month for reading: 2026 年 3 月. Months are ``year * 12 + month - 1``."""
    return f"{month // 12} 年 {month % 12 + 1} 月"


def month_text(month: int) -> str:
    """Return a month for files: 202603."""
    return f"{month // 12:04d}{month % 12 + 1:02d}"
