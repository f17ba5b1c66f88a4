"""One person, one benefit, one month: payable or not, how much, and why.

Facts are half-open intervals of days, as they are known when the question is asked; who asks again
later, after a grade was dated back, gets another answer for the same month, and the difference is
arrears or overpayment (``settling``). The terms and the answers are those of the version in force
in that month: an interval that another version gave is not looked at, however far it reaches back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yanglao.engines.payments.months import (
    Month,
    days_in,
    first_day,
    month_of,
    month_words,
)
from yanglao.engines.payments.terms import CAUSES, PaymentTerms, Terms
from yanglao.kernel.dates import anniversary
from yanglao.kernel.money import Fen, format_yuan

Due = Literal["payable", "not_payable", "held"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a catalogue's version says of a person and benefit, from first to before end.

    Only yes and unknown are written; days without an answer are a no.

    Attributes:
        version: Code of the catalogue's version that gave it; empty for money of another office
            (terms with basis ``none``), which no catalogue of ours decides.
        known: False when the entitlement is unknown on these days.
        tier: Grade or age band, for reading. fen: A month's money; None when it is not known.
        ended_by: Why it ended: one of ``terms.CAUSES``; empty where it goes on as another answer.
    """

    benefit: str
    version: str
    first: date
    end: date | None
    known: bool
    fen: Fen | None
    tier: str = ""
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """An approved application: the day it was applied for and approved, the day it was revoked."""

    benefit: str
    applied_on: date
    approved_on: date
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A suspension from first to before end; ``cleared`` when nothing was found wrong."""

    benefit: str
    first: date
    end: date | None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one person. Answers of one benefit and version do not overlap."""

    answers: tuple[Answer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class CatalogueVersion:
    """A catalogue's version and the first month it is in force."""

    code: str
    first_month: Month


@dataclass(frozen=True, slots=True)
class MonthAnswer:
    """What a month gives.

    Attributes:
        fen: Money when payable; of a held one what is known of it, else None.
        code: ``payable``, ``no_terms``, ``after_death``, ``after_move``, ``after_grade``,
            ``after_admission``, ``after_other``, ``before_start``, ``not_eligible``,
            ``not_approved``, ``before_approval``, ``revoked``, ``suspended``, ``unknown``,
            ``amount_unknown``.
        days: Days paid for where the pack prorates, else 0.
    """

    benefit: str
    month: Month
    due: Due
    fen: Fen | None
    code: str
    tier: str
    days: int
    clause: str


def version_in_force(versions: Iterable[CatalogueVersion], month: Month) -> str:
    """Code of the catalogue's version in a month; empty before the first."""
    begun = [one for one in versions if one.first_month <= month]
    return max(begun, key=lambda one: one.first_month).code if begun else ""


def month_entitlement(
    history: History,
    benefit: str,
    month: Month,
    terms: PaymentTerms,
    versions: Iterable[CatalogueVersion],
) -> MonthAnswer:
    """What a person's history gives of a benefit in a month."""
    rule = terms.in_force(benefit, month)
    version = version_in_force(versions, month)
    if rule is not None and rule.basis == "none":
        version = ""
    elif rule is None or not version:
        return MonthAnswer(benefit, month, "not_payable", 0, "no_terms", "", 0, "")
    answers = sorted(
        (a for a in history.answers if a.benefit == benefit and a.version == version),
        key=lambda a: a.first,
    )
    if rule.prorate == "days":
        return _by_days(history, rule, answers, month)
    died = history.died_on
    if died is not None and month > month_of(died) + rule.stop_death:
        return _none(rule, month, "after_death")
    chosen, code = _of_month(rule, answers, month)
    if chosen is None:
        return _none(rule, month, code)
    refused = _not_approved(history, rule, month) or _suspended(history, rule, month)
    if refused:
        return _none(rule, month, refused)
    return _result(rule, month, chosen.known, chosen.fen, chosen.tier, 0)


def _none(rule: Terms, month: Month, code: str) -> MonthAnswer:
    return MonthAnswer(rule.benefit, month, "not_payable", 0, code, "", 0, rule.clause)


def _result(
    rule: Terms, month: Month, known: bool, fen: Fen | None, tier: str, days: int
) -> MonthAnswer:
    due: Due = "payable" if known and fen is not None else "held"
    code = "payable" if due == "payable" else "amount_unknown" if known else "unknown"
    return MonthAnswer(rule.benefit, month, due, fen, code, tier, days, rule.clause)


def _of_month(rule: Terms, answers: list[Answer], month: Month) -> tuple[Answer | None, str]:
    """The answer that holds for a month (the latest that covers it), or why there is none."""
    found: Answer | None = None
    code = "not_eligible"
    for number, one in enumerate(answers):
        goes_on = number > 0 and answers[number - 1].end == one.first
        begins = month_of(one.first) + (rule.change if goes_on else rule.start)
        if begins > month:
            if code == "not_eligible":
                code = "before_start"
            continue
        if _last_month(rule, one, answers[number + 1 : number + 2]) >= month:
            found = one
        else:
            code = f"after_{one.ended_by if one.ended_by in CAUSES else 'other'}"
    return found, code


def _last_month(rule: Terms, one: Answer, following: list[Answer]) -> Month:
    """The last month for which an answer holds."""
    if one.end is None:
        return month_of(date.max)
    if following and following[0].first == one.end:
        return month_of(one.end) + rule.change - 1
    return month_of(one.end) + rule.stop(one.ended_by)


def _basis_day(rule: Terms, approval: Approval) -> date:
    """The day from which an approval lets money flow."""
    if rule.basis == "approval":
        return approval.approved_on
    return approval.applied_on if rule.basis == "application" else date.min


def _not_approved(history: History, rule: Terms, month: Month) -> str:
    """Empty when an approval covers the month or none is needed, else why not."""
    if rule.basis == "none":
        return ""
    code = "not_approved"
    for one in sorted(
        (a for a in history.approvals if a.benefit == rule.benefit), key=lambda a: a.approved_on
    ):
        basis = _basis_day(rule, one)
        if basis != date.min and month_of(basis) + rule.basis_start > month:
            if code == "not_approved":
                code = "before_approval"
        elif one.revoked_on and month > month_of(one.revoked_on) + rule.stop_revoked:
            code = "revoked"
        else:
            return ""
    return code


def _suspended(history: History, rule: Terms, month: Month) -> str:
    """``suspended`` when a suspension covers the month."""
    for one in history.suspensions:
        if one.benefit != rule.benefit or (one.cleared and rule.repay_suspended):
            continue
        lifted = month_of(one.end) + rule.resume if one.end else None
        if month_of(one.first) + rule.suspend <= month and (lifted is None or month < lifted):
            return "suspended"
    return ""


def _by_days(history: History, rule: Terms, answers: list[Answer], month: Month) -> MonthAnswer:
    """Money for the days of the month on which the person was entitled, alive and approved."""
    low, high = first_day(month), first_day(month + 1)
    died = history.died_on
    if died is not None and died < low:
        return _none(rule, month, "after_death")
    if died is not None:
        high = min(high, date.fromordinal(died.toordinal() + 1))
    _, code = _of_month(rule, answers, month)
    covered = [a for a in answers if a.first < high and (a.end is None or a.end > low)]
    if not covered:
        return _none(rule, month, code)
    refused = _not_approved(history, rule, month) or _suspended(history, rule, month)
    if refused:
        return _none(rule, month, refused)
    windows = [(low, high)]
    if rule.basis != "none":
        windows = _approved_days(history, rule, low, high)
    known, priced, days, sum_of_days, tier = True, True, 0, 0, ""
    for one in covered:
        number = _days_within(one, windows)
        if not number:
            continue
        known, priced = known and one.known, priced and one.fen is not None
        days, sum_of_days, tier = days + number, sum_of_days + number * (one.fen or 0), one.tier
    if not days:
        return _none(rule, month, "not_eligible")
    whole = days_in(month)
    # Half a fen is rounded up, once for the month, in whole numbers.
    fen = (2 * sum_of_days + whole) // (2 * whole)
    return _result(rule, month, known, fen if priced else None, tier, days)


def _approved_days(history: History, rule: Terms, low: date, high: date) -> list[tuple[date, date]]:
    """Days of the month under an approval, as disjoint half-open intervals."""
    found: list[tuple[date, date]] = []
    rows = sorted(
        (_basis_day(rule, a), a.revoked_on or date.max)
        for a in history.approvals
        if a.benefit == rule.benefit
    )
    for begins, ends in rows:
        first = max(low, begins, found[-1][1] if found else low)
        last = min(high, ends)
        if first < last:
            found.append((first, last))
    return found


def _days_within(one: Answer, windows: list[tuple[date, date]]) -> int:
    """How many days of an answer lie in the intervals."""
    end = one.end or date.max
    return sum(max(0, (min(end, b) - max(one.first, a)).days) for a, b in windows)


def explain_month(answer: MonthAnswer, name: str) -> str:
    """A month's answer as one Chinese sentence with its clause."""
    when = month_words(answer.month)
    words: Mapping[str, str] = {
        "payable": f"{when}应发{name} {format_yuan(answer.fen or 0)} 元"
        + (f"（按 {answer.days} 天折算）" if answer.days else ""),
        "no_terms": f"{when}没有施行中的{name}发放规定，不发",
        "after_death": f"已去世，{name}发放到规定的最后一个月为止，{when}不发",
        "before_start": f"{name}还没有到开始发放的月份，{when}不发",
        "not_eligible": f"{when}不符合{name}的条件，不发",
        "not_approved": f"{name}没有审批，{when}不发",
        "before_approval": f"{name}审批后还没有到开始发放的月份，{when}不发",
        "revoked": f"{name}的审批已撤销，{when}不发",
        "suspended": f"{name}已暂停，{when}不发",
        "unknown": f"{when}是否符合{name}还不清楚，查清前不发",
        "amount_unknown": f"{name}的金额没有核定，{when}先不发",
    }
    cause = CAUSES.get(answer.code.removeprefix("after_"), "")
    sentence = words.get(answer.code, f"因{cause}，{name}已停发，{when}不发")
    return sentence + (f"（依据：{answer.clause}）" if answer.clause else "")


def split_by_age(
    answer: Answer, born: date, bands: Mapping[str, tuple[int, Fen | None]]
) -> tuple[Answer, ...]:
    """An answer cut at birthdays, each part with the tier and money of its age band.

    Args:
        bands: Name of the band to its first age and a month's money; an age below all is a no.
    """
    starts = sorted((anniversary(born, age), name, fen) for name, (age, fen) in bands.items())
    parts = []
    for number, (begins, name, fen) in enumerate(starts):
        ends = starts[number + 1][0] if number + 1 < len(starts) else None
        first = max(begins, answer.first)
        end = min([day for day in (ends, answer.end) if day is not None], default=None)
        if end is None or first < end:
            cause = answer.ended_by if end == answer.end else ""
            parts.append(
                Answer(answer.benefit, answer.version, first, end, answer.known, fen, name, cause)
            )
    return tuple(parts)
