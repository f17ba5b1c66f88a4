"""Reading what was typed: days, months, divisions."""

from datetime import date

from yanglao.foundation import clock
from yanglao.kernel.dates import first_of_month
from yanglao.kernel.division import prefix
from yanglao.ops.says import CannotDo


def asked_day(text: str | None) -> date:
    """Return the day typed as ``YYYY-MM-DD``; today when nothing was typed.

    Raises:
        CannotDo: When it is no day.
    """
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise CannotDo(f"看不懂日期“{text}”，请写成 2026-11-01 这样。") from problem


def asked_month(text: str | None) -> date | None:
    """Return the first day of the month typed as ``YYYY-MM``; ``None`` when nothing was typed."""
    if not text:
        return None
    try:
        return first_of_month(text)
    except ValueError as problem:
        raise CannotDo(f"看不懂月份“{text}”，请写成 2026-10 这样。") from problem


def asked_division(text: str) -> str:
    """Return the 12-digit code for 2, 4, 6, 9 or 12 typed digits."""
    try:
        return prefix(text).ljust(12, "0")
    except ValueError as problem:
        raise CannotDo(
            f"看不懂区划“{text}”：请写 2、4、6、9 或 12 位数字，例如 6532。"
        ) from problem
