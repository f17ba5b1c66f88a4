"""How long a result holds, and when to remind. Months and days are parameters of the pack."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yanglao.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """How long results hold.

    Attributes:
        months: From the day of the assessment (pack parameter ``assessment_valid_months``).
        without_end: Levels that hold on until assessed again; some provinces do so for the worst.
    """

    months: int
    without_end: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.months < 1:
            raise ValueError(f"a result holds at least one month, not {self.months}")


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the first of the next month where there is none.

    So 29 February comes round on 1 March, like a birthday.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, day.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)


def valid_period(assessed_on: date, level: int, rule: ValidityRule) -> Period:
    """The days on which a result holds: from its day until the day before its anniversary."""
    if level in rule.without_end:
        return Period(assessed_on, None)
    return Period(assessed_on, months_later(assessed_on, rule.months) - timedelta(days=1))


def days_left(period: Period, as_of: date) -> int | None:
    """Days on which the result still holds, the as-of day not counted; None without an end.

    0 on the last day; negative afterwards.
    """
    return None if period.last is None else (period.last - as_of).days


def reminder_days(period: Period, days_before: Iterable[int]) -> tuple[tuple[int, date], ...]:
    """When to remind: ``(60, day), (30, day)``, earliest first; never before the result began."""
    if period.last is None:
        return ()
    found = [(days, period.last - timedelta(days=days)) for days in sorted(set(days_before))[::-1]]
    return tuple((days, max(day, period.first) if period.first else day) for days, day in found)


def reminder_due(
    period: Period, as_of: date, days_before: Iterable[int], sent: Iterable[int] = ()
) -> int | None:
    """Which reminder should go out on a day: the latest that is due, unless it or a later one went.

    Args:
        days_before: Days before the last day, e.g. 60 and 30.
        sent: Which of them went already for this result.

    Returns:
        One of ``days_before``; None when nothing is due, or the result no longer holds.
    """
    left = days_left(period, as_of)
    if left is None or not period.holds(as_of):
        return None
    due = [days for days in days_before if left <= days]
    if not due:
        return None
    nearest = min(due)
    return None if any(days <= nearest for days in sent) else nearest
