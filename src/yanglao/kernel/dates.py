"""Dates as spreadsheets hold them, and the reckoning of years by birthdays."""

import re
from datetime import date, datetime, timedelta

from yanglao.kernel.characters import number_text, tidy_text

# What a date in a list may lie between; 9999 is how some registers write "without end".
EARLIEST_YEAR = 1850
LATEST_YEAR = 2200
WITHOUT_END_YEAR = 9999

# Excel counts days from 1900-01-01 as 1, and believes in a 29 February 1900; from March 1900 on
# this base is right.
_EXCEL_BASE = date(1899, 12, 30)
# Five digits are a serial: 10000 is 1927-05-18, 80000 is 2119-01-10. Fewer digits would be mistaken
# for years.
_SERIALS = range(10000, 80001)

_TIME = (
    r"(?:[ T]?(?:上午|下午|[AaPp][Mm])?\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?[分秒]?"
    r"(?:\s*[AaPp][Mm]|Z|[+-]\d\d:?\d\d)?)?"
)
_DAY = re.compile(r"(\d{4}) ?([-/.年]) ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?[日号]?" + _TIME)
# The usual forms, tried before anything is cleaned.
_PLAIN = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?月?")
# A number cell drops the zero of 1940.10.
_JANUARY_OR_OCTOBER = re.compile(r"\d{4}\.1")
_DIGITS = re.compile(r"(\d{4,14})(?:\.0*)?")
_SERIAL_WITH_TIME = re.compile(r"(\d{5})\.\d+")
_DASHES = str.maketrans(
    {"－": "-", "—": "-", "–": "-", "−": "-", "‐": "-", "‑": "-", "／": "/", "。": ".", "、": "."}
)

_FORMS = "请写成 1940-03-05、19400305 或 1940年3月5日"


def read_date(cell: object) -> date | None:
    """The day that a cell means; None when the cell is blank.

    Reads dates, datetimes, Excel serials (numbers or digits as text), 19400305, 1940-03-05,
    1940/3/5, 1940.3.5, 1940年3月5日, each with a time behind or not. A year and month alone stand
    for the first day. Raises ValueError, in Chinese, with what was read and what to write.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        if found := _PLAIN.fullmatch(cell) or _EIGHT.fullmatch(cell):
            return _day(found[1], found[2], found[3], cell)
        text = tidy_text(cell.translate(_DASHES))
        return _read_text(text) if text else None
    if isinstance(cell, datetime):
        return _in_range(cell.date(), cell)
    if isinstance(cell, date):
        return _in_range(cell, cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise ValueError(f"“{cell}”不是日期，{_FORMS}")
    text = number_text(cell)
    if _JANUARY_OR_OCTOBER.fullmatch(text):
        raise ValueError(
            f"“{text}”可能是 1 月，也可能是 10 月，请写成 {text[:4]}-01 或 {text[:4]}-10"
        )
    return _read_text(text)


def whole_years(born: date, on: date) -> int:
    """Age in whole years, reached on the birthday; negative before the birth.

    Who is born on 29 February has the birthday on 1 March in years without that day.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 1 March in a year without one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise
        return date(day.year + years, 3, 1)


def first_of_month(text: str) -> date:
    """The first day of a month written 2026-10, 2026/10, 202610 or 2026年10月.

    Raises ValueError otherwise.
    """
    tidy = tidy_text(text.translate(_DASHES))
    if _MONTH.fullmatch(tidy) or re.fullmatch(r"\d{6}", tidy):
        day = _read_text(tidy)
        if day is not None:
            return day
    raise ValueError(f"“{text}”不是月份，请写成 2026-10")


def zh_day(day: date) -> str:
    """Month and day for reading: 10 月 12 日."""
    return f"{day.month} 月 {day.day} 日"


def zh_date(day: date) -> str:
    """The full day for reading: 2026 年 10 月 12 日."""
    return f"{day.year} 年 {zh_day(day)}"


def zh_month(day: date) -> str:
    """The month for reading: 2026 年 10 月."""
    return f"{day.year} 年 {day.month} 月"


def _read_text(text: str) -> date:
    if found := _DAY.fullmatch(text):
        return _day(found[1], found[3], found[4], text)
    if found := _MONTH.fullmatch(text):
        return _day(found[1], found[2], "1", text)
    if found := _DIGITS.fullmatch(text):
        return _read_digits(found[1], text)
    if (found := _SERIAL_WITH_TIME.fullmatch(text)) and int(found[1]) in _SERIALS:
        return _EXCEL_BASE + timedelta(days=int(found[1]))
    raise ValueError(f"看不懂日期“{_short(text)}”，{_FORMS}")


def _read_digits(digits: str, text: str) -> date:
    if len(digits) in (8, 14):  # fourteen: with hours, minutes, seconds
        return _day(digits[:4], digits[4:6], digits[6:8], text)
    if len(digits) == 6:
        return _day(digits[:4], digits[4:], "1", text)
    if len(digits) == 5 and int(digits) in _SERIALS:
        return _EXCEL_BASE + timedelta(days=int(digits))
    if len(digits) == 4:
        raise ValueError(f"“{text}”只有年份或不完整，{_FORMS}")
    raise ValueError(f"看不懂日期“{_short(text)}”，{_FORMS}")


def _day(year: str, month: str, day: str, text: str) -> date:
    try:
        return _in_range(date(int(year), int(month), int(day)), text)
    except ValueError as error:
        if error.args[0].startswith("“"):
            raise
        raise ValueError(f"“{_short(text)}”这一天不存在，请核对年月日") from None


def _in_range(day: date, cell: object) -> date:
    if EARLIEST_YEAR <= day.year <= LATEST_YEAR or day.year == WITHOUT_END_YEAR:
        return day
    raise ValueError(f"“{_short(str(cell))}”的年份不合理，请核对")


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"
