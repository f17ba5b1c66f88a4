"""How long the reserve of the long-term care fund lasts, from the register, the book, the terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yanglao.domain.ltci.public import Group, Source, balance, enrolment_counts, recent_cost
from yanglao.domain.people.public import load_facts
from yanglao.engines.ltcfund.outlook import (
    Band,
    Outlook,
    Supposition,
    look_out,
    share_interval,
)
from yanglao.engines.ltcfund.terms import BANDS, Terms, Variant
from yanglao.flows.read_ltci_terms import ltci_terms, months_on, mortality_table, needed
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import Reader

_YEARS = 5
_LOOK_BACK = 12
_PER = 10_000
#: Fewer people in need than this say too little: then the table of the parameters is used.
_ENOUGH = 30

_PEOPLE = """
    SELECT sex, date_diff('year', birth_date, DATE '{day}')
               - CASE WHEN strftime(birth_date, '%m%d') > '{md}' THEN 1 ELSE 0 END AS age,
           count(*), count(*) FILTER (WHERE ltci_receiving)
    FROM facts WHERE ltci_insured AND alive IS NOT FALSE GROUP BY 1, 2
"""

#: What the numbers do not hold; pages must say it.
NOT_HELD = (
    "没有满 60 周岁的参保人（名册里没有），他们的缴费和支出",
    "政策变化：待遇、筹资、覆盖人群的调整",
    "人口迁入迁出，开始和停止申请的浪潮",
    "利息，欠缴，跨年补缴，结算拖欠",
    "物价、工资与参数不同的部分",
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An outlook with everything it rests on, for its page.

    Attributes:
        variant, variants: The one shown, and all. outlook: Month by month.
        insured, elders, receiving: Today, in the register; elders are those of an age that is
            counted in need. balance_fen: Of the book.
        cost_fen: Fund money a month and person. cost_from: Where that is from, in words.
        income_fen: A year and insured person. need_from: Where the shares in need are from.
        reserve_months: How many months' spending the reserve should hold.
        unverified: Labels of parameters that nobody verified.
    """

    variant: Variant
    variants: tuple[Variant, ...]
    outlook: Outlook
    insured: int
    elders: int
    receiving: int
    balance_fen: int
    cost_fen: int
    cost_from: str
    income_fen: int
    need_from: str
    reserve_months: int
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The insured by sex and age, and those in need by band."""

    people: Mapping[tuple[str, int], int]
    insured: Mapping[str, int]
    in_need: Mapping[str, int]


def foresee(reader: Reader, as_of: date, code: str = "base") -> Foreseen:
    """Return the outlook of one variant.

    Raises:
        NumberMissing: When a parameter is not published.
        LookupError: For a variant that does not exist.
    """
    terms = ltci_terms(as_of)
    variant = next((one for one in terms.variants if one.code == code), None)
    if variant is None:
        raise LookupError(code)
    return _foreseen(reader, as_of, terms, variant, _register(reader, as_of))


def foresee_all(reader: Reader, as_of: date) -> list[Foreseen]:
    """Return the outlooks of all variants; the register is read once."""
    terms, register = ltci_terms(as_of), _register(reader, as_of)
    return [_foreseen(reader, as_of, terms, one, register) for one in terms.variants]


def _register(reader: Reader, as_of: date) -> Register:
    with analytic_session(step="长护险基金展望") as session:
        load_facts(session, as_of=as_of, region=reader.area)
        rows = session.rows(_PEOPLE.format(day=as_of.isoformat(), md=f"{as_of:%m%d}"))
    people: dict[tuple[str, int], int] = {}
    insured = {band.name: 0 for band in _bands()}
    in_need = dict(insured)
    for sex, age, count, receiving in rows:
        people[str(sex), int(age)] = people.get((str(sex), int(age)), 0) + count
        band = next((band for band in _bands() if band.holds(age)), None)
        if band is not None:
            insured[band.name] += count
            in_need[band.name] += receiving
    return Register(people, insured, in_need)


def _foreseen(
    reader: Reader, as_of: date, terms: Terms, variant: Variant, register: Register
) -> Foreseen:
    month = as_of.replace(day=1)
    cost, cost_from = _cost(reader, month, terms)
    income = _income(reader, month, terms, sum(register.insured.values()))
    need, need_from = _need(month, terms, variant, register)
    dying = mortality_table()
    lowest = min((band.low for band in _bands()), default=0)
    entrants = {
        sex: register.people.get((sex, lowest), 0) * variant.entrants / 100
        for sex in {key[0] for key in register.people}
    }
    money = balance(reader, as_of)
    reserve = needed(terms, "reserve_months", month)
    outlook = look_out(
        register.people,
        _bands(),
        Supposition(
            need=need,
            cost_fen=cost * (100 + variant.price) / 100,
            cost_growth=needed(terms, "cost_growth", month) / 100,
            income_fen=income * (100 + variant.rates) / 100,
            entrants=entrants,
            dying_spread=dying.spread,
        ),
        dying.chance,
        balance_fen=money,
        first=months_on(month, 1),
        years=_YEARS,
        reserve_months=reserve,
    )
    doubts = [one.label for one in terms.unverified(_RESTS_ON)]
    if not dying.verified:
        doubts.append(dying.title)
    return Foreseen(
        variant,
        terms.variants,
        outlook,
        sum(register.people.values()),
        sum(count for (_sex, age), count in register.people.items() if age >= lowest),
        sum(register.in_need.values()),
        money,
        round(cost * (100 + variant.price) / 100),
        cost_from,
        round(income * (100 + variant.rates) / 100),
        need_from,
        reserve,
        tuple(doubts),
    )


_RESTS_ON = (
    "contribution",
    "fund_share",
    "hours",
    "home_price",
    "prevalence",
    "prevalence_spread",
    "cost_growth",
    "reserve_months",
)


def _bands() -> tuple[Band, ...]:
    found = []
    for name in BANDS:
        low, _dash, high = name.rstrip("+").partition("-")
        found.append(Band(name, int(low), int(high) if high else None))
    return tuple(found)


def _cost(reader: Reader, month: date, terms: Terms) -> tuple[float, str]:
    """Fund money a month and person: of settlements of a year, else what a plan at home costs."""
    fen, months = recent_cost(reader, _earlier(month))
    if months:
        return fen / months, f"近 {_LOOK_BACK} 个月已批准结算单的平均（{months} 人月）"
    lowest = str(needed(terms, "lowest_grade", month))
    hours = needed(terms, "hours", month, lowest)
    price = needed(terms, "home_price", month)
    share = needed(terms, "fund_share", month, "home")
    return hours * price * share / 100, "还没有批准的结算单，按居家护理每月上限小时数和参数算"


def _earlier(month: date) -> date:
    return month.replace(year=month.year - _LOOK_BACK // 12)


def _income(reader: Reader, month: date, terms: Terms, insured: int) -> float:
    """Contributions of a year and insured person, by the groups of the year's list."""
    groups = enrolment_counts(reader, month.year)
    january = month.replace(month=1)
    due = people = 0
    for group in Group:
        if group == Group.UNKNOWN:
            continue
        count = groups.get(group, 0)
        rates = [needed(terms, "contribution", january, f"{group.value}/{s.value}") for s in Source]
        due += count * sum(rates)
        people += count
    if people:
        return due / people
    rates = [
        needed(terms, "contribution", january, f"{Group.RESIDENT.value}/{s.value}") for s in Source
    ]
    return float(sum(rates)) if insured else 0.0


