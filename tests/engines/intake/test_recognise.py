"""Recognition: kind, header, title, month, place, and why a sheet is left out."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.intake.making import make_sheet
from yanglao.engines.intake.headers import find_column, header_key, suggest_mapping
from yanglao.engines.intake.kinds import KINDS, Column
from yanglao.engines.intake.recognise import Recognition, month_in, place_in, recognise
from yanglao.engines.intake.workbook import Sheet

ALL = sorted(KINDS)


def fields(recognition: Recognition) -> list[str]:
    return [c.field for c in recognition.columns.values() if isinstance(c, Column)]


@pytest.mark.parametrize("kind", ALL)
def test_each_kind_by_all_its_columns(kind: str) -> None:
    header = [column.name for column in KINDS[kind].columns]
    found = recognise(make_sheet([header, ["x"] * len(header)]))
    assert (found.kind, found.header_row, found.reason) == (kind, 1, "")
    assert fields(found) == [column.field for column in KINDS[kind].columns]


@pytest.mark.parametrize("kind", ALL)
def test_each_kind_by_its_required_columns_alone(kind: str) -> None:
    header = [column.name for column in KINDS[kind].required]
    assert recognise(make_sheet([header, ["x"] * len(header)])).kind == kind


@pytest.mark.parametrize("kind", ALL)
def test_each_kind_among_columns_that_any_list_may_carry(kind: str) -> None:
    own = [column.name for column in KINDS[kind].required]
    everybody = [
        "性别",
        "出生日期",
        "民族",
        "婚姻状况",
        "户号",
        "户籍地区划代码",
        "户籍地址",
        "常住地区划代码",
        "联系电话",
    ]
    header = ["序号", *own, *(name for name in everybody if name not in own), "备注"]
    assert recognise(make_sheet([header, ["x"] * len(header)])).kind == kind


@pytest.mark.parametrize("kind", ALL)
def test_without_a_required_column_it_is_not_that_kind(kind: str) -> None:
    for missing in KINDS[kind].required:
        header = [column.name for column in KINDS[kind].columns if column is not missing]
        found = recognise(make_sheet([header, ["x"] * len(header)]))
        assert found.kind != kind
        forced = recognise(make_sheet([header, ["x"] * len(header)]), kind=kind)
        assert forced.kind is None
        assert forced.missing_required == (missing.name,)
        assert missing.name in forced.reason


def test_the_nearest_kind_and_its_missing_column_are_named() -> None:
    found = recognise(
        make_sheet([["姓名", "公民身份号码", "失能等级", "待遇享受"], ["张三", "1", "2", "是"]])
    )
    assert (found.kind, found.nearest, found.missing_required) == (None, "ltci", ("参保",))
    assert "长期护理保险名单" in found.reason
    assert "列名对应" in found.reason


MESSY_HEADERS = [
    ["姓 名", "公民身份\n号码", "死亡日期"],
    ["＊姓名", "身份证号码（18位）", "死亡时间"],
    ["姓名*", "身份证号", "死亡日期（必填）"],
    ["【姓名】死者姓名", "公民身份号码：", "★死亡日期★"],
    ["姓　名", "公民身份号码\n（18 位）", "死 亡\n日 期"],
    ["姓名", "证件号码", "去世日期"],
    ["姓名", "ＩＤＣａｒｄ", "死亡日期"],
    ["\ufeff姓名", "公民身份号码\u00a0", "死亡日期\u200b"],
    ["“姓名”", "'公民身份号码", "死亡日期?"],
]


@pytest.mark.parametrize("header", MESSY_HEADERS)
def test_headers_as_they_really_are(header: list[str]) -> None:
    found = recognise(make_sheet([header, ["张三", "1", "2026-01-01"]]))
    assert found.kind == "deaths", found.reason
    assert fields(found) == ["name", "id_number", "died_on"]


@pytest.mark.parametrize("above", range(15))
def test_the_header_may_stand_below_titles_and_blank_rows(above: int) -> None:
    titles: list[list[object]] = [["和田市2026年10月死亡人员名单"], [], ["填报单位：和田市民政局"]]
    rows = (titles * 5)[:above]
    found = recognise(
        make_sheet([*rows, ["序号", "姓名", "公民身份号码", "死亡日期"], [1, "张三", "1", "x"]])
    )
    assert (found.kind, found.header_row) == ("deaths", above + 1)
    if above:
        assert (found.title_month, found.title_place) == (date(2026, 10, 1), "和田市")


def test_a_header_of_two_lines_with_groups() -> None:
    rows = [
        ["2026年10月社会救助名单"],
        ["基本信息", "", "", "保障情况", "", "", "备注"],
        ["序号", "姓名", "公民身份号码", "救助类别", "起始日期", "终止日期", ""],
        [1, "张三", "1", "低保", "2026-01-01", "", ""],
    ]
    found = recognise(make_sheet(rows))
    assert (found.kind, found.header_row) == ("assistance", 3)
    assert found.title == "2026年10月社会救助名单"
    assert fields(found) == ["name", "id_number", "assistance", "holds_from", "holds_to"]


def test_a_header_of_two_lines_whose_upper_line_names_columns_too() -> None:
    rows = [
        ["姓名", "公民身份号码", "救助类别", "保障", "", "备注"],
        ["", "", "", "起始日期", "终止日期", ""],
        ["张三", "1", "低保", "2026-01-01", "", ""],
    ]
    found = recognise(make_sheet(rows))
    assert (found.kind, found.header_row, found.header_lines) == ("assistance", 2, 2)
    assert fields(found) == ["name", "id_number", "assistance", "holds_from", "holds_to"]
    assert found.columns[5] == "备注"


def test_extra_columns_keep_their_names() -> None:
    header = ["序号", "姓名", "公民身份号码", "死亡日期", "备注", "备注", "", "退回原因"]
    found = recognise(make_sheet([header, ["x"] * 8]))
    extras = {index: name for index, name in found.columns.items() if isinstance(name, str)}
    assert extras == {0: "序号", 4: "备注", 5: "备注（2）", 6: "第 7 列"}
    assert found.unknown_columns == ("备注", "备注（2）")


def test_the_canonical_name_wins_over_a_variant_of_it() -> None:
    found = recognise(
        make_sheet([["身份证号", "公民身份号码", "姓名", "死亡日期"], ["a", "b", "c", "d"]])
    )
    assert found.columns[0] == "身份证号"
    assert isinstance(found.columns[1], Column)


def test_a_clerks_mapping() -> None:
    sheet = make_sheet([["人员", "号码", "走的日子", "死亡日期"], ["张三", "1", "2026-01-01", "x"]])
    assert recognise(sheet).kind is None
    mapping = {"人员": "姓名", "号 码": "公民身份号码", "走的日子": "死亡日期", "死亡日期": ""}
    found = recognise(sheet, mapping)
    assert found.kind == "deaths"
    assert fields(found) == ["name", "id_number", "died_on"]
    assert found.columns[3] == "死亡日期（2）"


def test_suggestions_for_a_mapping() -> None:
    pairs = suggest_mapping(
        ["参保人员的姓名", "公民身份证件号码", "死亡的日期", "天气", "退回原因"], "deaths"
    )
    assert {pair.header: pair.column for pair in pairs} == {
        "参保人员的姓名": "姓名",
        "公民身份证件号码": "公民身份号码",
        "死亡的日期": "死亡日期",
    }
    assert all(0.5 <= pair.likeness <= 1 for pair in pairs)


def test_what_is_understood_already_is_not_suggested() -> None:
    assert suggest_mapping(["姓名", "身份证号", "死亡日期"], "deaths") == []


@pytest.mark.parametrize(
    ("sheet", "part"),
    [
        (Sheet("空表", []), "空的"),
        (Sheet("空表", [["", None], ["", ""]]), "空的"),
        (Sheet("填写说明", [["一、请认真填写"], ["二、不得漏项"]]), "没有找到名单的表头"),
        (Sheet("统计", [["乡镇", "人数"], ["某镇", 12.0]]), "没有找到名单的表头"),
        (Sheet("旧", [["姓名", "公民身份号码", "死亡日期"], ["a", "b", "c"]], hidden=True), "隐藏"),
    ],
)
def test_a_sheet_left_out_says_why(sheet: Sheet, part: str) -> None:
    found = recognise(sheet)
    assert found.kind is None
    assert part in found.reason
    assert sheet.name in found.reason


def test_two_kinds_in_one_sheet_need_a_person_or_a_title() -> None:
    header = ["姓名", "公民身份号码", "死亡日期", "健康管理日期"]
    rows = [header, ["张三", "1", "2026-01-01", "2026-01-01"]]
    found = recognise(make_sheet(rows))
    assert found.kind is None
    assert "请指定名单种类" in found.reason
    assert recognise(make_sheet(rows), kind="health").kind == "health"
    assert recognise(make_sheet([["2026年体检名单"], *rows])).kind == "health"
    assert recognise(make_sheet(rows, name="死亡")).kind == "deaths"


def test_the_kind_with_more_of_its_columns_wins() -> None:
    ltci = ["姓名", "身份证号", "参保状态", "评估等级", "待遇状态", "评估日期"]
    assert recognise(make_sheet([ltci, ["x"] * 6])).kind == "ltci"
    register = [
        "姓名",
        "身份证号",
        "与户主关系",
        "户籍地区划代码",
        "人员状态",
        "状态日期",
        "死亡日期",
    ]
    assert recognise(make_sheet([register, ["x"] * 7])).kind == "household"


def test_an_unknown_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        recognise(make_sheet([["姓名", "x"], ["a", "b"]]), kind="weather")


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("和田市2026年10月特困人员花名册", date(2026, 10, 1)),
        ("2026年1月", date(2026, 1, 1)),
        ("２０２６ 年 ９ 月份", date(2026, 9, 1)),
        ("截至2026-10-31", date(2026, 10, 1)),
        ("低保2026.03", date(2026, 3, 1)),
        ("低保_202603_终", date(2026, 3, 1)),
        ("二〇二六年十月", date(2026, 10, 1)),
        ("二○二六年十二月", date(2026, 12, 1)),
        ("二零二六年三月", date(2026, 3, 1)),
        ("2026年度", None),
        ("2026年13月", None),
        ("电话13920261012", None),
        ("", None),
    ],
)
def test_month_of_a_title(text: str, month: date | None) -> None:
    assert month_in(text) == month


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("和田市2026年10月特困人员花名册", "和田市"),
        ("2026年10月和田地区墨玉县特困人员花名册", "和田地区墨玉县"),
        ("新疆维吾尔自治区和田地区户籍名单", "新疆维吾尔自治区和田地区"),
        ("填报单位：皮山县民政局", "皮山县"),
        ("关于墨玉县奎牙镇低保名单", "墨玉县奎牙镇"),
        ("特困人员花名册", ""),
        ("", ""),
    ],
)
def test_place_of_a_title(text: str, place: str) -> None:
    assert place_in(text) == place


def test_the_sheet_name_tells_month_and_place_when_the_title_does_not() -> None:
    rows = [["姓名", "公民身份号码", "死亡日期"], ["张三", "1", "2026-01-01"]]
    found = recognise(make_sheet(rows, name="墨玉县202610"))
    assert (found.title_month, found.title_place) == (date(2026, 10, 1), "墨玉县")


def test_an_amount_in_ten_thousands_is_not_an_amount_in_yuan() -> None:
    assert find_column(KINDS["pension"], header_key("月待遇（元）")) is not None
    assert find_column(KINDS["pension"], header_key("月待遇（万元）")) is None


@pytest.mark.parametrize("kind", ALL)
def test_no_variant_takes_the_name_of_another_column(kind: str) -> None:
    for column in KINDS[kind].all_columns:
        assert find_column(KINDS[kind], header_key(column.name)) == column


@pytest.mark.parametrize("kind", ALL)
def test_fields_are_told_apart(kind: str) -> None:
    names = [column.field for column in KINDS[kind].all_columns]
    assert len(names) == len(set(names))
    date_column = KINDS[kind].date_column
    assert date_column is None or date_column in names


cells = st.one_of(st.text(max_size=12), st.floats(), st.booleans(), st.dates(), st.none())


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6))
def test_garbage_is_recognised_as_nothing_or_something_but_never_fails(
    rows: list[list[object]],
) -> None:
    found = recognise(Sheet("x", rows))
    assert (found.kind is None) == bool(found.reason)
    assert dataclasses.asdict(found)
