"""Excel sheets of any list: streamed row by row, safe from formulas, ID numbers as text.

Every sheet says on its second line who took it out and when, because a list of people that
leaves the program must show where it came from.
"""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yanglao.foundation import clock
from yanglao.kernel.idnumber import mask_id_number
from yanglao.web.kit import formats
from yanglao.web.kit.columns import Column
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.parts import Bar, Link, Status
from yanglao.web.kit.tables import TableSpec, ordered

#: Excel can't hold more rows; the reader is told to narrow instead of getting a cut list.
MOST_ROWS = 1_048_000

_WIDTHS = {"id": 22, "date": 12, "day": 12, "money": 12, "num": 10, "sex": 6, "name_masked": 14}


class TooManyRows(ValueError):
    """The list does not fit one Excel sheet."""


def excel_response(
    request: HttpRequest,
    spec: TableSpec,
    rows: "QuerySet[Any] | Iterable[Any]",
    *,
    title: str,
    file_name: str = "",
    note: str = "",
    without: Sequence[str] = (),
    masked: bool = True,
) -> HttpResponseBase:
    """Answer with the list as an Excel file, with the columns of its table.

    Args:
        request: Carries ``?sort=`` and ``request.reader`` for the note.
        spec: The table; hidden columns are written too.
        rows: All rows, not a page; querysets are read in chunks and sorted as on screen.
        title: First line of the sheet, and the file name unless ``file_name`` is given.
        file_name: Without ending.
        note: Added to the second line (filters in words).
        without: Names of columns to leave out.
        masked: Write ID numbers masked as on screen. ``False`` only where the screen's permission
            is for full numbers and the act is recorded.

    Raises:
        TooManyRows: When there are more rows than a sheet holds.
    """
    columns = [column for column in spec.columns if column.name not in without]
    lines: Iterable[Any] = rows
    if isinstance(rows, QuerySet):
        lines = ordered(rows, spec.order_of(request)).iterator(chunk_size=2000)
    elif isinstance(rows, Sequence):
        lines = ordered(rows, spec.order_of(request))
    # Closed by FileResponse after sending.
    file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        write_sheet(
            file,
            columns,
            lines,
            title=title,
            note=" · ".join(part for part in (_origin(request), note) if part),
            masked=masked,
        )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file_response(file, f"{file_name or title}.xlsx")


def write_sheet(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    title: str,
    note: str,
    masked: bool = True,
) -> int:
    """Write one sheet and return the number of rows. Memory does not grow with the rows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    # Leaving the block closes the book, also after an error, and with it a temporary file.
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        looks = _Looks(book)
        _write_head(sheet, looks, columns, title, note)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise TooManyRows(_("超过 100 万行，Excel 装不下，请先缩小范围。"))
            for place, column in enumerate(columns):
                value = excel_value(column, row, masked)
                _write(sheet, count + 2, place, value, looks.of(column))
        if count:
            sheet.autofilter(2, 0, count + 2, len(columns) - 1)
    return count


def _write_head(
    sheet: Any, looks: "_Looks", columns: Sequence[Column], title: str, note: str
) -> None:
    for place, column in enumerate(columns):
        width = column.width or _WIDTHS.get(column.kind, 18)
        sheet.set_column(place, place, width, looks.of(column))
    sheet.write_string(0, 0, title, looks.title)
    sheet.write_string(1, 0, note, looks.note)
    for place, column in enumerate(columns):
        sheet.write_string(2, place, _heading(column), looks.head)
    sheet.freeze_panes(3, 1)


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
        self._text = book.add_format({**base, "num_format": "@"})
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
        return self._kinds.get(column.kind, self._text)


def _heading(column: Column) -> str:
    title = str(column.title)
    return f"{title}（元）" if column.kind == "money" and "元" not in title else title


def _sheet_name(title: str) -> str:
    return "".join("_" if letter in "[]:*?/\\'" else letter for letter in title)[:31] or "Sheet1"


def _origin(request: HttpRequest) -> str:
    reader = getattr(request, "reader", None)
    who = reader.name if reader else _("公开页面")
    when = localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    return _("导出人 %(who)s · 导出时间 %(when)s") % {"who": who, "when": when}
