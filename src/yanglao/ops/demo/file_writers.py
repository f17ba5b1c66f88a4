"""Write a book as .xlsx or as a text file, and tell where each row landed.

Large lists are streamed, short ones with merged rows are made by XlsxWriter: readers meet both the
shared strings of office programs and the inline ones of reporting systems.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yanglao.ops.demo.books import Book, Line, Page, PageLines
from yanglao.ops.demo.cell_forms import Cell
from yanglao.ops.demo.slips import Verdict
from yanglao.ops.demo.stream_workbook import HEADER, TITLE, StreamWorkbook

#: Called with sheet number and name, row number as a spreadsheet shows it, and the verdict.
Landed = Callable[[int, str, int, Verdict], None]
_LOOKS = {"title": TITLE, "header": HEADER, "group": HEADER}
MADE = datetime(2026, 10, 8, tzinfo=UTC).replace(tzinfo=None)


def write_book(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    """Write one file."""
    if book.encoding:
        _write_text(book, path, lines, landed)
    elif any(page.town_names for page in book.pages) or book.kind == "deaths":
        _write_workbook(book, path, lines, landed)
    else:
        _write_stream(book, path, lines, landed)


def _write_stream(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    with StreamWorkbook(path, book.file_name) as workbook:
        for number, page in enumerate(book.pages, start=1):
            sheet = workbook.sheet(page.name, max(1, len(page.header)))
            for at, line in enumerate(lines.lines(page)):
                sheet.row(at, line.cells, _LOOKS.get(line.role, 0))
                if line.verdict:
                    landed(number, page.name, at + 1, line.verdict)
                for first, last in _spans(line, len(page.header)):
                    sheet.merge(at, first, last)
            sheet.close()


def _spans(line: Line, width: int) -> list[tuple[int, int]]:
    """Return which cells of a line people would merge: the title, the groups above the header."""
    if line.role == "title":
        return [(0, width - 1)]
    if line.role != "group":
        return []
    starts = [i for i, cell in enumerate(line.cells) if cell is not None]
    return list(zip(starts, [*(start - 1 for start in starts[1:]), width - 1], strict=True))


def _write_text(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    with path.open("w", encoding=book.encoding, newline="") as target:
        writer = csv.writer(target)
        page = book.pages[0]
        for number, line in enumerate(lines.lines(page), start=1):
            writer.writerow(line.cells)
            if line.verdict:
                landed(1, page.name, number, line.verdict)


def _write_workbook(book: Book, path: Path, lines: PageLines, landed: Landed) -> None:
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_urls": False})
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
            if page.town_names:
                towns.append((at, line.verdict.id_number))
        else:
            _write_other(sheet, at, line, width, styles)
    if page.town_names:
        _merge_towns(sheet, towns, page)


def _write_other(
    sheet: Worksheet, at: int, line: Line, width: int, styles: dict[str, Format]
) -> None:
    """Write a line that is no row: titles and groups are merged as people merge them."""
    spans = [span for span in _spans(line, width) if span[1] > span[0]]
    if spans:
        style = styles["title" if line.role == "title" else "header"]
        for first, last in spans:
            sheet.merge_range(at, first, at, last, line.cells[first], style)
    else:
        look = styles["header"] if line.role == "header" else None
        for i, cell in enumerate(line.cells):
            if cell is not None:
                sheet.write_string(at, i, str(cell), look)


def _write_cells(sheet: Worksheet, at: int, cells: Sequence[Cell], dates: Format) -> None:
    for i, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, str):
            sheet.write_string(at, i, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(at, i, datetime(cell.year, cell.month, cell.day), dates)  # noqa: DTZ001
        else:
            sheet.write_number(at, i, cell)


def _merge_towns(sheet: Worksheet, rows: list[tuple[int, str]], page: Page) -> None:
    """Write the town of consecutive rows once in the last column, merged over all of them."""
    column = len(page.header) - 1
    towns = {row.person.id_number: page.town_names[row.person.village[:9]] for row in page.rows}
    for town, group in groupby(rows, key=lambda row: towns.get(row[1], "")):
        lines = [at for at, _ in group]
        if len(lines) > 1:
            sheet.merge_range(lines[0], column, lines[-1], column, town)
        else:
            sheet.write_string(lines[0], column, town)
