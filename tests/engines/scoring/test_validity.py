"""How long results hold, and when to remind."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.engines.scoring.validity import (
    ValidityRule,
    days_left,
    months_later,
    reminder_days,
    reminder_due,
    valid_period,
)
from yanglao.kernel.dates import anniversary
from yanglao.kernel.periods import Period

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
YEAR = ValidityRule(months=12)


@pytest.mark.parametrize(
    ("assessed", "last"),
    [
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        # Born to hold until 1 March less one day, like a birthday of 29 February.
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2025, 12, 31), date(2026, 12, 30)),
    ],
)
def test_the_last_day(assessed: date, last: date) -> None:
    """The day before the anniversary."""
    period = valid_period(assessed, 2, YEAR)
    assert (period.first, period.last) == (assessed, last)
    assert period.holds(last)
    assert not period.holds(last + timedelta(days=1))


@given(DAYS)
def test_twelve_months_are_a_year(day: date) -> None:
    """By the same rule as birthdays."""
    assert months_later(day, 12) == anniversary(day, 1)


@given(DAYS, st.integers(1, 60))
def test_months_do_not_run_backwards(day: date, months: int) -> None:
    """A later day comes round no earlier, and never in the wrong month by more than a day."""
    later = months_later(day, months)
    assert months_later(day + timedelta(days=1), months) >= later
    shift = (later.year - day.year) * 12 + later.month - day.month - months
    assert (shift, later.day) == (0, day.day) or (shift == 1 and later.day == 1 and day.day > 28)


def test_a_level_without_end() -> None:
    """Where a province lets the worst level hold on."""
    rule = ValidityRule(months=12, without_end=frozenset({4}))
    assert valid_period(date(2020, 1, 1), 4, rule) == Period(date(2020, 1, 1), None)
    assert valid_period(date(2020, 1, 1), 3, rule).last == date(2020, 12, 31)
    assert reminder_days(valid_period(date(2020, 1, 1), 4, rule), (60, 30)) == ()
    assert reminder_due(Period(date(2020, 1, 1), None), date(2026, 1, 1), (60, 30)) is None


def test_a_rule_of_no_months() -> None:
    """Would hold on no day at all."""
    with pytest.raises(ValueError, match="at least one month"):
        ValidityRule(months=0)


def test_when_to_remind() -> None:
    """60 and 30 days before the last day; each once; the later one stands for both."""
    period = valid_period(date(2026, 1, 1), 2, YEAR)
    assert reminder_days(period, (30, 60)) == (
        (60, date(2026, 11, 1)),
        (30, date(2026, 12, 1)),
    )
    ask = {
        date(2026, 10, 31): None,
        date(2026, 11, 1): 60,
        date(2026, 11, 30): 60,
        date(2026, 12, 1): 30,
        date(2026, 12, 31): 30,
        date(2027, 1, 1): None,
    }
    for day, due in ask.items():
        assert reminder_due(period, day, (60, 30)) == due, day
    assert reminder_due(period, date(2026, 11, 2), (60, 30), sent=[60]) is None
    assert reminder_due(period, date(2026, 12, 2), (60, 30), sent=[60]) == 30
    assert reminder_due(period, date(2026, 12, 2), (60, 30), sent=[30]) is None
    assert days_left(period, date(2026, 12, 31)) == 0


@given(DAYS, st.integers(0, 400))
def test_asked_every_day_or_not(day: date, start: int) -> None:
    """A job that runs daily sends each reminder once; one that begins late sends the nearest."""
    period = valid_period(day, 1, YEAR)
    sent: list[int] = []
    for number in range(start, 400):
        due = reminder_due(period, day + timedelta(days=number), (60, 30), sent)
        if due is not None:
            sent.append(due)
    last = (period.days or 0) - 1
    assert sent == ([60, 30] if start < last - 30 else [30] if start <= last else [])
