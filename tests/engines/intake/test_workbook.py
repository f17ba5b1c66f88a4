"""Files in every form: xlsx, xls, csv in the usual encodings, and what is no table at all."""

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.intake.making import first_sheet, make_xlsx
from yanglao.engines.intake import workbook
from yanglao.engines.intake.unreadable import UnreadableWorkbook
from yanglao.engines.intake.workbook import read_workbook

ROWS = [["姓名", "公民身份号码", "死亡日期"], ["买买提·吐尔逊", "653201194003050019", "2026-09-03"]]
TEXT = "\r\n".join(",".join(row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace(",", "，").encode(),
        ("sep=;\r\n" + TEXT.replace(",", ";")).encode(),
        TEXT.replace("653201194003050019", '="653201194003050019"').encode(),
        TEXT.replace("买买提·吐尔逊", '"买买提·吐尔逊"').encode(),
    ],
    ids=[
        "utf8",
        "bom",
        "gb18030",
        "lf",
        "utf16-tab",
        "semicolon",
        "tab",
        "chinese",
        "sep",
        "excel",
        "quoted",
    ],
)
def test_delimited_text(data: bytes) -> None:
    book = read_workbook(data, "folder\\死亡.csv")
    assert (book.form, [sheet.name for sheet in book.sheets]) == ("csv", ["死亡"])
    assert book.sheets[0].rows == ROWS


def test_a_comma_inside_quotes_is_text() -> None:
    data = '姓名,户籍地址,x\n张三,"和田市,某街""1号""\n二楼",y\n'.encode()
    assert first_sheet(data).rows[1] == ["张三", '和田市,某街"1号"\n二楼', "y"]


def test_short_lines_are_filled_up() -> None:
    assert first_sheet(b"a,b,c\n1\n").rows == [["a", "b", "c"], ["1", "", ""]]


def test_xlsx_keeps_positions_numbers_and_dates() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("墨玉县")
        page.write_string(2, 1, "653201194003050019")
        page.write_number(2, 2, 653201194003050019)
        page.write_datetime(
            2, 3, datetime.date(2026, 10, 1), book.add_format({"num_format": "yyyy-mm-dd"})
        )
        page.write_blank(40000, 3, None, book.add_format({"bold": True}))
    sheet = first_sheet(target.getvalue())
    assert len(sheet.rows) == 3
    assert sheet.rows[2] == [
        "",
        "653201194003050019",
        6.5320119400305e17,
        datetime.date(2026, 10, 1),
    ]


def test_xls() -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("名单")
    for line, row in enumerate(ROWS):
        for at, cell in enumerate(row):
            page.write(line, at, cell)
    page.write(1, 3, 46327, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    target = io.BytesIO()
    book.save(target)
    read = read_workbook(target.getvalue(), "名单.xls")
    assert read.form == "xls"
    assert read.sheets[0].rows[1] == [*ROWS[1], datetime.date(2026, 11, 1)]


def test_several_sheets_hidden_ones_and_charts() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name in ("一", "二", "三"):
            book.add_worksheet(name).write_row(0, 0, ["姓名", name])
        book.get_worksheet_by_name("二").hide()
        book.add_chartsheet("图")
    read = read_workbook(target.getvalue())
    assert [(sheet.name, sheet.number, sheet.hidden) for sheet in read.sheets] == [
        ("一", 1, False),
        ("二", 2, True),
        ("三", 3, False),
    ]


def test_cells_merged_downwards_hold_for_every_row() -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in [["户号", "姓名"], ["H1", "张三"], [None, "李四"], [None, "王五"], ["H2", "赵六"]]:
        page.append(row)
    page.merge_cells("A2:A4")
    target = io.BytesIO()
    book.save(target)
    assert [row[0] for row in first_sheet(target.getvalue()).rows] == [
        "户号",
        "H1",
        "H1",
        "H1",
        "H2",
    ]


def _docx() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    return target.getvalue()


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("名单.xlsx", "x")
    return target.getvalue()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf \r\n", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (_zip(), "压缩包"),
        (_docx(), "Word"),
        (_OLE + "WordDocument".encode("utf-16-le"), "Word"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (_OLE, "不是电子表格"),
        (_OLE + "Workbook".encode("utf-16-le"), "损坏"),
        (b"\x00\x00\x02\x00\x06\x04", "Lotus"),
        (b"\x09\x04\x06\x00\x00\x00", "Excel 4.0"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"PK\x03\x04 cut short", "损坏"),
        (make_xlsx(("空", [])), "空的"),
        (b"\x01\x02\x03\x04\x05", "不是电子表格"),
        (b"a,b\n\xff\xfe\xfa,\x80", "编码"),
        (('a,b\n"' + "x,y\n" * 30).encode(), "引号"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(data: bytes, part: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=part) as caught:
        read_workbook(data, "名单.xlsx")
    assert "请" in str(caught.value)


def test_a_control_character_in_a_cell_does_not_turn_back_a_list() -> None:
    data = TEXT.replace("吐尔逊", "吐\x01尔\x08逊").encode()
    assert first_sheet(data, "名单.csv").rows[1][0] == "买买提·吐\x01尔\x08逊"
    for no_text in (TEXT.replace("尔", "\x00").encode(), bytes(range(1, 256)) * 20):
        with pytest.raises(UnreadableWorkbook, match="不是电子表格"):
            read_workbook(no_text, "名单.csv")


def test_a_truncated_xlsx_is_refused() -> None:
    data = make_xlsx(("名单", ROWS))
    with pytest.raises(UnreadableWorkbook, match="损坏"):
        read_workbook(data[: len(data) // 2])


def test_an_xlsx_with_broken_parts_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook")
        package.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(UnreadableWorkbook, match="损坏"):
        read_workbook(target.getvalue())


def test_a_stray_cell_far_out_is_refused_before_it_fills_the_memory() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("名单")
        page.write_row(0, 0, ROWS[0])
        page.write(1_048_575, 16_383, "x")
    with pytest.raises(UnreadableWorkbook, match="有效区域过大"):
        read_workbook(target.getvalue())


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 100)
    with pytest.raises(UnreadableWorkbook, match="过大"):
        read_workbook(make_xlsx(("名单", ROWS)))


@given(st.binary(max_size=300))
def test_garbage_is_read_or_refused(data: bytes) -> None:
    try:
        assert read_workbook(data).sheets
    except UnreadableWorkbook as error:
        assert "请" in str(error)
