"""Periods of whole days. Both ends are included; an end that is None is open."""

from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included; None means without beginning, without end.

    Raises ValueError when the last day lies before the first.
    """

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"终止日期 {self.last} 早于起始日期 {self.first}，请核对")

    def holds(self, on: date) -> bool:
        """Whether the day lies in the period."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)

    def __contains__(self, on: date) -> bool:
        return self.holds(on)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two have a day in common."""
        return self.intersection(other) is not None

    def intersection(self, other: "Period") -> "Period | None":
        """The days in both; None when there are none."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        first, last = max(firsts, default=None), min(lasts, default=None)
        if first is not None and last is not None and last < first:
            return None
        return Period(first, last)

    def ended_before(self, on: date) -> "Period | None":
        """The part before the day (which is no longer in it).

        None when nothing of it lies before.
        """
        if on == date.min:
            return None
        return self.intersection(Period(None, on - _ONE_DAY))

    @property
    def days(self) -> int | None:
        """How many days; None when an end is open."""
        if self.first is None or self.last is None:
            return None
        return (self.last - self.first).days + 1
