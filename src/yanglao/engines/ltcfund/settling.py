"""A month of a provider: what each service record is worth, why less, and who pays which part.

Minutes (at home) or days (in an institution) are added up for the person's month under one care
plan and priced once, so that nothing is rounded visit by visit. Half a fen goes up. What the fund
pays and what the person pays are together the fee, to the fen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

HOME, INSTITUTION = "home", "institution"

#: Why something is not paid, in the order in which it is asked.
REASONS = {
    "no_contract": "服务日不在协议期内",
    "dead": "服务日在去世之后",
    "no_benefit": "服务日没有待遇资格",
    "no_plan": "这家机构当天没有批准的照护计划",
    "absent": "当天住院或外出",
    "twice": "与另一条服务时间重叠",
    "two_providers": "同一时间另一家机构也在服务",
    "too_long": "一天的服务时长超过上限",
    "over_plan": "超过计划批准的时长",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included; ``last`` None: without end."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Service:
    """One service record.

    Attributes:
        id, person: Whose. place: ``home`` or ``institution``. day: When.
        start: Minutes after midnight at which it began; in an institution 0.
        amount: Minutes at home; 1 day in an institution.
        paid: Whether an approved statement already counts it.
    """

    id: int
    person: int
    place: str
    day: date
    start: int
    amount: int
    paid: bool = False

    def overlaps(self, other: "Service") -> bool:
        """Whether both claim the same time of one person; a day in an institution is whole."""
        if self.day != other.day:
            return False
        if INSTITUTION in (self.place, other.place):
            return True
        return self.start < other.start + other.amount and other.start < self.start + self.amount


@dataclass(frozen=True, slots=True)
class Plan:
    """A care plan with this provider: when, where, for which grade, how much a month."""

    id: int
    person: int
    span: Span
    place: str
    grade: int
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person. ``used_fen``: fund money of the month accounted elsewhere."""

    died_on: date | None = None
    benefits: tuple[Span, ...] = ()
    absences: tuple[Span, ...] = ()
    others: tuple[Service, ...] = ()
    used_fen: int = 0


@dataclass(frozen=True, slots=True)
class Prices:
    """Numbers of the month: fen an hour and a day, per cent, fen a month by place and grade."""

    hour_fen: int
    day_fen: int
    share: Mapping[str, int]
    ceiling: Mapping[tuple[str, int], int]
    day_minutes: int

    def fee(self, place: str, amount: int) -> int:
        """What minutes or days cost, half a fen up."""
        if place == INSTITUTION:
            return amount * self.day_fen
        return (amount * self.hour_fen * 2 + 60) // 120


@dataclass(frozen=True, slots=True)
class Deduction:
    """A part that is not paid: why, how much of it, and its price."""

    code: str
    amount: int
    fen: int


@dataclass(frozen=True, slots=True)
class Due:
    """What one person's month under one plan comes to (``plan`` 0: there was none).

    Attributes:
        claimed: Delivered as told. approved: What the plan allows. payable: What is paid.
        fee_fen: Price of the payable part; ``fund_fen + person_fen``.
        over_ceiling_fen: Part of ``person_fen`` that lies over the ceiling.
        deductions: Together the price of the claim less ``fee_fen``.
        verdicts: For each record its payable amount and the first reason against the rest.
    """

    person: int
    plan: int
    place: str
    grade: int
    claimed: int
    approved: int
    payable: int
    fee_fen: int
    fund_fen: int
    person_fen: int
    over_ceiling_fen: int
    deductions: tuple[Deduction, ...]
    verdicts: Mapping[int, tuple[int, str]]


def split_fee(fee_fen: int, share: int, left_fen: int) -> tuple[int, int, int]:
    """Part of the fund, part of the person, and how much of the latter lies over the ceiling.

    Args:
        fee_fen: What is paid for, not negative.
        share: Per cent that the fund pays; half a fen goes up.
        left_fen: What the fund may still pay for the person in the month.
    """
    wanted = (fee_fen * share * 2 + 100) // 200
    fund = min(wanted, max(0, left_fen))
    return fund, fee_fen - fund, wanted - fund


