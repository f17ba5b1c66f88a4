"""How long the reserve lasts: ageing of the insured, need by age, income and spending by month.

Everybody insured today grows older and survives with given chances; each year people of the
lowest age come in. The expected number in need of an age is the same share as today. The interval
takes at once (a) need as uncertain as its counts make it (Wilson, 95 %), at all ages in the same
direction, or by the spread of a parameter, and (b) chances of dying too low or too high by their
spread. So it is rather too wide. It does not hold: new rules, prices and wages other than assumed,
people under the lowest age, moves, waves of applications, payment in arrears.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

#: Chance of dying within a year: sex, age, factor on the table.
Dying = Callable[[str, int, float], float]
_OLDEST = 110
_Z = 1.96
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Band:
    """Ages ``low`` to ``high`` (None: and older)."""

    name: str
    low: int
    high: int | None

    def holds(self, age: int) -> bool:
        """Whether the age lies in it."""
        return age >= self.low and (self.high is None or age <= self.high)


@dataclass(frozen=True, slots=True)
class Supposition:
    """What a variant supposes.

    Attributes:
        need: Low, middle and high share in need by band.
        cost_fen: Fund money of a person in need and month, today.
        cost_growth: Growth of it a year (0.03). income_fen: Income of a year and insured person.
        entrants: People of the lowest age who come in each year, by sex.
        dying_spread: By what part the chances of dying may be wrong.
    """

    need: Mapping[str, tuple[float, float, float]]
    cost_fen: float
    cost_growth: float
    income_fen: float
    entrants: Mapping[str, float]
    dying_spread: float


@dataclass(frozen=True, slots=True)
class Month:
    """A month: people and money; ``low`` to ``high`` is the interval of the balance at its end."""

    first: date
    insured: float
    in_need: float
    income_fen: int
    spending_fen: int
    balance_fen: int
    low_fen: int
    high_fen: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Months to come. ``short``, ``short_early``, ``short_late``: when the reserve is too small.

    ``short`` is the first month whose balance lies under the spending of the asked number of
    months, in the middle; ``short_early`` and ``short_late`` at the ends of the interval; None:
    not within the time looked at.
    """

    months: tuple[Month, ...]
    short: date | None
    short_early: date | None
    short_late: date | None


def share_interval(in_need: int, insured: int) -> tuple[float, float, float]:
    """Low, middle and high share (Wilson score interval, 95 %); nothing known without people."""
    if insured <= 0:
        return 0.0, 0.0, 0.0
    share, z2 = in_need / insured, _Z * _Z
    middle = (share + z2 / (2 * insured)) / (1 + z2 / insured)
    half = _Z * sqrt(share * (1 - share) / insured + z2 / (4 * insured**2)) / (1 + z2 / insured)
    return max(0.0, min(share, middle - half)), share, min(1.0, max(share, middle + half))


def look_out(
    people: Mapping[tuple[str, int], int],
    bands: Sequence[Band],
    supposed: Supposition,
    dying: Dying,
    *,
    balance_fen: int,
    first: date,
    years: int,
    reserve_months: int,
) -> Outlook:
    """The balance month by month.

    Args:
        people: Insured by sex and age on the first day.
        bands: Ages that ``supposed.need`` is told by.
        balance_fen: On the first day. first: First day of the first month.
        years: How far. reserve_months: How many months' spending the reserve should hold.
    """
    spread = supposed.dying_spread
    paths = [
        _path(people, bands, supposed, dying, which, factor, years)
        for which, factor in ((1, 1.0), (2, 1 - spread), (0, 1 + spread))
    ]
    balances = [float(balance_fen)] * 3
    short: list[date | None] = [None, None, None]
    found: list[Month] = []
    for at in range(years * _YEAR):
        month = _later(first, at)
        for which, path in enumerate(paths):
            _insured, _need, income, spending = path[at]
            balances[which] += income - spending
            if short[which] is None and balances[which] < reserve_months * spending:
                short[which] = month
        insured, need, income, spending = paths[0][at]
        found.append(
            Month(
                month,
                insured,
                need,
                round(income),
                round(spending),
                round(balances[0]),
                round(min(balances)),
                round(max(balances)),
            )
        )
    early, late = short[1], short[2]
    return Outlook(tuple(found), short[0], early, late)


def _path(
    people: Mapping[tuple[str, int], int],
    bands: Sequence[Band],
    supposed: Supposition,
    dying: Dying,
    which: int,
    factor: float,
    years: int,
) -> list[tuple[float, float, float, float]]:
    """Insured, in need, income and spending of each month; people between birthdays by line."""
    now: dict[tuple[str, int], float] = {key: float(count) for key, count in people.items()}
    steps = [_numbers(now, bands, supposed, which)]
    lowest = min((band.low for band in bands), default=0)
    for _year in range(years):
        now = _aged(now, dying, factor)
        for sex, count in supposed.entrants.items():
            now[sex, lowest] = now.get((sex, lowest), 0.0) + count
        steps.append(_numbers(now, bands, supposed, which))
    found = []
    for at in range(years * _YEAR):
        year, part = divmod(at, _YEAR)
        share = part / _YEAR
        insured = steps[year][0] * (1 - share) + steps[year + 1][0] * share
        need = steps[year][1] * (1 - share) + steps[year + 1][1] * share
        cost = supposed.cost_fen * (1 + supposed.cost_growth) ** (at / _YEAR)
        found.append((insured, need, insured * supposed.income_fen / _YEAR, need * cost))
    return found


def _numbers(
    now: Mapping[tuple[str, int], float], bands: Sequence[Band], supposed: Supposition, which: int
) -> tuple[float, float]:
    insured = need = 0.0
    for (_sex, age), count in now.items():
        insured += count
        band = next((band for band in bands if band.holds(age)), None)
        if band is not None:
            need += count * supposed.need[band.name][which]
    return insured, need


def _aged(
    now: Mapping[tuple[str, int], float], dying: Dying, factor: float
) -> dict[tuple[str, int], float]:
    after: dict[tuple[str, int], float] = {}
    for (sex, age), count in now.items():
        key = (sex, min(age + 1, _OLDEST))
        after[key] = after.get(key, 0.0) + count * (1 - dying(sex, age, factor))
    return after


def _later(first: date, months: int) -> date:
    year, month = divmod(first.year * _YEAR + first.month - 1 + months, _YEAR)
    return date(year, month + 1, 1)
