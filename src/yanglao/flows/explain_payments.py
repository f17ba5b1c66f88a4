"""Payments in words: checks, reasons, choices, benefits; what pages and letters say."""

from collections.abc import Iterable

from yanglao.domain.settlement.public import MonthChoice
from yanglao.engines.payments.choosing import Choice, explain
from yanglao.engines.payments.compatibility import Benefit
from yanglao.engines.payments.paying import CHECKS, DIFFERENCES
from yanglao.flows.read_payment_rules import NoPaymentRules, read_payment_rules

#: Code of a check to its short name on lists.
CHECK_NAMES = {
    "no_person": "没有档案",
    "dead": "已去世",
    "moved": "已迁出",
    "no_account": "没有账户",
    "two_accounts": "不止一个账户",
    "paid_elsewhere": "别处在发",
    "account_shared": "账户多人共用",
    "over_limit": "超过上限",
}
#: Code of a month's answer or of a choice to why somebody gets this.
REASONS = {
    "payable": "符合规定",
    "alone": "符合规定",
    "allowed": "符合规定",
    "kept": "符合规定，停发另一项",
    "no_terms": "没有发放规定",
    "after_death": "去世",
    "after_move": "迁出",
    "after_grade": "等级变化",
    "after_admission": "入住机构",
    "after_revoked": "撤销审批",
    "after_other": "不再符合条件",
    "before_start": "未到起发月份",
    "not_eligible": "不符合条件",
    "not_approved": "没有审批",
    "before_approval": "审批未到起发月份",
    "revoked": "审批已撤销",
    "suspended": "暂停",
    "unknown": "是否符合不清楚",
    "amount_unknown": "金额没有核定",
    "excluded": "与另一项不能并领",
    "lower": "择高发放，另一项较高",
    "difference": "补差发放",
    "held_unknown": "是否符合不清楚，先不发",
    "held_amount": "金额没有核定，先不发",
    "held_rival": "另一项不清楚，先不发",
    "left_area": "不在本地区名单里了",
}
DIFFERENCE_WORDS = DIFFERENCES


def check_name(code: str) -> str:
    """Return a check's short name."""
    return CHECK_NAMES.get(code, code)


def check_words(code: str) -> str:
    """Return what a check asks of a person."""
    return CHECKS[code][1] if code in CHECKS else code


def reason_words(code: str) -> str:
    """Return why somebody gets (or does not get) this."""
    return REASONS.get(code, code)


def benefits_of(region: str) -> dict[str, str]:
    """Return the benefits that are paid in a region: code to name; empty when there is none."""
    try:
        return read_payment_rules(region).payable
    except NoPaymentRules:
        return {}


def benefit_names(region: str) -> dict[str, str]:
    """Return the names of all benefits that a region's rules speak of."""
    return {code: one.name for code, one in _benefits(region).items()}


def named(codes: Iterable[str], names: dict[str, str]) -> str:
    """Return benefits in words: 高龄津贴、护理补贴."""
    return "、".join(names.get(code, code) for code in codes)


def choice_sentence(row: MonthChoice, region: str) -> str:
    """Return a choice as one sentence with its clause."""
    choice = Choice(
        row.benefit,
        row.due_fen,
        row.paid_fen,
        row.state,  # type: ignore[arg-type]  # stored as the engine said it
        row.code,
        tuple(one for one in row.against.split("、") if one),
        row.clause,
    )
    return explain(choice, _benefits(region))


def unverified_rules(region: str) -> int:
    """Count the rules of a region that nobody has seen in a source; pages have to say so."""
    try:
        return read_payment_rules(region).unverified()
    except NoPaymentRules:
        return 0


def _benefits(region: str) -> dict[str, Benefit]:
    try:
        return dict(read_payment_rules(region).compatibility.benefits)
    except NoPaymentRules:
        return {}