def _need(
    month: date, terms: Terms, variant: Variant, register: Register
) -> tuple[dict[str, tuple[float, float, float]], str]:
    more = (100 + variant.need) / 100
    total = sum(register.in_need.values())
    observed = variant.prevalence == "observed" and total >= _ENOUGH
    if observed:
        need = {
            name: share_interval(register.in_need[name], register.insured[name]) for name in BANDS
        }
        words = f"名册上现在享受待遇的 {total:,} 人，按年龄"
    elif variant.prevalence == "observed" and total:
        need = _scaled(month, terms, register)
        words = f"名册上现在享受待遇的 {total} 人；人少，各年龄怎样分按参数表"
    else:
        spread = needed(terms, "prevalence_spread", month) / 100
        need = {}
        for name in BANDS:
            share = needed(terms, "prevalence", month, name) / _PER
            need[name] = (share * (1 - spread), share, min(1.0, share * (1 + spread)))
        words = "参数表的享受率"
        if variant.prevalence == "observed":
            words = "名册上还没有享受待遇的人，改用参数表的享受率"
    return {
        name: (min(1.0, low * more), min(1.0, middle * more), min(1.0, high * more))
        for name, (low, middle, high) in need.items()
    }, words


def _scaled(month: date, terms: Terms, register: Register) -> dict[str, tuple[float, float, float]]:
    """The shape of the table, at the level of those in need today; the interval is the total's."""
    table = {name: needed(terms, "prevalence", month, name) / _PER for name in BANDS}
    insured = sum(register.insured.values())
    expected = sum(table[name] * register.insured[name] for name in BANDS)
    if not expected:
        return {name: (0.0, 0.0, 0.0) for name in BANDS}
    low, middle, high = (
        share * insured / expected
        for share in share_interval(sum(register.in_need.values()), insured)
    )
    return {name: (share * low, share * middle, share * high) for name, share in table.items()}


def by_year(found: Foreseen) -> list[dict[str, object]]:
    """Return the outlook by calendar year: people, income, spending, balance with its interval."""
    years: dict[int, dict[str, object]] = {}
    for month in found.outlook.months:
        row = years.setdefault(
            month.first.year, {"year": month.first.year, "months": 0, "income": 0, "spending": 0}
        )
        row["months"] = int(str(row["months"])) + 1
        row["income"] = int(str(row["income"])) + month.income_fen
        row["spending"] = int(str(row["spending"])) + month.spending_fen
        row.update(
            insured=round(month.insured),
            in_need=round(month.in_need),
            balance=month.balance_fen,
            low=month.low_fen,
            high=month.high_fen,
        )
    return list(years.values())
