"""States of a case and the acts between them, as tables; words of disputes, accounts and alerts."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    """Where a case stands."""

    OPEN = "open", _("待初审")
    PREPARED = "prepared", _("待公示")
    NOTICED = "noticed", _("公示中、待审批")
    RETURNED = "returned", _("退回补正")
    APPROVED = "approved", _("在享")
    SUSPENDED = "suspended", _("暂停")
    STOPPED = "stopped", _("停发")
    REFUSED = "refused", _("不予批准")
    WITHDRAWN = "withdrawn", _("本人撤回")


#: Not decided yet: a clock runs.
WAITING_STATES = (CaseState.OPEN, CaseState.PREPARED, CaseState.NOTICED, CaseState.RETURNED)
#: Money may flow (or would, but for a suspension).
LIVE_STATES = (CaseState.APPROVED, CaseState.SUSPENDED)
#: A new case may be opened beside these.
CLOSED_STATES = (CaseState.STOPPED, CaseState.REFUSED, CaseState.WITHDRAWN)


class CaseAct(TextChoices):
    """What a step of a case did."""

    APPLY = "apply", _("受理申请")
    FIND = "find", _("免申即享立案")
    REFRESH = "refresh", _("重新取证")
    PREPARE = "prepare", _("初审同意")
    RETURN = "return", _("退回")
    NOTICE = "notice", _("公示")
    APPROVE = "approve", _("审批同意")
    REFUSE = "refuse", _("不予批准")
    WITHDRAW = "withdraw", _("本人撤回")
    SUSPEND = "suspend", _("暂停")
    RESUME = "resume", _("恢复")
    STOP = "stop", _("停发")
    RESTART = "restart", _("申请重新发放")
    OBJECT = "object", _("收到异议")
    ANSWER = "answer", _("答复异议")
    APPEAL = "appeal", _("收到复核申请")
    DECIDE = "decide", _("复核成立，重新办理")
    REJECT = "reject", _("复核不成立")
    MOVE = "move", _("随人迁移")
    EFFECT = "effect", _("自动停发")
    BACK = "back", _("自动恢复")


#: Acts that move a case: from which states, and to which.
MOVES: Mapping[CaseAct, tuple[tuple[CaseState, ...], CaseState]] = {
    CaseAct.PREPARE: ((CaseState.OPEN, CaseState.RETURNED), CaseState.PREPARED),
    CaseAct.RETURN: ((CaseState.PREPARED, CaseState.NOTICED), CaseState.RETURNED),
    CaseAct.NOTICE: ((CaseState.PREPARED,), CaseState.NOTICED),
    # From PREPARED only what was posted before: a benefit that starts again.
    CaseAct.APPROVE: ((CaseState.NOTICED, CaseState.PREPARED), CaseState.APPROVED),
    CaseAct.REFUSE: (
        (CaseState.OPEN, CaseState.RETURNED, CaseState.PREPARED, CaseState.NOTICED),
        CaseState.REFUSED,
    ),
    CaseAct.WITHDRAW: (
        (CaseState.OPEN, CaseState.RETURNED, CaseState.PREPARED, CaseState.NOTICED),
        CaseState.WITHDRAWN,
    ),
    CaseAct.SUSPEND: ((CaseState.APPROVED,), CaseState.SUSPENDED),
    CaseAct.RESUME: ((CaseState.SUSPENDED,), CaseState.APPROVED),
    CaseAct.STOP: ((CaseState.APPROVED, CaseState.SUSPENDED), CaseState.STOPPED),
    CaseAct.RESTART: ((CaseState.STOPPED,), CaseState.PREPARED),
    CaseAct.DECIDE: ((CaseState.REFUSED, CaseState.STOPPED), CaseState.OPEN),
    CaseAct.EFFECT: ((CaseState.APPROVED, CaseState.SUSPENDED), CaseState.STOPPED),
    CaseAct.BACK: ((CaseState.STOPPED,), CaseState.APPROVED),
}


class CaseWay(TextChoices):
    """How a case began."""

    APPLIED = "applied", _("申请")
    FOUND = "found", _("免申即享")


class Applicant(TextChoices):
    """Who asked for it."""

    SELF = "self", _("本人")
    FAMILY = "family", _("家属代办")
    VILLAGE = "village", _("村（社区）代办")


class StopCause(TextChoices):
    """Why a benefit ends; the words that ``payments.yaml`` has a rule for."""

    DEATH = "death", _("去世")
    MOVE = "move", _("迁出")
    GRADE = "grade", _("等级变化")
    ADMISSION = "admission", _("入住机构")
    REVOKED = "revoked", _("撤销")
    OTHER = "other", _("不再符合条件")


class SuspendCause(TextChoices):
    """Why a benefit is suspended."""

    LIFE = "life", _("没有按时做生存认证")
    DOUBT = "doubt", _("有疑点，正在核实")
    ACCOUNT = "account", _("收款账户有问题")
    AWAY = "away", _("长期在外、联系不上")
    OTHER = "other", _("其他")


class DisputeKind(TextChoices):
    """An objection to a notice, or an appeal against a decision."""

    OBJECTION = "objection", _("公示异议")
    APPEAL = "appeal", _("复核申请")


class DisputeState(TextChoices):
    """What became of it."""

    OPEN = "open", _("办理中")
    UPHELD = "upheld", _("成立")
    REJECTED = "rejected", _("不成立")
    WITHDRAWN = "withdrawn", _("撤回")


class AccountKind(TextChoices):
    """What the money goes to."""

    SOCIAL_CARD = "card", _("社会保障卡")
    BANK = "bank", _("银行账户")


class AccountState(TextChoices):
    """Nobody is paid to an account that a second person has not looked at."""

    WAITING = "waiting", _("待复核")
    CONFIRMED = "confirmed", _("已复核")
    REFUSED = "refused", _("未通过")


class AlertKind(TextChoices):
    """What happened to somebody with a benefit, for a person to look at."""

    DEATH = "death", _("去世")
    MOVE = "move", _("迁出")
    GRADE = "grade", _("等级变化")
    ADMISSION = "admission", _("入住机构")
    OTHER = "other", _("不再符合条件")
    UNKNOWN = "unknown", _("条件不清楚")
    AMOUNT = "amount", _("金额变化")
    BACK = "back", _("重新符合")


class WrongMove(ValueError):
    """An act that the table, or a rule of approval, does not allow; the message is for officers."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact of the register as it stood when the case was made.

    Attributes:
        name: Word of the vocabulary. label: Its name. value: In words; empty: unknown.
        source: List and row, with its department. on: The day of the list or record, ISO.
    """

    name: str
    label: str
    value: str
    source: str
    on: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the catalogue says of a person and item on a day, with the facts it followed from.

    Attributes:
        status: ``yes``, ``possible`` or ``no``. tier: Grade or age band.
        fen: A month's money; ``None`` when it is not published.
        reason: One sentence. sentence: The rule in words. clause: Where the document says so.
        missing: Labels of the facts a possible answer hangs on.
        evidence: The facts used. amount_words: Parameter and source of the amount.
        version_id: Version of the catalogue. as_of: The day, ISO.
    """

    status: str
    tier: str
    fen: int | None
    reason: str
    sentence: str
    clause: str
    missing: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    amount_words: str
    version_id: int
    as_of: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """Calendar days of each step, from ``policies/…/procedures.yaml``.

    Attributes:
        appeal_within_days: Days after a decision in which an appeal may be made.
        source: Where it says so. verified: Whether that was seen.
    """

    prepare_days: int
    notice_days: int
    approve_days: int
    objection_days: int
    appeal_days: int
    appeal_within_days: int
    source: str
    verified: bool
