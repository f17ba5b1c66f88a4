"""How a benefit is paid month by month: from when, until when, by day or by month; per version.

All of it is the pack's word (``payments.yaml``), with a clause; nothing of it stands in code. The
version of a month is the last that begins in or before it, so that a later version says nothing of
a month before it; ``refuse_rewriting`` holds a new file to that.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from yanglao.engines.payments.months import Month, month_text
from yanglao.engines.payments.reading import Problems, TermsErrors, TermsProblem, Value, read_root

Basis = Literal["approval", "application", "eligibility", "none"]
_BASES: tuple[Basis, ...] = ("approval", "application", "eligibility", "none")
#: Why an entitlement ended: each has its own last month in the terms.
CAUSES = {
    "death": "死亡",
    "move": "迁出",
    "grade": "等级变化",
    "admission": "入住机构",
    "revoked": "撤销审批",
    "other": "不再符合条件",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """How one benefit is paid, from a month on.

    Offsets count months from the month in which the day of the event lies.

    Attributes:
        start: 0: the month in which the person begins to be entitled is paid; 1: the month after.
        basis: From what the first month is counted besides: the ``approval``, the ``application``
            (of an approved one), ``eligibility`` alone (but it must be approved); ``none`` where
            no approval of ours is needed (money of another office).
        basis_start: Offset of the first month from the basis.
        change: 0: a new amount holds for the whole month in which it began; 1: from the next.
        stop: Per cause, the last month paid: 0 the month of the event, -1 the month before it.
        suspend: First month not paid, counted from the day of suspension. resume: First month paid
            again, counted from the day it was lifted.
        repay_suspended: Whether the months between are paid afterwards when it was cleared.
        prorate: ``none``, or ``days``: by the days of the month on which the person was entitled.
        arrears_months: How many past months may be paid afterwards; None without limit.
        recover_percent: At most this part of a month's money is kept back for what was overpaid.
    """

    benefit: str
    first_month: Month
    start: int
    basis: Basis
    basis_start: int
    change: int
    stop_death: int
    stop_move: int
    stop_grade: int
    stop_admission: int
    stop_revoked: int
    stop_other: int
    suspend: int
    resume: int
    repay_suspended: bool
    prorate: Literal["none", "days"]
    arrears_months: int | None
    recover_percent: int
    clause: str
    verified: bool

    def stop(self, cause: str) -> int:
        """The offset of the last month paid for a cause (one of CAUSES; else ``other``)."""
        return int(getattr(self, f"stop_{cause if cause in CAUSES else 'other'}"))


@dataclass(frozen=True, slots=True)
class Limits:
    """When a line is shown to a person before it is paid.

    ``account_people``: more people than this on one account. ``month_fen``: more money than this
    to one person for one benefit in one month, arrears included.
    """

    account_people: int
    month_fen: int


@dataclass(frozen=True)
class PaymentTerms:
    """All versions of a pack's terms; by benefit, in order of time."""

    title: str
    by_benefit: Mapping[str, tuple[Terms, ...]]
    limits: "Limits"
    hash: str

    def in_force(self, benefit: str, month: Month) -> Terms | None:
        """The terms of a month; None before the first version."""
        found = None
        for one in self.by_benefit.get(benefit, ()):
            if one.first_month <= month:
                found = one
        return found

    def unverified(self) -> tuple[Terms, ...]:
        """Terms that were not seen in a source."""
        return tuple(t for all_ in self.by_benefit.values() for t in all_ if not t.verified)


_ROOT = {"title": True, "note": False, "limits": True, "benefits": True}
_LARGEST_FEN = 10**12
_VERSION = {
    "from": True,
    "start": True,
    "basis": True,
    "basis_start": True,
    "change": True,
    "stop": True,
    "suspend": True,
    "resume": True,
    "repay_suspended": True,
    "prorate": True,
    "arrears_months": False,
    "recover_percent": True,
    "clause": True,
    "verified": False,
    "note": False,
}


