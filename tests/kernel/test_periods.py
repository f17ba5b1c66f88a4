"""Periods: both ends included, an open end is None."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.periods import Period

ends = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = draw(ends), draw(ends)
    if first is not None and last is not None and last < first:
        first, last = last, first
    return Period(first, last)


def test_both_ends_are_included() -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert date(2026, 10, 1) in october
    assert date(2026, 10, 31) in october
    assert date(2026, 9, 30) not in october
    assert date(2026, 11, 1) not in october
    assert october.days == 31


def test_open_ends() -> None:
    assert date(9999, 12, 31) in Period(date(2026, 1, 1), None)
    assert date.min in Period(None, None)
    assert Period(None, date(2026, 1, 1)).days is None


def test_the_last_day_is_not_before_the_first() -> None:
    with pytest.raises(ValueError, match="早于"):
        Period(date(2026, 10, 2), date(2026, 10, 1))


def test_ended_before() -> None:
    year = Period(date(2026, 1, 1), None)
    assert year.ended_before(date(2026, 10, 1)) == Period(date(2026, 1, 1), date(2026, 9, 30))
    assert year.ended_before(date(2026, 1, 1)) is None
    assert year.ended_before(date.min) is None


@given(periods(), periods(), st.dates(date(2019, 1, 1), date(2031, 1, 1)))
def test_a_day_is_in_the_intersection_when_it_is_in_both(
    one: Period, other: Period, on: date
) -> None:
    both = one.intersection(other)
    assert (both is not None and on in both) == (on in one and on in other)
    assert one.overlaps(other) == other.overlaps(one) == (both is not None)


@given(periods(), st.dates(date(2019, 1, 1), date(2031, 1, 1)))
def test_ending_leaves_only_earlier_days(period: Period, on: date) -> None:
    ended = period.ended_before(on)
    assert ended is None or on not in ended
    before = on - timedelta(days=1)
    assert (ended is not None and before in ended) == (before in period)
