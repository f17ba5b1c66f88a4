"""What goes out: templates that come back as lists, returned sheets without formulas."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.intake.making import first_sheet, make_id, make_sheet, make_xlsx
from yanglao.engines.intake.kinds import KINDS
from yanglao.engines.intake.recognise import recognise
from yanglao.engines.intake.returned import (
    ReturnedSheet,
    returned_sheet,
    write_returned,
    write_returned_sheets,
)
from yanglao.engines.intake.rows import read_batch
from yanglao.engines.intake.template import write_template
from yanglao.engines.intake.workbook import read_workbook


def written(
    headers: list[str], rows: list[list[object]], reasons: list[object], title: str = ""
) -> bytes:
    target = io.BytesIO()
    write_returned(target, "死亡人员名单", headers, rows, reasons, title=title)  # type: ignore[arg-type]
    return target.getvalue()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_template_is_a_list_of_its_kind_without_people(kind: str) -> None:
    target = io.BytesIO()
    write_template(target, kind)
    book = read_workbook(target.getvalue())
    recognitions = [recognise(sheet) for sheet in book.sheets]
    assert [found.kind for found in recognitions] == [kind, None]
    batch = read_batch(book.sheets[0], recognitions[0])
    assert len(batch) == 0
    assert [row.why for row in batch.skipped] == ["模板中的示例"] * 3


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_samples_of_a_template_would_be_good_rows(kind: str) -> None:
    target = io.BytesIO()
    write_template(target, kind)
    sheet = first_sheet(target.getvalue())
    for row in sheet.rows[1:]:
        row[:] = [str(cell).replace("（示例）", "") for cell in row]
    batch = read_batch(sheet, recognise(sheet))
    assert (len(batch), batch.problems, batch.warnings) == (3, {}, {})


def test_a_template_offers_choices_and_text_cells(tmp_path: pytest.TempPathFactory) -> None:
    path = f"{tmp_path}/t.xlsx"
    write_template(path, "assistance", place_code="653221100200")
    page = openpyxl.load_workbook(path).worksheets[0]
    lists = [rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"]
    assert any("特困" in formula and "低保边缘" in formula for formula in lists)
    assert page["B2"].number_format == "@"
    assert page["A1"].value == "姓名＊"


def test_the_place_of_the_samples_can_be_chosen() -> None:
    target = io.BytesIO()
    write_template(target, "survey", place_code="653221100200")
    assert "653221100200" in first_sheet(target.getvalue()).rows[1]


def test_a_returned_sheet_has_everything_and_the_reasons() -> None:
    data = make_xlsx(
        (
            "墨玉县",
            [
                ["墨玉县2026年10月死亡人员名单"],
                ["序号", "姓名", "公民身份号码", "死亡日期", "备注"],
                [1, "张三", make_id(), date(2026, 9, 3), "好"],
                [2, "李四", "6.53201E+17", 46000, "=1+1"],
                [3, "", make_id(), "2026-02-30", "@SUM(A1)"],
            ],
        )
    )
    sheet = first_sheet(data)
    found = recognise(sheet)
    batch = read_batch(sheet, found)
    assert sorted(batch.problems) == [1, 2]
    reasons = {
        batch.row_nos[index]: [problem.message for problem in problems]
        for index, problems in batch.problems.items()
    }
    target = io.BytesIO()
    write_returned_sheets(target, [returned_sheet(sheet, found, reasons)])
    back = first_sheet(target.getvalue())
    assert back.name == "墨玉县"
    assert back.rows[0][0] == "墨玉县2026年10月死亡人员名单"
    assert back.rows[1] == ["序号", "姓名", "公民身份号码", "死亡日期", "备注", "退回原因"]
    assert back.rows[2][:5] == [2, "李四", "6.53201E+17", 46000, "=1+1"]
    assert back.rows[3][:5] == [3, "", make_id(), "2026-02-30", "@SUM(A1)"]
    assert str(back.rows[3][5]).count("；") == 1
    again = recognise(back)
    assert (again.kind, again.title_month) == ("deaths", date(2026, 10, 1))
    assert "退回原因" not in again.columns.values()


def test_correcting_a_returned_sheet_makes_it_a_list_again() -> None:
    data = written(
        ["姓名", "公民身份号码", "死亡日期"], [["张三", "错", "2026-01-01"]], [["号码有误"]]
    )
    sheet = first_sheet(data)
    sheet.rows[1][1] = make_id()
    batch = read_batch(sheet, recognise(sheet))
    assert (len(batch), batch.problems, batch.extras) == (1, {}, {})
    returned_again = returned_sheet(sheet, recognise(sheet), {2: "再退"})
    target = io.BytesIO()
    write_returned_sheets(target, [returned_again])
    assert first_sheet(target.getvalue()).rows[0].count("退回原因") == 1


def test_id_columns_stay_text() -> None:
    data = written(["姓名", "身份证号"], [["张三", make_id()]], ["x"])
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert page["B2"].number_format == "@"
    assert page.column_dimensions["B"].width > 18
    assert page["B2"].value == make_id()


def test_every_cell_comes_back_as_it_was() -> None:
    cells: list[object] = [1.5, True, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), "文", None, ""]  # noqa: DTZ001
    sheet = first_sheet(written([f"c{at}" for at in range(7)], [cells], [["甲", "乙"]]))
    assert sheet.rows[1] == [1.5, True, date(2026, 1, 2), cells[3], "文", "", "", "甲；乙"]


def test_what_excel_cannot_hold_is_text() -> None:
    cells: list[object] = [date(1850, 1, 1), float("nan"), float("inf"), "a\x00b\x1f", "x" * 40000]
    sheet = first_sheet(written([f"c{at}" for at in range(5)], [cells], ["r"]))
    assert sheet.rows[1][:4] == ["1850-01-01", "nan", "inf", "ab"]
    assert len(str(sheet.rows[1][4])) == 32767


def test_sheet_names_are_made_fit() -> None:
    sheets = [
        ReturnedSheet(name, ["a"], [["1"]], ["r"])
        for name in ("a/b:c", "a b c", "名" * 40, "", "名" * 40)
    ]
    target = io.BytesIO()
    write_returned_sheets(target, sheets)
    names = [sheet.name for sheet in read_workbook(target.getvalue()).sheets]
    assert len(set(names)) == 5
    assert all(0 < len(name) <= 31 for name in names)


def test_nothing_to_return_is_still_a_workbook() -> None:
    target = io.BytesIO()
    write_returned_sheets(target, [])
    assert openpyxl.load_workbook(io.BytesIO(target.getvalue())).sheetnames == ["没有退回"]


def test_reasons_must_be_as_many_as_rows() -> None:
    with pytest.raises(ValueError, match="原因数"):
        written(["a"], [["1"], ["2"]], ["r"])


dangerous = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "{=1}", "http://x"]
    ),
)


@given(st.lists(st.lists(dangerous, min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_text_ever_becomes_a_formula_or_a_link(rows: list[list[object]]) -> None:
    data = written(["=A1", "姓名", "号"], rows, ["=1+1"] * len(rows), title="=2")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        page = package.read("xl/worksheets/sheet1.xml").decode()
        names = package.namelist()
    assert "<f>" not in page
    assert "<f " not in page
    assert "hyperlink" not in page
    assert not [name for name in names if "external" in name.lower()]


def test_rows_of_a_sheet_made_by_hand_can_be_returned(tmp_path: pytest.TempPathFactory) -> None:
    sheet = make_sheet([["姓名", "公民身份号码", "死亡日期"], ["张三", "1", "x"]])
    path = f"{tmp_path}/r.xlsx"
    write_returned_sheets(
        path, [returned_sheet(sheet, recognise(sheet), {2: ["号码有误", "日期有误"]})]
    )
    assert openpyxl.load_workbook(path).active["D2"].value == "号码有误；日期有误"
