"""How numbers, days, money and personal data are written on a screen."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.dates import whole_years, zh_date, zh_day, zh_month
from yanglao.kernel.idnumber import mask_id_number
from yanglao.kernel.money import format_yuan
from yanglao.kernel.names import mask_name

#: Shown where there is nothing to show.
NOTHING = "—"

SEXES = {"M": gettext_lazy("男"), "F": gettext_lazy("女")}


def number(value: object) -> str:
    """Write a number with separators: ``1,206``; decimals keep at most two places.

    Text that is no whole number (the words of a figure, an amount written out) stays as it is.
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str) and not value.lstrip("-").isdecimal():
        return value
    if isinstance(value, float | Decimal):
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
        return text or "0"
    return f"{int(str(value)):,}"


def percent(value: object, places: int = 0) -> str:
    """Write a share (0 to 1) as ``81%``."""
    if value is None or value == "":
        return NOTHING
    return f"{float(str(value)) * 100:.{int(places)}f}%"


def yuan(fen: int | None) -> str:
    """Write fen as yuan: ``1,234.50``."""
    return NOTHING if fen is None else format_yuan(fen)


def day(value: date | None) -> str:
    """Write a day without year: ``10 月 12 日``."""
    return NOTHING if value is None else zh_day(_as_day(value))


def full_day(value: date | None) -> str:
    """Write a day with year: ``2026 年 10 月 12 日``."""
    return NOTHING if value is None else zh_date(_as_day(value))


def iso_day(value: date | None) -> str:
    """Write a day as in papers and tables: ``2026-10-31``."""
    return NOTHING if value is None else _as_day(value).isoformat()


def month(value: date | None) -> str:
    """Write a month: ``2026 年 10 月``."""
    return NOTHING if value is None else zh_month(_as_day(value))


def moment(value: datetime | None) -> str:
    """Write a moment in local time: ``10 月 12 日 14:30``."""
    if value is None:
        return NOTHING
    local = localtime(value)
    return f"{zh_day(local.date())} {local:%H:%M}"


def seconds_left(value: float | None) -> str:
    """Write the time left of a job: ``还需约 2 分 10 秒``; empty while nobody knows."""
    if value is None:
        return ""
    whole = max(1, round(value))
    minutes, seconds = divmod(whole, 60)
    if minutes >= 60:
        return _("还需约 %(hours)d 小时 %(minutes)d 分") % {
            "hours": minutes // 60,
            "minutes": minutes % 60,
        }
    if minutes:
        return _("还需约 %(minutes)d 分 %(seconds)d 秒") % {"minutes": minutes, "seconds": seconds}
    return _("还需约 %(seconds)d 秒") % {"seconds": seconds}


def age_on(born: date | None, on: date) -> str:
    """Write an age in whole years on a day: ``80 岁``."""
    if born is None:
        return _("年龄不详")
    return _("%(age)d 岁") % {"age": whole_years(born, on)}


def sex(value: str | None) -> str:
    """Write ``M`` or ``F`` as 男 or 女."""
    return str(SEXES.get(value or "", _("性别不详")))


def masked_id(value: object) -> str:
    """Write an ID number so that only its first and last four digits show."""
    return NOTHING if not value else mask_id_number(value)


def masked_name(value: str | None) -> str:
    """Write a name so that only its first character shows: ``王＊＊``."""
    return NOTHING if not value else mask_name(value).replace("*", "＊")


def masked_phone(value: str | None) -> str:
    """Write a telephone number as ``138****0000``; landlines keep the last four digits."""
    if not value:
        return NOTHING
    text = str(value)
    if len(text) < 7:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"


def file_size(count: int | None) -> str:
    """Write a number of bytes: ``1.2 MB``."""
    if count is None:
        return NOTHING
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


def _as_day(value: date) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value
