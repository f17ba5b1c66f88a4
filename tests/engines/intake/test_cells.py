"""Cells: every way of writing a value, and the sentence for what is none."""

from datetime import date, datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yanglao.engines.intake.cells import Cell, cell_text, compile_parser, is_unknown, read_column
from yanglao.engines.intake.kinds import KINDS, Column


def column(kind: str, name: str) -> Column:
    found = KINDS[kind].column(name)
    assert found is not None
    return found


def parse(kind: str, name: str, cell: object) -> Cell:
    return compile_parser(column(kind, name), lambda code: code.startswith("6532"))(cell)


def value(kind: str, name: str, cell: object) -> object:
    found = parse(kind, name, cell)
    assert found.message == "", found.message
    return found.value


WAYS: list[tuple[str, str, object, list[object]]] = [
    ("household", "性别", "M", ["男", " 男 ", "男性", "1", 1, 1.0, "M", "1男", "1-男"]),
    ("household", "性别", "F", ["女", "女性", 2, "２", "f"]),
    ("household", "性别", None, ["", "未知", "未说明", "-"]),
    ("household", "婚姻状况", "已婚", ["已婚", "20", 20, "初婚", "有配偶", "再婚"]),
    ("household", "婚姻状况", "丧偶", ["丧偶", "30", " 丧 偶"]),
    ("household", "婚姻状况", "离婚", ["离婚", "离异", "40"]),
    ("household", "婚姻状况", "同居", ["同居"]),
    ("household", "婚姻状况", None, ["未说明", "不详", ""]),
    ("household", "人员状态", "normal", ["正常", "在册", "健在", "", None, "不详"]),
    ("household", "人员状态", "dead", ["死亡", "已故", "去世", "死亡注销", "因病死亡"]),
    ("household", "人员状态", "moved", ["迁出", "已迁出", "迁往外地", "迁往乌鲁木齐"]),
    ("household", "户号", "653201", [653201.0, "653201", " 653201 ", "'653201"]),
    ("household", "民族", "维吾尔族", ["维吾尔族", " 维吾尔族\n"]),
    ("pension", "险种", "employee", [
        "职工基本养老保险", "城镇职工基本养老保险", "企业职工基本养老保险", "职工", "城职保",
        "机关事业单位养老保险",
        "企业职工养老", "城镇企业职工基本养老保险（省内）",
    ]),
    ("pension", "险种", "resident", [
        "城乡居民基本养老保险", "城乡居民", "居民养老保险", "新农保", "城居保", "城乡居保",
    ]),
    ("pension", "待遇状态", "normal", ["正常", "正常发放", "在发", "领取", "待遇领取"]),
    ("pension", "待遇状态", "suspended", ["暂停", "停发", "暂停发放", "暂停发放（未认证）"]),
    ("pension", "待遇状态", "terminated", ["终止", "已终止", "注销", "因死亡终止"]),
    ("pension", "待遇状态", "unclaimed", [
        "未领取", "未领", "未享受", "待领取", "未领取待遇", "参保缴费",
    ]),
    ("pension", "月待遇", 123450, ["1,234.50", 1234.5, "￥1234.5", "1234.50元", "１２３４．５"]),
    ("pension", "月待遇", 0, [0, "0"]),
    ("pension", "月待遇", None, ["", "-", "/", "无", "#N/A", "——"]),
    ("pension", "起领年月", date(2015, 3, 1), [
        "2015-03", "201503", 201503, "2015年3月", "2015-03-17", date(2015, 3, 9),
    ]),
    ("assistance", "救助类别", "tekun", [
        "特困", "特困人员", "特困供养", "五保", "农村特困人员救助供养", "特困（分散）",
    ]),
    ("assistance", "救助类别", "dibao", [
        "低保", "低保对象", "最低生活保障", "城市低保", "农村低保", "城乡居民最低生活保障",
        "低保户（A类）", "02低保",
    ]),
    ("assistance", "救助类别", "dibao_margin", [
        "低保边缘", "低保边缘家庭", "低边", "最低生活保障边缘家庭", "农村低保边缘户",
    ]),
    ("assistance", "救助类别", "expense", [
        "支出型困难", "支出型困难家庭", "支出型", "刚性支出困难家庭",
    ]),
    ("assistance", "供养方式", "central", ["集中", "集中供养", "机构集中供养"]),
    ("assistance", "供养方式", "dispersed", ["分散", "分散供养", "分散供养（居家）"]),
    ("assistance", "供养方式", None, ["", "/", "无", "不适用"]),
    ("assistance", "自理能力", "self", ["全自理", "自理", "完全自理", "具备生活自理能力"]),
    ("assistance", "自理能力", "half", ["半护理", "半自理", "半失能", "部分丧失生活自理能力"]),
    ("assistance", "自理能力", "full", ["全护理", "不能自理", "完全丧失生活自理能力", "失能"]),
    ("assistance", "保障终止日期", None, [
        "", "长期", "至今", "9999-12-31", "无", date(9999, 12, 31),
    ]),
    ("disability", "残疾类别", 4, [
        "肢体", "肢体残疾", "4", 4.0, "04", "4肢体", "4-肢体残疾", "肢体一级",
    ]),
    ("disability", "残疾类别", 7, ["多重", "多重残疾", 7]),
    ("disability", "残疾等级", 1, [
        "一级", "1级", "壹级", "Ⅰ级", "Ⅰ", 1, 1.0, "1", "一", "残疾一级", "肢体一级", "１级",
    ]),
    ("disability", "残疾等级", 2, ["二级", "Ⅱ级", "II级", "贰级", "2"]),
    ("disability", "残疾等级", 4, ["四级", "Ⅳ级", "肆级", 4]),
    ("disability", "需长期照护", True, ["是", "需要", "需", "Y", "√", 1, True, "有"]),
    ("disability", "需长期照护", False, ["否", "不需要", "无", "N", "×", 0, False, "无需"]),
    ("disability", "需长期照护", None, ["", "-", "不详", "/"]),
    ("disability", "证件状态", "valid", ["有效", "正常", "", None]),
    ("disability", "证件状态", "cancelled", ["注销", "已注销", "作废", "过期"]),
    ("health", "确诊痴呆", True, ["是", "确诊", "已确诊"]),
    ("health", "确诊痴呆", False, ["否", "无", "未确诊", "疑似"]),
    ("health", "慢性病", "无", ["无", "没有"]),
    ("health", "慢性病", "高血压、糖尿病", ["高血压、糖尿病"]),
    ("health", "家庭医生", None, ["无", "", "暂无"]),
    ("ltci", "参保", True, ["是", "已参保", "参保", 1, "√", "在保", True, "TRUE", "y"]),
    ("ltci", "参保", False, ["否", "未参保", 0, "×", "停保", False]),
    ("ltci", "失能等级", 0, ["0", 0, 0.0, "0级", "基本正常"]),
    ("ltci", "失能等级", 3, ["3", 3, "3级", "三级", "重度失能Ⅰ级", "重度失能一级", "重度Ⅰ级"]),
    ("ltci", "失能等级", 5, ["5", "五级", "重度失能Ⅲ级", "重度失能3级"]),
    ("ltci", "失能等级", None, ["", "未评估", "-", "无"]),
    ("veterans", "享受定期抚恤补助", True, ["是", "享受", "正在享受"]),
    ("veterans", "享受定期抚恤补助", False, ["否", "未享受", "停止享受"]),
    ("assessment", "能力等级", 0, ["0", "0级", "能力完好", "能力完好（0级）"]),
    ("assessment", "能力等级", 1, ["1", "1级", "轻度失能", "轻度", "一级", "轻度失能（1级）"]),
    ("assessment", "能力等级", 2, ["2", "2级", "中度失能", 2.0]),
    ("assessment", "能力等级", 4, ["4", "完全失能", "四级", "完全失能(4级)"]),
    ("survey", "居住状况", "alone", ["独居", "独居老人", "单独居住", "独居（丧偶）"]),
    ("survey", "居住状况", "empty_nest", ["空巢", "空巢老人", "与配偶同住", "夫妻空巢户"]),
    ("survey", "居住状况", "left_behind", ["留守", "留守老人"]),
    ("survey", "居住状况", "with_children", [
        "与子女同住", "和子女同住", "与子女共同居住", "同住", "随子女生活",
    ]),
    ("survey", "居住状况", "institution", ["机构", "养老机构", "敬老院", "入住养老院", "机构养老"]),
    ("survey", "法定赡养人", "yes", ["有", "是", "有赡养人"]),
    ("survey", "法定赡养人", "none", ["无", "没有", "否", "无法定赡养人"]),
    ("survey", "法定赡养人", "unable", [
        "无赡养能力", "有但无赡养能力", "有，无赡养能力", "赡养人均无赡养能力",
    ]),
    ("survey", "法定赡养人", None, ["", "不详", "/", "-"]),
    ("survey", "计划生育特殊家庭", True, ["是", "失独", "√"]),
    ("survey", "联系电话", "13900000001", [
        "13900000001", 13900000001.0, "139 0000 0001", "139-0000-0001", "１３９００００００01",
    ]),
    ("survey", "联系电话", "09032512345", ["0903-2512345", "（0903）2512345"]),
    ("survey", "联系电话", "13900000001、09032512345", [
        "13900000001/0903-2512345", "13900000001；0903 2512345",
    ]),
    ("survey", "经度", 79.92, [79.92, "79.92", "79.92°E", "79.92°"]),
    ("survey", "常住地区划代码", "653201100201", [
        "653201100201", 653201100201.0, 653201100201, " 653201100201",
    ]),
    ("survey", "常住地区划代码", "653201000000", ["653201", 653201, "653201000", "653201000000"]),
    ("relief", "状态", True, ["在站", "在站救助", "滞留"]),
    ("relief", "状态", False, ["离站", "已离站", "返乡"]),
    ("deaths", "死亡日期", date(2026, 9, 3), [
        "2026-09-03", "2026/9/3", 20260903, 46268, "46268", "2026年9月3日",
        datetime(2026, 9, 3, 4, 5),  # noqa: DTZ001
    ]),
    ("deaths", "死亡日期", date(2026, 9, 1), ["2026-09", "2026年9月"]),
    ("household", "状态日期", None, ["", "-", 0, "0", 0.0, time(0, 0)]),
    ("household", "姓名", "买买提·吐尔逊", ["买买提.吐尔逊", " 买买提 • 吐尔逊 ", "买买提·吐尔逊"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "wanted", "cell"),
    [(kind, name, wanted, cell) for kind, name, wanted, cells in WAYS for cell in cells],
)
def test_ways_of_writing(kind: str, name: str, wanted: object, cell: object) -> None:
    got = value(kind, name, cell)
    assert got == wanted
    assert type(got) is type(wanted)


@pytest.mark.parametrize(
    ("kind", "name", "cell", "part"),
    [
        ("pension", "险种", "养老保险", "请填写：职工基本养老保险、城乡居民基本养老保险"),
        ("pension", "险种", "", "险种为空"),
        ("pension", "险种", "不详", "此列必填"),
        ("pension", "险种", "职工、居民", "看不懂"),
        ("pension", "待遇状态", "正常/暂停", "看不懂"),
        ("assistance", "救助类别", "非低保", "看不懂"),
        ("assistance", "救助类别", "已退出低保", "看不懂"),
        ("assistance", "救助类别", "低保、特困", "看不懂"),
        ("assistance", "救助类别", "拟纳入特困", "看不懂"),
        ("assistance", "保障起始日期", "2026-02-30", "不存在"),
        ("assistance", "保障起始日期", "9999-12-31", "年份不合理"),
        ("assistance", "保障终止日期", "很久", "看不懂日期"),
        ("disability", "残疾类别", "肢体、听力", "看不懂"),
        ("disability", "残疾等级", "五级", "看不懂"),
        ("disability", "残疾等级", "重度", "看不懂"),
        ("ltci", "失能等级", "6", "看不懂"),
        ("ltci", "失能等级", "重度", "看不懂"),
        ("assessment", "能力等级", "5", "看不懂"),
        ("assessment", "能力等级", "2.5", "看不懂"),
        ("survey", "居住状况", "子女在外务工", "看不懂"),
        ("survey", "居住状况", "不与子女同住", "看不懂"),
        ("survey", "居住状况", "无", "此列必填"),
        ("survey", "常住地区划代码", "6532", "6、9 或 12 位"),
        ("survey", "常住地区划代码", "410101", "区划代码 410101 不在区划表中，请核对"),
        ("household", "户籍地区划代码", 110101.0, "区划代码 110101 不在区划表中"),
        ("household", "姓名", 12.0, "不是文字"),
        ("household", "姓名", "12", "不是文字"),
        ("household", "姓名", "甲" * 81, "超过 80"),
        ("household", "姓名", "不详", "此列必填"),
        ("deaths", "死亡日期", "2026", "只有年份"),
        ("relief", "状态", "在逃", "看不懂"),
        ("pension", "月待遇", "三千", "不是金额"),
        ("pension", "月待遇", -5, "负数"),
        ("pension", "起领年月", "去年", "看不懂日期"),
    ],
)
def test_what_returns_the_row(kind: str, name: str, cell: object, part: str) -> None:
    found = parse(kind, name, cell)
    assert found.grave
    assert found.value is None
    assert part in found.message
    assert name in found.message
    assert "请" in found.message


@pytest.mark.parametrize(
    ("kind", "name", "cell", "part"),
    [
        ("survey", "联系电话", "没有手机", "不是电话号码"),
        ("survey", "联系电话", "123", "不是电话号码"),
        ("survey", "紧急联系电话", 12.5, "不是电话号码"),
        ("survey", "经度", "37.1", "73 至 136"),
        ("survey", "纬度", "北边", "3 至 54"),
        ("household", "性别", "中", "看不懂"),
        ("household", "出生日期", "1940-02-30", "不存在"),
        ("deaths", "常住地区划代码", "410101", "不在区划表中"),
    ],
)
def test_what_is_only_a_warning(kind: str, name: str, cell: object, part: str) -> None:
    found = parse(kind, name, cell)
    assert (found.value, found.grave) == (None, False)
    assert part in found.message


def test_long_text_is_cut_and_said_so() -> None:
    found = parse("health", "慢性病", "高血压、" * 100)
    assert len(found.value) == 200
    assert "只保留前面部分" in found.message
    assert not found.grave


def test_without_a_register_of_places_every_good_code_is_taken() -> None:
    assert compile_parser(column("survey", "常住地区划代码"))("110101").value == "110101000000"


@pytest.mark.parametrize(
    "text",
    ["不详", "未知", "/", "-", "—", "——", "无", "#N/A", "n/a", "Null", "？", "。", "…", "***"],
)
def test_words_for_not_known(text: str) -> None:
    assert is_unknown(text)


@pytest.mark.parametrize("text", ["无锡", "未央", "1", "是", "不", "N", "高血压", "-1"])
def test_words_that_say_something(text: str) -> None:
    assert not is_unknown(text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (653201.0, "653201"),
        (12.5, "12.5"),
        (True, "是"),
        (None, ""),
        (date(2026, 10, 1), "2026-10-01"),
        (datetime(2026, 10, 1, 8, 30), "2026-10-01 08:30"),  # noqa: DTZ001
        (" a\n b ", "a b"),
        (time(8, 30), "08:30:00"),
    ],
)
def test_cells_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_true_and_one_are_two_cells() -> None:
    level = column("assessment", "能力等级")
    values, remarks = read_column(level, [1, True, 1.0, "1"])
    assert values == [1, None, 1, 1]
    assert list(remarks) == [1]


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=40)
@given(
    cell=st.one_of(
        st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.dates(), st.none()
    )
)
def test_no_cell_makes_a_parser_fail(kind: str, cell: object) -> None:
    for each in KINDS[kind].all_columns:
        if each.kind in ("id", "card"):
            continue
        found = compile_parser(each, lambda code: False)(cell)
        assert isinstance(found.message, str)
        assert not (found.grave and found.value is not None)
        values, remarks = read_column(each, [cell, cell], lambda code: False)
        assert values == [found.value] * 2
        assert (len(remarks) == 2) == bool(found.message)


@example("NaN")
@example("不详")
@given(st.text(max_size=12))
def test_the_quick_way_gives_what_the_parser_gives(cell: str) -> None:
    for kind, name in (("household", "姓名"), ("household", "户籍地址"), ("survey", "联系电话")):
        each = column(kind, name)
        found = compile_parser(each)(cell)
        assert read_column(each, [cell])[0] == [found.value]
