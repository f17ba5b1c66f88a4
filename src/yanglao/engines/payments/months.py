"""Calendar months as whole numbers, so that a month can be reckoned with and put into a table.

A month is ``year * 12 + (month - 1)``: the month after ``m`` is ``m + 1`` in every year.
"""

import re
from datetime import date, timedelta

Month = int

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_of(day: date) -> Month:
    """The month in which a day lies."""
    return day.year * 12 + day.month - 1


def first_day(month: Month) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: Month) -> date:
    """The last day of a month."""
    return first_day(month + 1) - timedelta(days=1)


def days_in(month: Month) -> int:
    """How many days a month has."""
    return (first_day(month + 1) - first_day(month)).days


def month_text(month: Month) -> str:
    """A month for files: 2026-03."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_words(month: Month) -> str:
    """A month for reading: 2026 年 3 月."""
    return f"{month // 12} 年 {month % 12 + 1} 月"


def read_month(text: str) -> Month:
    """The month written 2026-03. Raises ValueError, in Chinese, for anything else."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}”不是月份，请写成 2026-03 的形式")
    return int(found[1]) * 12 + int(found[2]) - 1
