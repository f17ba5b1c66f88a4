"""The columns of each list in the order the departments send them.

`form` says how a cell may be written (:mod:`yanglao.ops.demo.cell_forms`); `feeds` says that a fact
is made of it, so that an unreadable cell must send the row back.
"""

from __future__ import annotations

from typing import NamedTuple


class Col(NamedTuple):
    """One column of a list."""

    header: str
    form: str = "plain"
    required: bool = False
    feeds: bool = False
    choices: tuple[str, ...] = ()


YES_NO = ("是", "否")
NAME = Col("姓名", "name", required=True)
ID = Col("公民身份号码", "id", required=True)

COLUMNS: dict[str, tuple[Col, ...]] = {
    "household": (
        Col("序号", "serial"),
        NAME,
        ID,
        Col("性别"),
        Col("出生日期", "date"),
        Col("民族"),
        Col("婚姻状况"),
        Col("户号"),
        Col("与户主关系"),
        Col("户籍地区划代码", "code", required=True, feeds=True),
        Col("户籍地址"),
        Col("人员状态", feeds=True, choices=("正常", "死亡", "迁出")),
        Col("状态日期", "date", feeds=True),
        Col("联系电话", "phone"),
        Col("备注"),
    ),
    "pension": (
        Col("序号", "serial"),
        NAME,
        ID,
        Col(
            "险种", required=True, feeds=True, choices=("职工基本养老保险", "城乡居民基本养老保险")
        ),
        Col("待遇状态", required=True, feeds=True, choices=("正常", "暂停", "终止", "未领取")),
        Col("月待遇", "money", feeds=True),
        Col("起领年月", "month", feeds=True),
        Col("参保地"),
    ),
    "assistance": (
        Col("序号", "serial"),
        NAME,
        ID,
        Col(
            "救助类别",
            required=True,
            feeds=True,
            choices=("特困", "低保", "低保边缘", "支出型困难"),
        ),
        Col("供养方式", feeds=True, choices=("集中", "分散")),
        Col("自理能力", feeds=True, choices=("全自理", "半护理", "全护理")),
        Col("保障起始日期", "date", required=True, feeds=True),
        Col("保障终止日期", "date", feeds=True),
        Col("常住地区划代码", "code"),
    ),
    "disability": (
        NAME,
        Col("残疾人证号", "card", required=True, feeds=True),
        Col("残疾类别"),
        Col("残疾等级"),
        Col("需长期照护", feeds=True, choices=YES_NO),
        Col("发证日期", "date", feeds=True),
        Col("证件状态", feeds=True, choices=("有效", "注销")),
    ),
    "health": (
        NAME,
        ID,
        Col("健康管理日期", "date", required=True, feeds=True),
        Col("慢性病"),
        Col("家庭医生"),
        Col("确诊痴呆", feeds=True, choices=YES_NO),
    ),
    "ltci": (
        NAME,
        ID,
        Col("参保", required=True, feeds=True, choices=YES_NO),
        Col("失能等级", "int", feeds=True, choices=("0", "1", "2", "3", "4", "5")),
        Col("待遇享受", feeds=True, choices=YES_NO),
        Col("评估日期", "date", feeds=True),
    ),
    "veterans": (
        Col("序号", "serial"),
        NAME,
        ID,
        Col("出生日期", "date"),
        Col("常住地区划代码", "code"),
        Col("优抚类别"),
        Col("享受定期抚恤补助", required=True, feeds=True, choices=YES_NO),
    ),
    "assessment": (
        NAME,
        ID,
        Col("评估日期", "date", required=True, feeds=True),
        Col("能力等级", "int", required=True, feeds=True, choices=("0", "1", "2", "3", "4")),
        Col("评估机构"),
    ),
    "survey": (
        NAME,
        Col("公民身份号码", "id"),
        Col("常住地区划代码", "code", required=True, feeds=True),
        Col(
            "居住状况",
            required=True,
            feeds=True,
            choices=("独居", "空巢", "留守", "与子女同住", "机构"),
        ),
        Col("法定赡养人", feeds=True, choices=("有", "无", "无赡养能力")),
        Col("计划生育特殊家庭", feeds=True, choices=YES_NO),
        Col("联系电话", "phone"),
        Col("紧急联系人"),
        Col("紧急联系电话", "phone"),
        Col("经度", "coord"),
        Col("纬度", "coord"),
    ),
    "relief": (
        Col("姓名", "name"),
        Col("公民身份号码", "id"),
        Col("性别"),
        Col("救助日期", "date", required=True, feeds=True),
        Col("状态", required=True, feeds=True, choices=("在站", "离站")),
    ),
    "deaths": (NAME, ID, Col("死亡日期", "date", required=True, feeds=True), Col("登记单位")),
}

WORDS = {
    "M": "男",
    "F": "女",
    "normal": "正常",
    "dead": "死亡",
    "moved": "迁出",
    "employee": "职工基本养老保险",
    "resident": "城乡居民基本养老保险",
    "suspended": "暂停",
    "terminated": "终止",
    "unclaimed": "未领取",
    "tekun": "特困",
    "dibao": "低保",
    "dibao_margin": "低保边缘",
    "expense": "支出型困难",
    "central": "集中",
    "dispersed": "分散",
    "self": "全自理",
    "half": "半护理",
    "full": "全护理",
    "valid": "有效",
    "cancelled": "注销",
    "alone": "独居",
    "empty_nest": "空巢",
    "left_behind": "留守",
    "with_children": "与子女同住",
    "institution": "机构",
    "yes": "有",
    "none": "无",
    "unable": "无赡养能力",
    "": "",
}
CATEGORIES = ("", "视力", "听力", "言语", "肢体", "智力", "精神", "多重")
GRADES = ("", "一级", "二级", "三级", "四级")


def yes_no(value: bool | None) -> str:
    """Return 是, 否, or nothing when it was not asked."""
    return "" if value is None else YES_NO[0 if value else 1]


def column_at(kind: str, header: str) -> int:
    """Return the position of a column in its list."""
    return next(i for i, column in enumerate(COLUMNS[kind]) if column.header == header)
