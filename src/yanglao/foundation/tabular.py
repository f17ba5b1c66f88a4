"""Tables as files that officers open: CSV with a byte order mark, or xlsx; by the file's suffix.

A cell is never a formula: text that a spreadsheet would run gets an apostrophe before it. The file
comes into its place whole or not at all.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

#: What makes a spreadsheet take text for a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: Rows of an Excel sheet, the header counted.
_SHEET_ROWS = 1_048_576


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet runs."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


@contextmanager
def in_place(path: Path) -> Iterator[Path]:
    """Give a path to write to; it becomes ``path`` when the block ends well."""
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_table(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rows to a ``.csv`` or ``.xlsx`` file, one at a time; return how many.

    Raises:
        ValueError: For another suffix, with what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise ValueError(f"不认识的文件后缀“{suffix}”：请写成 .csv 或 .xlsx。")
    with in_place(path) as draft:
        if suffix == ".csv":
            return _write_csv(draft, headers, rows)
        return _write_xlsx(draft, headers, rows)


def _write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        for row in rows:
            writer.writerow([harmless(value) for value in row])
            count += 1
    return count


def _write_xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet: Any = None
        line = _SHEET_ROWS
        for row in rows:
            if line == _SHEET_ROWS:
                sheet, line = book.add_worksheet(), 1
                sheet.write_row(0, 0, headers)
            sheet.write_row(line, 0, [_cell(value) for value in row])
            line += 1
            count += 1
        if sheet is None:
            book.add_worksheet().write_row(0, 0, headers)
    return count


def _cell(value: object) -> object:
    """Return a cell for Excel: numbers and texts as they are, days as text."""
    if value is None:
        return ""
    return value if isinstance(value, int | float | str) else str(value)
