"""Choices, tables of states and allowed moves, and the frozen rows that actions and queries use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models


class GradingState(models.TextChoices):
    """Where a grading stands."""

    ASKED = "asked", "已申请"
    GRADING = "grading", "评估中"
    SIGNED = "signed", "待公示"
    NOTICE = "notice", "公示中"
    HELD = "held", "已生效"
    DISPUTED = "disputed", "有异议"
    REPLACED = "replaced", "已被新结果代替"
    REFUSED = "refused", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"


#: What may follow on what. A review is a grading of its own; when it holds, it replaces.
GRADING_MOVES: dict[str, tuple[str, ...]] = {
    GradingState.ASKED: (GradingState.GRADING, GradingState.REFUSED, GradingState.WITHDRAWN),
    GradingState.GRADING: (GradingState.SIGNED, GradingState.ASKED, GradingState.WITHDRAWN),
    GradingState.SIGNED: (GradingState.NOTICE, GradingState.GRADING),
    GradingState.NOTICE: (GradingState.HELD, GradingState.DISPUTED),
    GradingState.HELD: (GradingState.DISPUTED, GradingState.REPLACED),
    GradingState.DISPUTED: (GradingState.HELD, GradingState.REPLACED),
    GradingState.REPLACED: (),
    GradingState.REFUSED: (),
    GradingState.WITHDRAWN: (),
}
OPEN_GRADINGS = (
    GradingState.ASKED,
    GradingState.GRADING,
    GradingState.SIGNED,
    GradingState.NOTICE,
    GradingState.DISPUTED,
)


class GradingKind(models.TextChoices):
    """Why somebody is graded."""

    FIRST = "first", "首次评估"
    REGULAR = "regular", "期满重评"
    CHANGE = "change", "状况变化重评"
    REVIEW = "review", "异议复评"


class Applicant(models.TextChoices):
    """Who asked for the grading."""

    SELF = "self", "本人"
    FAMILY = "family", "家属或监护人"
    VILLAGE = "village", "村（社区）代办"
    PROVIDER = "provider", "护理机构代办"
    OFFICER = "officer", "经办人主动"


class Place(models.TextChoices):
    """Where the person is cared for."""

    HOME = "home", "居家"
    INSTITUTION = "institution", "机构"


class ProviderKind(models.TextChoices):
    """What a provider has a contract for."""

    HOME = "home", "居家护理"
    INSTITUTION = "institution", "机构护理"
    BOTH = "both", "居家和机构"


class BenefitState(models.TextChoices):
    """Where a benefit stands."""

    PREPARED = "prepared", "待批准"
    APPROVED = "approved", "享受中"
    STOPPED = "stopped", "已停止"
    REFUSED = "refused", "未批准"


BENEFIT_MOVES: dict[str, tuple[str, ...]] = {
    BenefitState.PREPARED: (BenefitState.APPROVED, BenefitState.REFUSED),
    BenefitState.APPROVED: (BenefitState.STOPPED,),
    BenefitState.STOPPED: (),
    BenefitState.REFUSED: (),
}


class StopCause(models.TextChoices):
    """Why a benefit stops; the parameter ``stop_months`` says up to which month it is given."""

    DEATH = "death", "去世"
    MOVED = "moved", "转移参保地"
    GRADE = "grade", "等级变化"
    WITHDRAWN = "withdrawn", "本人放弃"
    OTHER = "other", "其他"


class PlanState(models.TextChoices):
    """Where a care plan stands."""

    PREPARED = "prepared", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class AbsenceKind(models.TextChoices):
    """Why somebody was not there to be cared for."""

    HOSPITAL = "hospital", "住院"
    ADMITTED = "admitted", "入住其他机构"
    AWAY = "away", "外出"


class StatementState(models.TextChoices):
    """Where a settlement stands."""

    DRAFT = "draft", "核对中"
    SUBMITTED = "submitted", "待批准"
    APPROVED = "approved", "可支付"
    PAID = "paid", "已支付"


STATEMENT_MOVES: dict[str, tuple[str, ...]] = {
    StatementState.DRAFT: (StatementState.SUBMITTED,),
    StatementState.SUBMITTED: (StatementState.APPROVED, StatementState.DRAFT),
    StatementState.APPROVED: (StatementState.PAID,),
    StatementState.PAID: (),
}


class Group(models.TextChoices):
    """By which rule somebody is insured."""

    EMPLOYEE = "employee", "职工"
    RESIDENT = "resident", "居民"
    ASSISTED = "assisted", "救助对象"
    UNKNOWN = "unknown", "类别未知"


class Source(models.TextChoices):
    """Who pays a contribution."""

    INDIVIDUAL = "individual", "个人"
    UNIT = "unit", "单位"
    GOVERNMENT = "government", "财政"
    MEDICAL = "medical", "医保基金划转"


class EntryKind(models.TextChoices):
    """What money of the fund was for."""

    OPENING = "opening", "上年结转"
    CONTRIBUTION = "contribution", "筹资收入"
    INTEREST = "interest", "利息收入"
    SETTLEMENT = "settlement", "待遇支出"
    OTHER = "other", "其他支出"
    CORRECTION = "correction", "冲正"


#: Money that comes in by hand; what goes out for care comes from approved settlements alone.
BY_HAND = (EntryKind.OPENING, EntryKind.CONTRIBUTION, EntryKind.INTEREST, EntryKind.OTHER)


def next_month(month: date) -> date:
    """Return the first day of the month after the one in which a day lies."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


class WrongStep(ValueError):
    """An act that is not possible as things stand; the message is for the officer."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A row of a provider's file that may be stored.

    Attributes:
        row: Where it stands: sheet and row. person_id, place_code: Whose.
        place: ``home`` or ``institution``. day: When. start: Minutes after midnight.
        amount: Minutes, or 1 day. task: What was done, a word.
    """

    row: str
    person_id: int
    place_code: str
    place: str
    day: date
    start: int
    amount: int
    task: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row that goes back: where it stands, its cells, why."""

    row: str
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line of a settlement as computed; money is the whole month's, see ``StatementLine``."""

    person_id: int
    plan_id: int | None
    place: str
    grade: int
    claimed: int
    approved: int
    payable: int
    fee_fen: int
    fund_fen: int
    person_fen: int
    over_ceiling_fen: int
    deductions: tuple[tuple[str, int, int], ...] = ()
    verdicts: Mapping[int, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """The overview in numbers; money in fen."""

    insured: int = 0
    held: int = 0
    working: int = 0
    notice_over: int = 0
    receiving: int = 0
    to_approve: int = 0
    statements: int = 0
    balance_fen: int = 0
