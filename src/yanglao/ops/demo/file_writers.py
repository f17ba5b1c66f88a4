"""Write a book as .xlsx or as a text file, and tell where each row landed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yanglao.ops.demo.books import Book, Line, Page, PageLines
from yanglao.ops.demo.cell_forms import Cell
from yanglao.ops.demo.slips import Verdict

#: Called with sheet number and name, row number as a spreadsheet shows it, and the verdict.
Landed = Callable[[int, str, int, Verdict], None]
MADE = datetime(2026, 10, 8, tzinfo=UTC).replace(tzinfo=None)


def write_book(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    """Write one file."""
    if book.encoding:
        _write_text(book, path, lines, landed)
    else:
        _write_workbook(book, path, lines, landed)


def _write_text(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    with path.open("w", encoding=book.encoding, newline="") as target:
        writer = csv.writer(target)
        page = book.pages[0]
        for number, line in enumerate(lines.lines(page), start=1):
            writer.writerow(line.cells)
            if line.verdict:
                landed(1, page.name, number, line.verdict)


def _write_workbook(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    merges = any(page.sorted_column is not None for page in book.pages)
    # Merging over rows needs the sheet in memory; only a short list does that.
    options = {"constant_memory": not merges, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties(
        {"title": book.file_name, "comments": "样例数据，人物均为虚构", "created": MADE}
    )
    styles = {
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "title": workbook.add_format({"bold": True, "align": "center", "font_size": 15}),
        "header": workbook.add_format({"bold": True, "text_wrap": True, "border": 1}),
    }
    for number, page in enumerate(book.pages, start=1):
        sheet = workbook.add_worksheet(page.name[:31])
        _write_page(sheet, page, number, lines, styles, landed)
    workbook.close()


def _write_page(
    sheet: Worksheet,
    page: Page,
    number: int,
    lines: PageLines,
    styles: dict[str, Format],
    landed: Landed,
) -> None:
    width = max(1, len(page.header))
    sheet.set_column(0, width - 1, 14)
    towns: list[tuple[int, str]] = []
    for at, line in enumerate(lines.lines(page)):
        if line.verdict:
            _write_cells(sheet, at, line.cells, styles["date"])
            landed(number, page.name, at + 1, line.verdict)
            if page.sorted_column is not None:
                towns.append((at, line.verdict.id_number))
        else:
            _write_other(sheet, at, line, width, styles)
    if page.sorted_column is not None:
        _merge_towns(sheet, towns, page, page.sorted_column)


def _write_other(
    sheet: Worksheet, at: int, line: Line, width: int, styles: dict[str, Format]
) -> None:
    """Write a line that is no row: titles and groups are merged as people merge them."""
    if line.role == "title" and width > 1:
        sheet.merge_range(at, 0, at, width - 1, line.cells[0], styles["title"])
    elif line.role == "group":
        starts = [i for i, cell in enumerate(line.cells) if cell is not None]
        for start, end in zip(starts, [*starts[1:], len(line.cells)], strict=True):
            sheet.merge_range(at, start, at, end - 1, line.cells[start], styles["header"])
    else:
        style = styles["header"] if line.role == "header" else None
        for i, cell in enumerate(line.cells):
            if cell is not None:
                sheet.write_string(at, i, str(cell), style)


def _write_cells(
    sheet: Worksheet, at: int, cells: list[Cell] | tuple[Cell, ...] | object, dates: Format
) -> None:
    for i, cell in enumerate(cells):  # type: ignore[arg-type,var-annotated]
        if cell is None:
            continue
        if isinstance(cell, str):
            sheet.write_string(at, i, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(at, i, datetime(cell.year, cell.month, cell.day), dates)  # noqa: DTZ001
        else:
            sheet.write_number(at, i, cell)


def _merge_towns(sheet: Worksheet, towns: list[tuple[int, str]], page: Page, column: int) -> None:
    """Write the town of consecutive rows once, over all of them."""
    by_id = {row.person.id_number: row.person.village[:9] for row in page.rows}
    start = 0
    for i in range(1, len(towns) + 1):
        town = by_id.get(towns[start][1], "")
        if i < len(towns) and by_id.get(towns[i][1], "") == town:
            continue
        first, last = towns[start][0], towns[i - 1][0]
        if last > first:
            sheet.merge_range(first, column, last, column, town)
        else:
            sheet.write_string(first, column, town)
        start = i
