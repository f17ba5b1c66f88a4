"""The plain writer of large workbooks, and the book to time the import with."""

import warnings
from datetime import date, datetime
from pathlib import Path

import openpyxl
import python_calamine

from yanglao.ops.demo.bench_workbook import bench_workbook
from yanglao.ops.demo.stream_workbook import HEADER, TITLE, StreamWorkbook, letters


def test_letters_of_columns() -> None:
    """A to Z, then AA."""
    assert [letters(i) for i in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_two_readers_read_the_same(tmp_path: Path) -> None:
    """Text with signs and blanks, numbers, dates, gaps, merges, several sheets, no warning."""
    path = tmp_path / "书.xlsx"
    with StreamWorkbook(path, "样例 & 虚构") as workbook:
        for name in ("甲 <镇>", "乙镇"):
            sheet = workbook.sheet(name, 4)
            sheet.row(0, [f"{name}标题"], TITLE)
            sheet.merge(0, 0, 3)
            sheet.row(1, ["a\nb", "c", None, "d"], HEADER)
            sheet.row(3, [" 带空格 ", 653201001001, 12.5, date(1948, 1, 25)])
            sheet.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        slow = openpyxl.load_workbook(path)
    fast = python_calamine.CalamineWorkbook.from_path(str(path))
    assert fast.sheet_names == slow.sheetnames == ["甲 <镇>", "乙镇"]
    rows = fast.get_sheet_by_name("乙镇").to_python(skip_empty_area=False)
    assert rows[3] == [" 带空格 ", 653201001001.0, 12.5, date(1948, 1, 25)]
    assert rows[2] == [""] * 4
    cells = [cell.value for cell in slow["乙镇"][4]]
    assert cells == [" 带空格 ", 653201001001, 12.5, datetime(1948, 1, 25)]  # noqa: DTZ001
    assert [str(merged) for merged in slow["乙镇"].merged_cells.ranges] == ["A1:D1"]
    assert slow["乙镇"]["A2"].value == "a\nb"


def test_the_book_for_timing_has_what_it_says(tmp_path: Path) -> None:
    """So many rows of fifteen columns, about one in a hundred bad."""
    book = bench_workbook(tmp_path / "bench.xlsx", rows=2000)
    assert (book.rows, book.columns) == (2000, 15)
    assert book.accepted + book.returned + book.either == 2000
    assert 8 <= book.returned + book.either <= 40
    rows = python_calamine.CalamineWorkbook.from_path(str(book.path)).get_sheet_by_index(0)
    lines = rows.to_python(skip_empty_area=False)
    assert "虚构" in lines[0][0]
    numbered = [line for line in lines[2:] if isinstance(line[0], float)]
    assert len(numbered) == 2000