def read_terms(text: str, file: str, benefits: Iterable[str]) -> PaymentTerms:
    """The terms of a file.

    Args:
        file: What to call it in problems. benefits: The codes that the compatibility table knows.

    Raises:
        TermsErrors: With every mistake.
    """
    log = Problems()
    root = read_root(text, file, log)
    log.raise_if_any()
    at = root.mapping(_ROOT) if root else {}
    known = list(benefits)
    found: dict[str, tuple[Terms, ...]] = {}
    for code, value in at["benefits"].entries().items() if "benefits" in at else ():
        if code not in known:
            value.problem(f"不认识的事项“{code}”", f"可以写：{'、'.join(known)}")
        versions: list[Terms] = []
        for member in value.members():
            terms = _read_version(code, member)
            if terms is None:
                continue
            if versions and terms.first_month <= versions[-1].first_month:
                member.problem("版本没有按先后排列或重复", "请按 from 从早到晚排列")
            versions.append(terms)
        found[code] = tuple(versions)
    limits = _read_limits(at["limits"]) if "limits" in at else Limits(0, 0)
    log.raise_if_any()
    title = at["title"].text()
    return PaymentTerms(title, found, limits, hashlib.sha256(text.encode()).hexdigest())


def _read_limits(value: Value) -> Limits:
    at = value.mapping({"account_people": True, "month_fen": True, "note": False})
    return Limits(
        at["account_people"].integer(1, 1000) if "account_people" in at else 0,
        at["month_fen"].integer(1, _LARGEST_FEN) if "month_fen" in at else 0,
    )


def _read_version(code: str, value: Value) -> Terms | None:
    at = value.mapping(_VERSION)
    if not {key for key, needed in _VERSION.items() if needed} <= set(at):
        return None
    stops = at["stop"].mapping({cause: True for cause in CAUSES})
    prorate = at["prorate"].choice(("none", "days"))
    basis = at["basis"].choice(_BASES)
    numbers = {
        "start": at["start"].integer(0, 12),
        "basis_start": at["basis_start"].integer(0, 12),
        "change": at["change"].integer(0, 1),
        "suspend": at["suspend"].integer(0, 12),
        "resume": at["resume"].integer(0, 12),
    }
    stop = {f"stop_{cause}": one.integer(-1, 12) for cause, one in stops.items()}
    if prorate == "days" and (
        any(numbers[k] for k in ("start", "basis_start", "change")) or any(stop.values())
    ):
        value.problem("按天折算时不能再写月份偏移", "请把 start、basis_start、change、stop 都写 0")
    if len(stop) < len(CAUSES) or not prorate or not basis:
        return None
    limit = at["arrears_months"].integer(0, 600) if "arrears_months" in at else None
    return Terms(
        benefit=code,
        first_month=at["from"].month(),
        basis=next(one for one in _BASES if one == basis),
        repay_suspended=at["repay_suspended"].boolean(),
        prorate="days" if prorate == "days" else "none",
        arrears_months=limit,
        recover_percent=at["recover_percent"].integer(0, 100),
        clause=at["clause"].text(),
        verified=at["verified"].boolean() if "verified" in at else True,
        **numbers,
        **stop,
    )


def refuse_rewriting(old: PaymentTerms, new: PaymentTerms, first_open: Month, file: str) -> None:
    """Refuse a new file that says something else of a month that is closed.

    Args:
        first_open: The first month that has not been paid under the old file.

    Raises:
        TermsErrors: Naming every benefit and month that the new file would change.
    """
    problems = []
    for benefit in sorted({*old.by_benefit, *new.by_benefit}):
        begins = [
            one.first_month
            for terms in (old, new)
            for one in terms.by_benefit.get(benefit, ())
            if one.first_month < first_open
        ]
        for month in sorted({*begins}):
            before, after = old.in_force(benefit, month), new.in_force(benefit, month)
            if _substance(before) != _substance(after):
                what = f"新版改动了“{benefit}”{month_text(month)} 起已经发放的月份"
                do = f"请恢复原来的写法，另写一版，from 不早于 {month_text(first_open)}"
                problems.append(TermsProblem(file, 0, what, do))
    if problems:
        raise TermsErrors(problems)


def _substance(terms: Terms | None) -> tuple[object, ...]:
    """What decides payments: all but the words."""
    if terms is None:
        return ()
    # The first month is where a version was cut, not what it says; clause and verified are words.
    words = {"first_month", "clause", "verified"}
    return tuple(getattr(terms, one.name) for one in fields(terms) if one.name not in words)
