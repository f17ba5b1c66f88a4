"""The empty list of each kind to fill in.

Header, drop-downs, notes on every column, three invented people.
"""

import os
from collections.abc import Mapping
from typing import cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yanglao.engines.intake.kinds import EVIDENCE, KINDS, Column, ListKind
from yanglao.engines.intake.returned import Target
from yanglao.kernel.idnumber import check_digit

#: A place for the samples when the caller names none.
SAMPLE_PLACE = "653201001001"

_ROWS_WITH_HELP = 5000
_LONGEST_PROMPT = 250
# The area 999999 does not exist, so the numbers are nobody's.
_SAMPLE_IDS = tuple(
    first17 + check_digit(first17)
    for first17 in ("99999919400305001", "99999919441018002", "99999919360701003")
)
_SAMPLE_NAMES = ("（示例）张三", "（示例）买买提·吐尔逊", "（示例）李四")

_FORMS = {
    "name": "按户口簿填写；中间点用“·”",
    "id": "18 位公民身份号码，单元格须为文本格式",
    "card": "20 位残疾人证号，单元格须为文本格式",
    "text": "文字",
    "date": "日期，如 2026-10-01",
    "month": "年月，如 2026-10",
    "code": "统计用区划代码，6、9 或 12 位",
    "money": "金额，单位元，如 1234.50",
    "phone": "手机或固定电话",
    "coord": "小数，如 79.92",
}

# Sample values by field; three of each, for the three invented people.
_SAMPLES: dict[str, tuple[str, str, str]] = {
    "sex": ("男", "女", "男"),
    "birth_date": ("1940-03-05", "1944-10-18", "1936-07-01"),
    "ethnicity": ("汉族", "维吾尔族", "汉族"),
    "marital": ("丧偶", "已婚", "未婚"),
    "household_id": ("H000001", "H000002", "H000003"),
    "relation": ("户主", "配偶", "户主"),
    "address": ("某市某街道某社区 1 号", "某县某乡某村 2 组", "某县某镇某村 3 组"),
    "status": ("正常", "正常", "迁出"),
    "status_on": ("", "", "2026-05-20"),
    "pension_kind": ("职工基本养老保险", "城乡居民基本养老保险", "城乡居民基本养老保险"),
    "pension_status": ("正常", "正常", "未领取"),
    "monthly_fen": ("3250.50", "210", ""),
    "began_on": ("2000-04", "2004-11", ""),
    "assistance": ("特困", "低保", "低保边缘"),
    "support_mode": ("集中", "", ""),
    "tekun_care": ("全护理", "", ""),
    "holds_from": ("2024-01-01", "2025-07-01", "2026-03-01"),
    "holds_to": ("", "2026-06-30", ""),
    "disability_category": ("肢体", "视力", "听力"),
    "disability_grade": ("二级", "一级", "三级"),
    "needs_long_term_care": ("是", "是", "否"),
    "issued_on": ("2019-06-12", "2021-09-30", "2018-03-15"),
    "card_status": ("有效", "有效", "注销"),
    "health_checked_on": ("2026-04-18", "2026-05-09", "2025-11-02"),
    "chronic": ("高血压", "无", "糖尿病、高血压"),
    "doctor": ("王医生", "王医生", "古丽医生"),
    "dementia": ("否", "否", "是"),
    "ltci_insured": ("是", "是", "否"),
    "ltci_level": ("3", "0", ""),
    "ltci_receiving": ("是", "否", "否"),
    "veteran_category": ("残疾军人", "烈士遗属", "复员军人"),
    "special_contribution": ("是", "是", "否"),
    "assessed_on": ("2026-02-10", "2026-03-22", "2026-06-05"),
    "ability_level": ("3", "1", "0"),
    "agency": ("某评估中心", "某评估中心", "某评估中心"),
    "living": ("独居", "空巢", "与子女同住"),
    "supporter": ("无", "有", "无赡养能力"),
    "family_planning_special": ("否", "否", "是"),
    "phone": ("13900000001", "13900000002", "13900000003"),
    "contact": ("张某", "吐某", "李某"),
    "contact_phone": ("13900000011", "13900000012", "13900000013"),
    "lng": ("79.92", "79.93", "79.94"),
    "lat": ("37.11", "37.12", "37.13"),
    "relief_on": ("2026-10-02", "2026-09-15", "2026-10-20"),
    "in_relief": ("在站", "离站", "在站"),
    "died_on": ("2026-09-03", "2026-09-14", "2026-10-01"),
}


