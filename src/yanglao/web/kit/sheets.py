"""Writing tables as files, row by row: workbooks of any number of rows, and zipped CSV.

Memory does not grow with the rows. No text ever becomes a formula: in workbooks every text is
written as text; in CSV, where a spreadsheet would run it, an apostrophe stands before it. Every
file says who took it out, when, and under which conditions.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yanglao.foundation.tabular import harmless
from yanglao.kernel.idnumber import mask_id_number
from yanglao.web.kit import formats
from yanglao.web.kit.columns import Column
from yanglao.web.kit.parts import Bar, Link, Status

#: Rows of data on one sheet: Excel holds 1,048,576 with the three of the head.
ROWS_A_SHEET = 1_048_576 - 3
_PORTION = 10_000
_WIDTHS = {"id": 22, "date": 12, "day": 12, "money": 12, "num": 10, "sex": 6, "name_masked": 14}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from, written into it.

    Attributes:
        title: What it lists. who, when: Who took it out.
        conditions: Filters and remarks in words; may be empty.
    """

    title: str
    who: str
    when: str
    conditions: str = ""

    @property
    def line(self) -> str:
        """All in one line."""
        told = _("导出人 %(who)s · 导出时间 %(when)s") % {"who": self.who, "when": self.when}
        return " · ".join(part for part in (told, self.conditions) if part)