def settle_month(
    services: Iterable[Service],
    plans: Sequence[Plan],
    people: Mapping[int, Standing],
    contract: Span,
    prices: Prices,
) -> list[Due]:
    """What a provider's month comes to, person by person; the order of the input is no matter.

    Of two records that overlap the later one is not paid; of two providers neither is, until
    somebody withdraws one, unless one of them was paid already.
    """
    by_person: dict[int, list[Service]] = {}
    for one in services:
        by_person.setdefault(one.person, []).append(one)
    plans_of: dict[int, list[Plan]] = {}
    for plan in sorted(plans, key=lambda p: (p.span.first, p.id)):
        plans_of.setdefault(plan.person, []).append(plan)
    found: list[Due] = []
    for person in sorted(by_person):
        standing = people.get(person, Standing())
        work = _PersonMonth(standing, plans_of.get(person, []), contract, prices)
        # What was paid stands: a record that came later must not unsettle it.
        for one in sorted(by_person[person], key=lambda s: (not s.paid, s.day, s.start, s.id)):
            work.take(one)
        found += work.dues(person)
    return found


class _PersonMonth:
    """Adds up one person's records, plan by plan."""

    def __init__(
        self, standing: Standing, plans: list[Plan], contract: Span, prices: Prices
    ) -> None:
        self.standing, self.plans = standing, plans
        self.contract, self.prices = contract, prices
        self.good: list[Service] = []
        self.by_day: dict[date, int] = {}
        self.rows: dict[tuple[int, str], list[tuple[Service, int, str]]] = {}
        self.used: dict[int, int] = {}

    def take(self, one: Service) -> None:
        """Judge a record and note what of it is payable."""
        plan = next((p for p in self.plans if p.place == one.place and p.span.holds(one.day)), None)
        reason = self._reason(one, plan)
        payable = 0
        if not reason and plan is not None:
            payable, reason = self._within(one, plan)
            self.used[plan.id] = self.used.get(plan.id, 0) + payable
            self.by_day[one.day] = self.by_day.get(one.day, 0) + payable
            self.good.append(one)
        key = (plan.id if plan else 0, one.place)
        self.rows.setdefault(key, []).append((one, payable, reason))

    def _reason(self, one: Service, plan: Plan | None) -> str:
        known = self.standing
        if not self.contract.holds(one.day):
            return "no_contract"
        if known.died_on is not None and one.day > known.died_on:
            return "dead"
        if not any(span.holds(one.day) for span in known.benefits):
            return "no_benefit"
        if plan is None:
            return "no_plan"
        if any(span.holds(one.day) for span in known.absences):
            return "absent"
        if any(one.overlaps(other) for other in self.good):
            return "twice"
        rivals = [other for other in known.others if other.paid or not one.paid]
        return "two_providers" if any(one.overlaps(other) for other in rivals) else ""

    def _within(self, one: Service, plan: Plan) -> tuple[int, str]:
        left = plan.amount - self.used.get(plan.id, 0)
        if one.place == INSTITUTION:
            return (one.amount, "") if one.amount <= left else (max(0, left), "over_plan")
        today = self.prices.day_minutes - self.by_day.get(one.day, 0)
        payable = max(0, min(one.amount, left, today))
        if payable == one.amount:
            return payable, ""
        return payable, "too_long" if today < left else "over_plan"

    def dues(self, person: int) -> list[Due]:
        """The sums of the month, the fund's ceiling used up plan by plan."""
        used = self.standing.used_fen
        found = []
        plans = {plan.id: plan for plan in self.plans}
        for (plan_id, place), rows in sorted(self.rows.items()):
            due = self._due(person, plans.get(plan_id), place, rows, used)
            used += due.fund_fen
            found.append(due)
        return found

    def _due(
        self,
        person: int,
        plan: Plan | None,
        place: str,
        rows: list[tuple[Service, int, str]],
        used: int,
    ) -> Due:
        payable = sum(row[1] for row in rows)
        fee = self.prices.fee(place, payable)
        grade = plan.grade if plan else 0
        left = self.prices.ceiling.get((place, grade), 0) - used
        fund, own, over = split_fee(fee, self.prices.share.get(place, 0), left)
        return Due(
            person,
            plan.id if plan else 0,
            place,
            grade,
            sum(row[0].amount for row in rows),
            plan.amount if plan else 0,
            payable,
            fee,
            fund,
            own,
            over,
            self._deductions(place, payable, rows),
            {one.id: (amount, reason) for one, amount, reason in rows},
        )

    def _deductions(
        self, place: str, payable: int, rows: list[tuple[Service, int, str]]
    ) -> tuple[Deduction, ...]:
        """By reason; priced on top of each other, so that with the fee they are the claim."""
        lost: dict[str, int] = {}
        for one, amount, reason in rows:
            if amount < one.amount:
                lost[reason] = lost.get(reason, 0) + one.amount - amount
        found, reached = [], payable
        for code in REASONS:
            if code in lost:
                before = self.prices.fee(place, reached)
                reached += lost[code]
                fen = self.prices.fee(place, reached) - before
                found.append(Deduction(code, lost[code], fen))
        return tuple(found)
