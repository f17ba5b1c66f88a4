"""Excel sheets: nothing becomes a formula, ID numbers stay text, the sheet says who took it."""

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from yanglao.web.kit import excel, sheets
from yanglao.web.kit.parts import Bar, Link, Status
from yanglao.web.kit.tables import Column, TableSpec

COLUMNS = (
    Column("name", "姓名", sort="name"),
    Column("id_number", "身份证号", kind="id"),
    Column("born", "出生日期", kind="date", hidden=True),
    Column("fen", "金额", kind="money"),
    Column("count", "次数", kind="num"),
    Column("state", "状态", kind="status"),
)
SPEC = TableSpec(key="x", caption="x", columns=COLUMNS, default_sort="name")
ROW = {
    "name": "王秀英",
    "id_number": "653222194610121234",
    "born": date(1946, 10, 12),
    "fen": 11_050,
    "count": 3,
    "state": Status("在享", "success"),
}


def opened(response: Any) -> Any:
    """Return the sheet that a response carries, closing it as a server does."""
    content = b"".join(response.streaming_content)
    response.close()
    return openpyxl.load_workbook(io.BytesIO(content)).active


def sheet_of(rows: list[Any], columns: tuple[Column, ...] = COLUMNS, **options: Any) -> Any:
    file = io.BytesIO()
    excel.write_sheet(file, columns, rows, title="名单", note="谁", **options)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue())).active


def test_cells_keep_their_type() -> None:
    cells = sheet_of([ROW])[4]
    assert [cell.value for cell in cells[:2]] == ["王秀英", "6532**********1234"]
    assert cells[2].value.date() == date(1946, 10, 12)
    assert cells[3].value == 110.5
    assert cells[4].value == 3
    assert cells[5].value == "在享"


def test_full_numbers_are_text_and_only_where_asked() -> None:
    """As a number Excel shows 6.53E+17 and loses the last digits for ever."""
    cell = sheet_of([ROW], masked=False)[4][1]
    assert (cell.value, cell.data_type, cell.number_format) == ("653222194610121234", "s", "@")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://evil","点我")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "{=1}",
        "http://x.cn",
    ],
)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    """A name typed into a list by somebody must not run on the computer of somebody else."""
    cell = sheet_of([{**ROW, "name": text}])[4][0]
    assert cell.data_type == "s"
    assert cell.value == text
    assert cell.hyperlink is None


def test_titles_are_no_formulas_either() -> None:
    columns = (Column("name", "=1+1"),)
    file = io.BytesIO()
    excel.write_sheet(file, columns, [], title="=2+2", note="=3+3")
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active
    assert [sheet.cell(row, 1).data_type for row in (1, 2, 3)] == ["s", "s", "s"]


@pytest.mark.django_db  # closing a response closes old connections
def test_the_sheet_says_who_and_when(make_request: Callable[..., HttpRequest]) -> None:
    response = excel.excel_response(
        make_request(), SPEC, [ROW], title="在享名单", note="乡镇：扎瓦镇"
    )
    sheet = opened(response)
    assert sheet["A1"].value == "在享名单"
    assert sheet["A2"].value.startswith("导出人 阿依古丽 · 导出时间 20")
    assert sheet["A2"].value.endswith("乡镇：扎瓦镇")
    assert [cell.value for cell in sheet[3]][:4] == ["姓名", "身份证号", "出生日期", "金额（元）"]
    assert sheet.freeze_panes == "B4"
    assert "filename*=utf-8''%E5%9C%A8%E4%BA%AB" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db  # closing a response closes old connections
def test_rows_come_sorted_as_on_screen(make_request: Callable[..., HttpRequest]) -> None:
    rows = [{**ROW, "name": name} for name in ("b", "c", "a")]
    response = excel.excel_response(make_request("/kit/gallery/?sort=-name"), SPEC, rows, title="t")
    sheet = opened(response)
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == ["c", "b", "a"]


@pytest.mark.django_db  # closing a response closes old connections
def test_a_column_kept_from_the_reader_is_not_in_the_file(
    make_request: Callable[..., HttpRequest],
) -> None:
    response = excel.excel_response(make_request(), SPEC, [ROW], title="t", without=["id_number"])
    sheet = opened(response)
    assert "身份证号" not in [cell.value for cell in sheet[3]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, "是"),
        (False, "否"),
        (Bar(1, 4), 0.25),
        (Link("看", "/x"), "看"),
        (gettext_lazy("未知"), "未知"),
        (["a", 1], "['a', 1]"),
    ],
)
def test_values_of_every_type(value: Any, written: Any) -> None:
    assert sheet_of([{"v": value}], (Column("v", "v"),))["A4"].value == written


def test_more_rows_than_a_sheet_holds_go_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_A_SHEET", 2)
    file = io.BytesIO()
    rows = [{**ROW, "name": f"人{n}"} for n in range(5)]
    assert excel.write_sheet(file, COLUMNS, rows, title="名单", note="") == 5
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert book.sheetnames == ["名单", "名单 2", "名单 3", "说明"]
    names = [row[0].value for name in book.sheetnames[:3] for row in book[name].iter_rows(4)]
    assert names == [f"人{n}" for n in range(5)]
    assert book["名单 3"].auto_filter.ref == "A3:F4"


def test_the_file_says_who_when_and_how_many() -> None:
    origin = sheets.Origin("名单", "王 & 李", "2026-11-05 10:00", "墨玉县")
    file = io.BytesIO()
    sheets.write_book(file, COLUMNS, [ROW], origin=origin)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    told = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert told["导出人"] == "王 & 李" and told["行数"] == "1" and told["条件"] == "墨玉县"
    footer = book["名单"].oddFooter
    assert "2026-11-05 10:00" in (footer.left.text or "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_zipped_csv_runs_nothing_and_keeps_numbers(text: str) -> None:
    file = io.BytesIO()
    rows = [{**ROW, "name": text, "fen": -1250}, ROW]
    origin = sheets.Origin("名单/2026", "王", "2026-11-05 10:00")
    assert sheets.write_zipped_csv(file, COLUMNS, rows, origin=origin, masked=False) == 2
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["名单_2026.csv", "说明.txt"]
        text_of = archive.read("名单_2026.csv")
        assert "导出人：王" in archive.read("说明.txt").decode("utf-8-sig")
    assert text_of.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(text_of.decode("utf-8-sig"), newline=""))
    assert head[0] == "姓名"
    assert first[0] == "'" + text
    assert first[3] == "-12.5", "a negative amount is a number and stays one"
    assert second[1] == "653222194610121234" and second[0] == "王秀英"


def test_a_title_with_signs_excel_forbids() -> None:
    file = io.BytesIO()
    excel.write_sheet(file, COLUMNS, [], title="和田/墨玉[2026]:*?" + "长" * 40, note="")
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert book.sheetnames[0] == ("和田_墨玉_2026____" + "长" * 40)[:31]


def test_memory_does_not_grow_with_the_rows() -> None:
    def rows(count: int) -> Iterator[dict[str, Any]]:
        for number in range(count):
            yield {**ROW, "name": f"人 {number}"}

    def peak(count: int) -> int:
        tracemalloc.start()
        excel.write_sheet(io.BytesIO(), COLUMNS[:2], rows(count), title="t", note="")
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    small, large = peak(300), peak(3000)
    assert large < small + 1_000_000