def write_template(target: Target, kind: str, *, place_code: str = SAMPLE_PLACE) -> None:
    """Write the template of a kind as xlsx to a path or a binary file.

    The sample people are invented and marked 示例; rows so marked are left out when a list is taken
    in.

    Args:
        target: Path, or file open for writing bytes.
        kind: Code of the kind; KeyError when there is none.
        place_code: Division code (12 digits) for the samples, so that it fits the region.
    """
    chosen = KINDS[kind]
    path = target if hasattr(target, "write") else os.fspath(target)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        formats = {
            "required": book.add_format({"bold": True, "bg_color": "#FDE9D9", "border": 1}),
            "optional": book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1}),
            "text": book.add_format({"num_format": "@"}),
            "sample": book.add_format({"num_format": "@", "font_color": "#7A7A7A", "italic": True}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_list(book.add_worksheet(chosen.label), formats, chosen, place_code)
        _write_notes(book.add_worksheet("填写说明"), formats, chosen)


def _write_list(
    page: Worksheet, formats: Mapping[str, Format], kind: ListKind, place_code: str
) -> None:
    for at, column in enumerate(kind.columns):
        header = column.name + ("＊" if column.required else "")
        page.write_string(0, at, header, formats["required" if column.required else "optional"])
        # Text everywhere: dates, codes and numbers stay as they are typed.
        page.set_column(at, at, max(2 * len(header) + 4, _width(column)), formats["text"])
        _offer(page, at, column)
        for line, sample in enumerate(_samples(column, place_code), start=1):
            page.write_string(line, at, sample, formats["sample"])
    page.freeze_panes(1, 1)


def _offer(page: Worksheet, at: int, column: Column) -> None:
    help_text = {
        "input_title": column.name[:32],
        "input_message": _note(column)[:_LONGEST_PROMPT],
        "ignore_blank": True,
    }
    if column.choices and column.kind != "text":
        rule = {
            "validate": "list",
            "source": [choice.label for choice in column.choices],
            "error_title": "请从列表中选择",
            "error_message": _note(column)[:_LONGEST_PROMPT],
        }
        page.data_validation(1, at, _ROWS_WITH_HELP, at, rule | help_text)
    else:
        page.data_validation(1, at, _ROWS_WITH_HELP, at, {"validate": "any"} | help_text)


def _samples(column: Column, place_code: str) -> tuple[str, str, str]:
    if column.kind == "name":
        return _SAMPLE_NAMES
    if column.kind == "id":
        return cast(tuple[str, str, str], _SAMPLE_IDS)
    if column.kind == "card":
        first, second, third = (
            number + tail for number, tail in zip(_SAMPLE_IDS, ("42", "11", "23"), strict=True)
        )
        return first, second, third
    if column.kind == "code":
        return place_code, place_code, place_code
    return _SAMPLES[column.field]


def _write_notes(page: Worksheet, formats: Mapping[str, Format], kind: ListKind) -> None:
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 10)
    page.set_column(2, 2, 80)
    page.write_string(0, 0, f"{kind.label}（{kind.sender}）填写说明", formats["title"])
    lines = [
        "带＊的列必须有，且每行必填。其余列可以空着，表示不知道。",
        "姓名带“示例”的三行是虚构的人，填写时请删除；忘记删除也不会被接收。",
        "可以另加列，会原样保存；表头上方可以有标题，标题中的年月和地区会被识别。",
        "以下各列也可以加入，用于核对身份：" + "、".join(column.name for column in EVIDENCE) + "。",
    ]
    for line, text in enumerate(lines, start=1):
        page.write_string(line, 0, text)
    start = len(lines) + 2
    # In one column, not side by side: a table with these headers would look like a list itself.
    for line, column in enumerate(kind.columns, start=start):
        page.write_string(line, 0, column.name)
        page.write_string(line, 1, "必填" if column.required else "可空")
        page.write_string(line, 2, _note(column), formats["wrap"])


def _note(column: Column) -> str:
    if column.choices and column.kind != "text":
        return "填写：" + "、".join(choice.label for choice in column.choices)
    note = _FORMS[column.kind]
    if column.open_words:
        note += "；没有终止日期的空着或写“长期”"
    return note


def _width(column: Column) -> int:
    return {"id": 22, "card": 24, "code": 16, "name": 22, "text": 18}.get(column.kind, 12)
