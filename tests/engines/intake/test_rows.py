"""Rows: verdicts, what is no row, and that nothing gets lost."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.intake.making import first_sheet, make_id, make_sheet, make_xlsx, take
from yanglao.engines.intake.kinds import KINDS
from yanglao.engines.intake.recognise import Recognition, recognise
from yanglao.engines.intake.returned import returned_sheet, write_returned_sheets
from yanglao.engines.intake.rows import read_batch, read_rows
from yanglao.engines.intake.workbook import Sheet
from yanglao.kernel.idnumber import IdIssue

DEATHS = ["姓名", "公民身份号码", "死亡日期"]
HIS, HER = make_id("19400305", sequence=1), make_id("19440229", sequence=2)
#: The check digit is one too far.
WRONG = HIS[:17] + ("0" if HIS[17] != "0" else "1")


def deaths(*rows: list[object]) -> list[list[object]]:
    return [list(DEATHS), *rows]


def test_a_good_row() -> None:
    _, batch = take(deaths(["买买提.吐尔逊", f"'{HIS}", "2026年9月3日"]))
    (row,) = batch
    assert row.id is not None
    assert row.id.number is not None
    assert row.id.number.text == HIS
    assert (row.sheet_no, row.row_no, row.name) == (1, 2, "买买提·吐尔逊")
    assert row.values == {"died_on": date(2026, 9, 3)}
    assert (row.extra, row.problems, row.warnings) == ({}, (), ())


@pytest.mark.parametrize(
    ("cell", "issue", "grave"),
    [
        ("6.53201E+17", IdIssue.LOST, True),
        (6.53201194003050e17, IdIssue.LOST, True),
        (WRONG, IdIssue.CHECK_DIGIT, False),
        ("65320119400305", IdIssue.MALFORMED, True),
        ("", IdIssue.EMPTY, True),
        ("不详", IdIssue.EMPTY, True),
    ],
)
def test_verdicts_on_the_id_number(cell: object, issue: IdIssue, grave: bool) -> None:
    _, batch = take(deaths(["张三", cell, "2026-09-03"]))
    (row,) = batch
    assert row.id is not None
    assert row.id.issue is issue
    found = row.problems if grave else row.warnings
    assert [problem.column for problem in found] == ["公民身份号码"]
    assert bool(row.problems) == grave
    assert "请" in found[0].message


def test_a_wrong_check_digit_keeps_the_birth_date_for_linking() -> None:
    _, batch = take(deaths(["张三", WRONG, "2026-09-03"]))
    (row,) = batch
    assert row.id is not None
    assert row.id.birth_hint == date(1940, 3, 5)


def test_every_problem_of_a_row_is_told_in_column_order() -> None:
    _, batch = take(deaths(["", "错", "哪天"]))
    (row,) = batch
    assert [problem.column for problem in row.problems] == ["姓名", "公民身份号码", "死亡日期"]


def test_what_is_no_row() -> None:
    rows = deaths(
        ["张三", HIS, "2026-09-03"],
        ["", "", ""],
        [" ", None, "\u3000"],
        list(DEATHS),
        ["李四", HER, "2026-09-04"],
        ["合计", "2人", ""],
        ["合  计：2", "", ""],
        ["制表人：王五", "", "审核人：赵六"],
        ["", "填表日期：2026年10月8日", ""],
        ["备注：以上人员已公示", "", ""],
        ["说明：本表由民政局填写。", "", ""],
        ["", "", "2026-10-08"],
        ["（盖章）", "", ""],
    )
    _, batch = take(rows)
    assert batch.names == ["张三", "李四"]
    assert batch.row_nos == [2, 6]
    assert batch.blank_rows == 2
    assert [(row.row_no, row.why) for row in batch.skipped] == [
        (5, "重复的表头"),
        (7, "合计行"),
        (8, "合计行"),
        (9, "表尾"),
        (10, "表尾"),
        (11, "表尾"),
        (12, "表尾"),
        (13, "说明文字"),
        (14, "表尾"),
    ]
    assert batch.skipped[1].text == "合计 2人"


def test_footers_beside_a_running_number() -> None:
    rows: list[list[object]] = [
        ["序号", "姓名", "公民身份号码", "死亡日期"],
        [1.0, "张三", HIS, "2026-09-03"],
        [2.0, "", "", ""],
        ["合计", "1人", "", ""],
        ["单位负责人：", "", "填表人：王五", "2026年10月8日"],
        ["和田市民政局（公章）", "", "", ""],
    ]
    _, batch = take(rows)
    assert batch.names == ["张三"]
    assert [row.why for row in batch.skipped] == ["没有名单内容", "合计行", "表尾", "表尾"]
    assert batch.extras == {"序号": ["1"]}


@pytest.mark.parametrize(
    "row",
    [
        ["合计", HIS, "2026-09-03"],
        ["共和", HIS, "2026-09-03"],
        ["单国强", "", "2026-09-03"],
        ["张三", "", ""],
        ["", HIS, ""],
        ["填", "1", "2"],
    ],
)
def test_a_person_is_never_taken_for_a_footer(row: list[object]) -> None:
    _, batch = take(deaths(row))
    assert len(batch) == 1


def test_a_title_repeated_on_every_page_is_no_row() -> None:
    title = ["和田市2026年10月死亡人员名单", "", ""]
    _, batch = take(
        [
            title,
            *deaths(["张三", HIS, "2026-09-03"], title, list(DEATHS), ["李四", HER, "2026-09-03"]),
        ]
    )
    assert batch.names == ["张三", "李四"]
    assert [row.why for row in batch.skipped] == ["重复的标题", "重复的表头"]


def test_excel_rows_are_counted_from_the_top_of_the_sheet() -> None:
    _, batch = take([[], ["标题"], [], *deaths([], ["张三", HIS, "2026-09-03"])])
    assert batch.row_nos == [6]


def test_extra_columns_come_as_received() -> None:
    rows = [
        [*DEATHS, "备注", "金额", "日子", ""],
        ["张三", HIS, "2026-09-03", " =1+1 ", 12.0, date(2026, 1, 1), "x"],
    ]
    _, batch = take(rows)
    (row,) = batch
    assert row.extra == {"备注": "=1+1", "金额": "12", "日子": "2026-01-01", "第 7 列": "x"}


def test_evidence_columns_are_values_when_the_sheet_has_them() -> None:
    rows = [
        [*DEATHS, "性别", "出生年月日", "手机号", "户号"],
        ["张三", HIS, "2026-09-03", "男", "19400305", 13900000001.0, "H1"],
    ]
    _, batch = take(rows)
    (row,) = batch
    assert row.values == {
        "died_on": date(2026, 9, 3),
        "sex": "M",
        "birth_date": date(1940, 3, 5),
        "phone": "13900000001",
        "household_id": "H1",
    }


def test_what_contradicts_the_number_is_a_warning() -> None:
    rows = [[*DEATHS, "性别", "出生日期"], ["张三", HIS, "2026-09-03", "女", "1941-03-05"]]
    _, batch = take(rows)
    (row,) = batch
    assert row.problems == ()
    assert [warning.column for warning in row.warnings] == ["性别", "出生日期"]


def test_a_death_before_the_birth_goes_back() -> None:
    _, batch = take(deaths(["张三", HIS, "1930-01-01"]))
    assert "早于出生日期" in batch.problems[0][0].message


def test_an_assistance_that_ends_before_it_begins_goes_back() -> None:
    header = ["姓名", "公民身份号码", "救助类别", "保障起始日期", "保障终止日期"]
    rows: list[list[object]] = [
        header,
        ["张三", HIS, "低保", "2026-05-01", "2026-04-30"],
        ["李四", HER, "低保", "2026-05-01", "2026-05-01"],
        ["王五", HER, "低保", "2026-05-01", "长期"],
    ]
    _, batch = take(rows)
    assert list(batch.problems) == [0]
    assert "早于保障起始日期" in batch.problems[0][0].message
    assert batch.values["holds_to"] == [date(2026, 4, 30), date(2026, 5, 1), None]
    assert batch.values["support_mode"] == [None] * 3


def test_defaults_of_columns_that_are_not_there() -> None:
    _, batch = take([["姓名", "公民身份号码", "户籍地区划代码"], ["张三", HIS, 653201100201.0]])
    (row,) = batch
    assert row.values["status"] == "normal"
    assert row.values["hukou_code"] == "653201100201"
    assert row.values["marital"] is None


def test_places_are_asked_once_for_each_code() -> None:
    asked: list[str] = []

    def places(code: str) -> bool:
        asked.append(code)
        return code != "653299000000"

    rows = [
        ["姓名", "公民身份号码", "户籍地区划代码"],
        *[["张三", HIS, "653201"]] * 5,
        ["李四", HER, "653299"],
    ]
    _, batch = take(rows, places=places)
    assert sorted(asked) == ["653201000000", "653299000000"]
    assert batch.problems == {
        5: (("户籍地区划代码", "户籍地区划代码：区划代码 653299 不在区划表中，请核对"),)
    }


CARD = ["姓名", "残疾人证号", "残疾类别", "残疾等级"]


@pytest.mark.parametrize(
    ("row", "category", "grade", "problems", "warnings"),
    [
        ([f"{HIS}42", "", ""], 4, 2, [], []),
        ([f"{HIS}42", "肢体", "二级"], 4, 2, [], []),
        ([f"{HIS}42", "视力残疾", "1级"], 1, 1, [], ["残疾类别", "残疾等级"]),
        ([f"{HIS}92", "肢体", ""], 4, 2, [], ["残疾人证号"]),
        ([f"{HIS}92", "", ""], None, 2, ["残疾类别"], ["残疾人证号"]),
        ([f"{HIS}49", "", ""], 4, None, ["残疾等级"], ["残疾人证号"]),
        ([f"{HIS}42B1", "", ""], 4, 2, [], []),
        ([HIS, "肢体", "二级"], 4, 2, ["残疾人证号"], []),
        ([f"{WRONG}42", "", ""], 4, 2, [], ["残疾人证号"]),
        (["6.53201E+19", "", ""], None, None, ["残疾人证号"], []),
        (["", "肢体", "一级"], 4, 1, ["残疾人证号"], []),
    ],
)
def test_disability_cards(
    row: list[object], category: int, grade: int, problems: list[str], warnings: list[str]
) -> None:
    _, batch = take([CARD, ["张三", *row]])
    (reading,) = batch
    assert reading.values["disability_category"] == category
    assert reading.values["disability_grade"] == grade
    assert [problem.column for problem in reading.problems] == problems
    assert [warning.column for warning in reading.warnings] == warnings


def test_the_person_of_a_card_is_its_first_eighteen() -> None:
    _, batch = take([CARD, ["张三", f" {HIS} 42", "", ""]])
    (row,) = batch
    assert row.id is not None
    assert row.id.number is not None
    assert row.id.number.text == HIS
    assert row.values["card_number"] == f"{HIS}42"
    assert row.values["card_status"] == "valid"


def test_an_id_column_beside_the_card() -> None:
    rows = [
        ["姓名", "残疾人证号", "身份证号"],
        ["张三", f"{HIS}42", HIS],
        ["李四", f"{WRONG}42", HIS],
        ["王五", f"{HIS}42", HER],
        ["赵六", f"{HIS}42", "乱写"],
    ]
    _, batch = take(rows)
    assert batch.ids is not None
    assert [reading.number and reading.number.text for reading in batch.ids] == [HIS] * 4
    assert batch.problems == {}
    assert sorted(batch.warnings) == [1, 2, 3]


def test_relief_needs_neither_name_nor_number() -> None:
    rows: list[list[object]] = [
        ["姓名", "公民身份号码", "救助日期", "状态"],
        ["", "", "2026-10-02", "在站"],
        ["无名氏", "不详", "2026-10-02", "离站"],
        ["张三", "6.53201E+17", "2026-10-02", "在站"],
        ["合计", "", "", "3"],
    ]
    _, batch = take(rows)
    assert len(batch) == 3
    assert list(batch.problems) == [2]
    assert batch.values["in_relief"] == [True, False, True]
    _, bare = take(
        [["救助日期", "状态"], ["2026-10-02", "在站"], ["2026-10-03", "离站"], ["制表人：王", ""]]
    )
    assert (len(bare), bare.ids, bare.names) == (2, None, ["", ""])
    assert [row.id for row in bare] == [None, None]


def test_a_survey_without_numbers() -> None:
    header = ["姓名", "公民身份号码", "常住地区划代码", "居住状况", "联系电话", "经度", "纬度"]
    _, batch = take([header, ["张三", "", "653201100201", "独居", "没有手机", "37.1", "79.9"]])
    (row,) = batch
    assert row.problems == ()
    assert [warning.column for warning in row.warnings] == ["联系电话", "经度", "纬度"]
    assert row.id is not None
    assert row.id.issue is IdIssue.EMPTY


def test_an_unrecognised_sheet_is_not_read() -> None:
    sheet = make_sheet([["甲", "乙"], ["1", "2"]])
    with pytest.raises(ValueError, match="没有识别"):
        read_rows(sheet, recognise(sheet))


def test_read_rows_gives_what_the_batch_gives() -> None:
    sheet = make_sheet([[*DEATHS, "备注"], ["张三", HIS, "2026-09-03", "x"], ["", "", "哪天", "y"]])
    found = recognise(sheet)
    rows = read_rows(sheet, found)
    assert rows == list(read_batch(sheet, found))
    assert [bool(row.problems) for row in rows] == [False, True]


def test_a_list_without_rows() -> None:
    _, batch = take([DEATHS, ["", "", ""]])
    assert (len(batch), list(batch), batch.problems) == (0, [], {})


@pytest.mark.parametrize("form", ["text", "numbers"])
def test_a_whole_messy_file(form: str) -> None:
    plain = form == "text"
    rows: list[list[object]] = [
        ["和田市2026年10月特困人员花名册"],
        [],
        [
            "序号",
            "姓 名",
            "身份证号码\n（18位）",
            "救助类型",
            "供养方式",
            "自理情况",
            "保障开始日期",
            "终止日期",
            "备注",
        ],
        [
            1,
            "买买提.吐尔逊",
            HIS,
            "特困供养",
            "集中供养",
            "全护理",
            "20240101" if plain else 20240101,
            "",
            "",
        ],
        [],
        [
            2,
            "张　三",
            f"'{HER.lower()}",
            "农村低保",
            "/",
            "",
            "2025年7月" if plain else date(2025, 7, 1),
            "长期",
            "复核",
        ],
        [
            3,
            "李四",
            "6.53201E+17",
            "特困",
            "分散",
            "半护理",
            "2024-01-01" if plain else 45292,
            "",
            "",
        ],
        ["合计", "", "3人"],
        ["制表人：王五", "", "", "审核人：赵六"],
    ]
    sheet = first_sheet(make_xlsx(("和田市", rows), ("填写说明", [["一、请如实填写"]])))
    found = recognise(sheet)
    assert (found.kind, found.title_month, found.title_place) == (
        "assistance",
        date(2026, 10, 1),
        "和田市",
    )
    batch = read_batch(sheet, found)
    assert batch.row_nos == [4, 6, 7]
    assert batch.values["holds_from"] == [date(2024, 1, 1), date(2025, 7, 1), date(2024, 1, 1)]
    assert batch.values["assistance"] == ["tekun", "dibao", "tekun"]
    assert list(batch.problems) == [2]
    assert [row.why for row in batch.skipped] == ["合计行", "表尾"]


cell = st.one_of(
    st.sampled_from(
        [
            HIS,
            HER,
            WRONG,
            "张三",
            "2026-09-03",
            "合计",
            "制表人",
            "",
            " ",
            "姓名",
            "公民身份号码",
            "死亡日期",
            "6.53201E+17",
        ]
    ),
    st.none(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.text(max_size=6),
)


def accounted(sheet: Sheet, found: Recognition) -> None:
    batch = read_batch(sheet, found)
    rows = list(batch)
    accepted = [row for row in rows if not row.problems]
    returned = [row for row in rows if row.problems]
    assert len(batch) == len(accepted) + len(returned)
    body = len(sheet.rows) - (found.header_row or 0)
    assert body == len(batch) + len(batch.skipped) + batch.blank_rows
    assert len({*batch.row_nos, *(row.row_no for row in batch.skipped)}) == len(batch) + len(
        batch.skipped
    )
    target = io.BytesIO()
    reasons = {row.row_no: [problem.message for problem in row.problems] for row in returned}
    write_returned_sheets(target, [returned_sheet(sheet, found, reasons)])
    back = first_sheet(target.getvalue())
    assert len(back.rows) == len(returned) + 1 + bool(found.title)


@given(st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8))
def test_received_is_accepted_and_returned_whatever_stands_in_the_sheet(
    rows: list[list[object]],
) -> None:
    sheet = make_sheet([DEATHS, *rows])
    found = recognise(sheet, kind="deaths")
    if found.header_row == 1:
        accounted(sheet, found)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=25)
@given(data=st.data())
def test_no_kind_fails_on_any_row(kind: str, data: st.DataObject) -> None:
    header = [column.name for column in KINDS[kind].all_columns]
    row = st.lists(cell, min_size=len(header), max_size=len(header))
    sheet = make_sheet([header, *data.draw(st.lists(row, max_size=3))])
    found = recognise(sheet, kind=kind)
    assert found.kind == kind
    batch = read_batch(sheet, found, places=lambda code: code.startswith("6532"))
    assert len(list(batch)) == len(batch)
    body = len(sheet.rows) - (found.header_row or 0)
    assert body == len(batch) + len(batch.skipped) + batch.blank_rows
