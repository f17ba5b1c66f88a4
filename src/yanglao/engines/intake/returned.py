"""The rows that go back: the received sheet as it was, with one column more that says why.

Nothing in it can become a formula, and numbers of persons stay text, so that a clerk can correct it
and send it again.
"""

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yanglao.engines.intake.cells import cell_text
from yanglao.engines.intake.headers import REASON_HEADER, header_key
from yanglao.engines.intake.kinds import Column
from yanglao.engines.intake.recognise import Recognition
from yanglao.engines.intake.workbook import Sheet

Target = str | os.PathLike[str] | IO[bytes]

#: What stands between the reasons of one row.
SEPARATOR = "；"

_LARGEST_TEXT = 32767
_LARGEST_SHEET = 1_000_000
# Excel's days begin with 1900; earlier ones can only be text.
_FIRST_EXCEL_YEAR = 1900
_LONGEST_SHEET_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Columns of numbers and codes that a spreadsheet would spoil as numbers.
_KEPT_AS_TEXT = re.compile("号|代码|编码|电话|手机|证件|id|phone", re.IGNORECASE)
_REASON_WIDTH = 60


@dataclass(frozen=True, slots=True)
class ReturnedSheet:
    """A sheet to write.

    Attributes: name: Name of the sheet. headers: The header as received, one text a column. rows:
    The cells as received (any cell value), one list a row. reasons: For each row its reasons, or
    one text. title: What stood above the header; "" for none. text_columns: Sheet columns (from 0)
    to keep as text, besides those whose header says number or code.
    """

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    reasons: Sequence[Sequence[str] | str]
    title: str = ""
    text_columns: frozenset[int] = frozenset()


def returned_sheet(
    sheet: Sheet, recognition: Recognition, reasons: Mapping[int, Sequence[str] | str]
) -> ReturnedSheet:
    """The returned part of a received sheet.

    Args:
        sheet: The sheet as read.
        recognition: What it was recognised as.
        reasons: By Excel row (from 1), why that row goes back.
    """
    rows = sorted(reasons)
    text = {
        index
        for index, column in recognition.columns.items()
        if isinstance(column, Column) and column.kind in ("id", "card", "code", "phone")
    }
    return ReturnedSheet(
        name=sheet.name,
        headers=[header.replace("\n", " ") for header in recognition.headers],
        rows=[sheet.rows[row_no - 1] for row_no in rows],
        reasons=[reasons[row_no] for row_no in rows],
        title=recognition.title,
        text_columns=frozenset(text),
    )


def write_returned(
    target: Target,
    kind_label: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    reasons: Sequence[Sequence[str] | str],
    *,
    title: str = "",
) -> None:
    """Write the returned rows of one list as xlsx to a path or a binary file.

    Args:
        target: Path, or file open for writing bytes.
        kind_label: Label of the kind; the name of the sheet.
        headers: The header as received.
        rows: The cells of each returned row as received.
        reasons: The reasons of each row, or one text a row.
        title: What stood above the header.

    Raises ValueError when there are not as many reasons as rows.
    """
    write_returned_sheets(target, [ReturnedSheet(kind_label, headers, rows, reasons, title)])


def write_returned_sheets(target: Target, sheets: Iterable[ReturnedSheet]) -> None:
    """Write several returned sheets into one xlsx.

    What does not fit into one sheet goes on in the next.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    path = target if hasattr(target, "write") else os.fspath(target)
    with xlsxwriter.Workbook(path, options) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "header": book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1}),
            "reason": book.add_format(
                {"font_color": "#B42318", "text_wrap": True, "num_format": "@"}
            ),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        used: set[str] = set()
        for sheet in sheets:
            if len(sheet.rows) != len(sheet.reasons):
                raise ValueError("退回的行数与原因数不一致")
            for start in range(0, max(len(sheet.rows), 1), _LARGEST_SHEET):
                part = slice(start, start + _LARGEST_SHEET)
                page = book.add_worksheet(_sheet_name(sheet.name, used))
                _write_sheet(page, formats, sheet, part)
        if not used:
            book.add_worksheet("没有退回")


def _write_sheet(
    page: Worksheet, formats: Mapping[str, Format], sheet: ReturnedSheet, part: slice
) -> None:
    kept = [index for index, header in enumerate(sheet.headers) if not _is_reason(header)]
    last = len(kept)
    for at, index in enumerate(kept):
        header = sheet.headers[index]
        as_text = index in sheet.text_columns or bool(_KEPT_AS_TEXT.search(header))
        width = min(max(2 * len(header) + 2, 10), 40)
        page.set_column(at, at, 22 if as_text else width, formats["text"] if as_text else None)
    page.set_column(last, last, _REASON_WIDTH, formats["reason"])
    line = 0
    if sheet.title:
        page.write_string(0, 0, _writable(sheet.title), formats["title"])
        line = 1
    for at, index in enumerate(kept):
        page.write_string(line, at, _writable(sheet.headers[index]), formats["header"])
    page.write_string(line, last, REASON_HEADER, formats["header"])
    page.freeze_panes(line + 1, 0)
    for row, reasons in zip(sheet.rows[part], sheet.reasons[part], strict=True):
        line += 1
        for at, index in enumerate(kept):
            if index < len(row):
                _write_cell(page, formats, line, at, row[index])
        text = reasons if isinstance(reasons, str) else SEPARATOR.join(reasons)
        page.write_string(line, last, _writable(text), formats["reason"])


def _write_cell(
    page: Worksheet, formats: Mapping[str, Format], line: int, at: int, cell: object
) -> None:
    """Write a cell as what it was.

    Whatever is no number, day or yes-no is written as text, never as a formula.
    """
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        page.write_boolean(line, at, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        page.write_number(line, at, cell)
    elif isinstance(cell, datetime) and cell.tzinfo is None and cell.year >= _FIRST_EXCEL_YEAR:
        page.write_datetime(line, at, cell, formats["time"])
    elif (
        isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= _FIRST_EXCEL_YEAR
    ):
        page.write_datetime(line, at, cell, formats["date"])
    else:
        text = cell if isinstance(cell, str) else cell_text(cell)
        page.write_string(line, at, _writable(text), formats["text"])


def _writable(text: str) -> str:
    """A text that a cell can hold.

    Characters that XML forbids are left out, the rest is cut at Excel's limit.
    """
    return _CONTROLS.sub("", text)[:_LARGEST_TEXT]


def _is_reason(header: str) -> bool:
    return header_key(header) == header_key(REASON_HEADER)


def _sheet_name(wanted: str, used: set[str]) -> str:
    base = _FORBIDDEN_IN_NAME.sub(" ", wanted).strip(" '")[:_LONGEST_SHEET_NAME] or "退回"
    name, number = base, 2
    while name.casefold() in used:
        tail = f"（{number}）"
        name, number = base[: _LONGEST_SHEET_NAME - len(tail)] + tail, number + 1
    used.add(name.casefold())
    return name