def write_book(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    origin: Origin,
    masked: bool = True,
    note: str | None = None,
) -> int:
    """Write a workbook and return the number of rows; more than a sheet holds go on the next.

    Args:
        file: Where to.
        columns: From left to right.
        rows: One after another; never held.
        origin: Written on the last sheet 说明 and into the footer of printed pages.
        masked: Write ID numbers masked as on screen.
        note: Second line of the sheet; the origin's line when not given.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    # Leaving the block closes the book, also after an error, and with it a temporary file.
    with xlsxwriter.Workbook(file, options) as book:
        looks = _Looks(book)
        told = origin.line if note is None else note
        count, sheets = 0, 0
        sheet, line = None, ROWS_A_SHEET
        for row in rows:
            if line >= ROWS_A_SHEET:
                sheets += 1
                sheet, line = _sheet(book, looks, columns, origin, told, sheets), 0
            for place, column in enumerate(columns):
                _write(sheet, line + 3, place, excel_value(column, row, masked), looks.of(column))
            line += 1
            count += 1
            if line == ROWS_A_SHEET:
                sheet.autofilter(2, 0, line + 2, len(columns) - 1)  # type: ignore[union-attr]
        if sheet is None:
            _sheet(book, looks, columns, origin, told, 1)
        elif line < ROWS_A_SHEET:
            sheet.autofilter(2, 0, line + 2, len(columns) - 1)
        _write_origin(book, looks, origin, count, masked)
    return count


def write_zipped_csv(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    origin: Origin,
    masked: bool = True,
) -> int:
    """Write a zip with the list as CSV (UTF-8 with mark, for Excel) and 说明.txt beside it.

    The origin stands beside the list and not in it: whoever reads the CSV by a program finds a
    header and rows, nothing else. Returns the number of rows.
    """
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        with archive.open(f"{_plain_name(origin.title)}.csv", "w", force_zip64=True) as entry:
            entry.write(b"\xef\xbb\xbf")
            text = io.StringIO(newline="")
            writer = csv.writer(text)
            writer.writerow([_heading(column) for column in columns])
            for row in rows:
                writer.writerow([_csv_value(excel_value(c, row, masked)) for c in columns])
                count += 1
                if count % _PORTION == 0:
                    entry.write(_taken(text))
            entry.write(_taken(text))
        lines = "".join(f"{name}：{value}\r\n" for name, value in _told(origin, count, masked))
        archive.writestr("说明.txt", "\ufeff" + lines)
    return count


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return data


def _csv_value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return harmless(value) if isinstance(value, str) else value


def _told(origin: Origin, count: int, masked: bool) -> list[tuple[str, str]]:
    """Return what a file says of itself."""
    return [
        (_("内容"), origin.title),
        (_("导出人"), origin.who),
        (_("导出时间"), origin.when),
        (_("条件"), origin.conditions or _("全部")),
        (_("行数"), f"{count:,}"),
        (_("身份证号"), _("已遮住") if masked else _("完整，请按规定保管和销毁")),
        (_("提醒"), _("内含个人信息，只用于本职工作，不得转发、上网。")),
    ]


def _write_origin(book: Any, looks: "_Looks", origin: Origin, count: int, masked: bool) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 70)
    for line, (name, value) in enumerate(_told(origin, count, masked)):
        sheet.write_string(line, 0, name, looks.head)
        sheet.write_string(line, 1, value, looks.text)


def _sheet(
    book: Any, looks: "_Looks", columns: Sequence[Column], origin: Origin, note: str, number: int
) -> Any:
    name = _sheet_name(origin.title)
    sheet = book.add_worksheet(name if number == 1 else f"{name[:27]} {number}")
    for place, column in enumerate(columns):
        width = column.width or _WIDTHS.get(column.kind, 18)
        sheet.set_column(place, place, width, looks.of(column))
    sheet.write_string(0, 0, origin.title, looks.title)
    sheet.write_string(1, 0, note, looks.note)
    for place, column in enumerate(columns):
        sheet.write_string(2, place, _heading(column), looks.head)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    # "&" begins a code in footers; a name with one must not become a picture or a path.
    told = origin.line.replace("&", "&&")[:200]
    sheet.set_footer(f"&L{told}&R" + _("第 &P 页，共 &N 页"))
    return sheet


def excel_value(column: Column, row: Any, masked: bool = True) -> Any:
    """Return what a cell holds in Excel: numbers as numbers, days as days, the rest as text."""
    value = column.excel(row) if column.excel else column.raw(row)
    if value is None:
        return None
    if column.kind == "money" and isinstance(value, int):
        return Decimal(value) / 100
    if column.kind == "id":
        return mask_id_number(value) if masked else str(value)
    if column.kind == "name_masked":
        return formats.masked_name(str(value)) if masked else str(value)
    if column.kind == "sex":
        return formats.sex(str(value))
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Status | Link):
        return str(value.text)
    if isinstance(value, Bar):
        return value.share
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Promise):
        return str(value)
    return value


def _write(sheet: Any, row: int, place: int, value: Any, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, place, None, look)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, place, float(value), look)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, localtime(value).replace(tzinfo=None), look)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, look)
    else:
        # write_string never makes a formula, whatever the text begins with.
        sheet.write_string(row, place, str(value)[:32_000], look)


class _Looks:
    """Cell formats of one workbook, made once."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "宋体", "font_size": 11, "valign": "top"}
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.note = book.add_format({**base, "font_color": "#55605d"})
        self.head = book.add_format({**base, "bold": True, "bg_color": "#f6f5f1", "bottom": 1})
        self.text = book.add_format({**base, "num_format": "@"})
        self._kinds = {
            "num": book.add_format({**base, "num_format": "#,##0.##"}),
            "money": book.add_format({**base, "num_format": "#,##0.00"}),
            "pct": book.add_format({**base, "num_format": "0%"}),
            "bar": book.add_format({**base, "num_format": "0%"}),
            "date": book.add_format({**base, "num_format": "yyyy-mm-dd"}),
            "day": book.add_format({**base, "num_format": "yyyy-mm-dd"}),
            "month": book.add_format({**base, "num_format": "yyyy-mm"}),
            "moment": book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm"}),
        }

    def of(self, column: Column) -> Any:
        """Return the format of a column; everything that is no figure is text."""
        return self._kinds.get(column.kind, self.text)


def _heading(column: Column) -> str:
    title = str(column.title)
    return f"{title}（元）" if column.kind == "money" and "元" not in title else title


def _sheet_name(title: str) -> str:
    name = "".join("_" if letter in "[]:*?/\\'" else letter for letter in title)[:31]
    # 说明 is the last sheet's own name.
    return f"{name} 1" if name == "说明" else name or "Sheet1"


def _plain_name(title: str) -> str:
    """Return a title as the name of a file inside a zip: no folders, no control characters."""
    kept = "".join(one if one.isprintable() and one not in '/\\:*?"<>|' else "_" for one in title)
    return kept.strip(". ")[:80] or "list"
