"""Chinese labels of facts and of their coded values, for the file page.

The rule book takes its words from ``policies/vocabulary.yaml``; these are the same words, here
because the domain does not know the policy engine. A test compares the two.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from yanglao.domain.people.types.kinds import ELSEWHERE

#: Facts of the vocabulary, in the order in which a file page shows them.
FACT_LABELS = {
    "alive": _("健在"),
    "age": _("年龄"),
    "sex": _("性别"),
    "birth_date": _("出生日期"),
    "hukou_code": _("户籍地"),
    "residence_code": _("常住地"),
    "household_id": _("户号"),
    "marital": _("婚姻状况"),
    "living": _("居住状况"),
    "supporter": _("法定赡养人"),
    "family_planning_special": _("计划生育特殊家庭"),
    "ability_level": _("能力等级"),
    "assessed_on": _("能力评估日期"),
    "dementia": _("确诊痴呆"),
    "health_checked_on": _("健康管理日期"),
    "disability_category": _("残疾类别"),
    "disability_grade": _("残疾等级"),
    "needs_long_term_care": _("需长期照护"),
    "ltci_insured": _("参加长期护理保险"),
    "ltci_level": _("长护险失能等级"),
    "ltci_receiving": _("享受长护险待遇"),
    "ltci_assessed_on": _("长护险评估日期"),
    "pension_kind": _("养老保险险种"),
    "pension_status": _("养老保险待遇状态"),
    "assistance": _("社会救助类别"),
    "support_mode": _("特困供养方式"),
    "tekun_care": _("特困自理能力"),
    "special_contribution": _("享受定期抚恤补助"),
    "in_relief": _("在救助站"),
}

#: Values that are stored with a statement but are no fact of the vocabulary.
_FIELD_LABELS = {
    "name": _("姓名"),
    "ethnicity": _("民族"),
    "relation": _("与户主关系"),
    "address": _("户籍地址"),
    "status": _("人员状态"),
    "status_on": _("状态日期"),
    "monthly_fen": _("月待遇"),
    "began_on": _("起领年月"),
    "holds_from": _("保障起始日期"),
    "holds_to": _("保障终止日期"),
    "card_number": _("残疾人证号"),
    "issued_on": _("发证日期"),
    "card_status": _("证件状态"),
    "chronic": _("慢性病"),
    "doctor": _("家庭医生"),
    "veteran_category": _("优抚类别"),
    "agency": _("评估机构"),
    "phone": _("联系电话"),
    "contact": _("紧急联系人"),
    "contact_phone": _("紧急联系电话"),
    "longitude": _("经度"),
    "latitude": _("纬度"),
    "relief_on": _("救助日期"),
    "died_on": _("死亡日期"),
}

_ABILITY = {
    0: _("能力完好"),
    1: _("轻度失能"),
    2: _("中度失能"),
    3: _("重度失能"),
    4: _("完全失能"),
}
_LTCI_LEVELS = {
    0: _("0 级（基本正常）"),
    1: _("1 级（轻度失能）"),
    2: _("2 级（中度失能）"),
    3: _("3 级（重度失能Ⅰ级）"),
    4: _("4 级（重度失能Ⅱ级）"),
    5: _("5 级（重度失能Ⅲ级）"),
}

_CODED: dict[str, Mapping[Any, Any]] = {
    "sex": {"M": _("男"), "F": _("女")},
    "hukou_code": {ELSEWHERE: _("已迁出，去向不详")},
    "status": {"normal": _("正常"), "dead": _("死亡"), "moved": _("迁出")},
    "pension_kind": {"employee": _("职工基本养老保险"), "resident": _("城乡居民基本养老保险")},
    "pension_status": {
        "normal": _("正常"),
        "suspended": _("暂停"),
        "terminated": _("终止"),
        "unclaimed": _("未领取"),
    },
    "assistance": {
        "tekun": _("特困"),
        "dibao": _("低保"),
        "dibao_margin": _("低保边缘"),
        "expense": _("支出型困难"),
    },
    "support_mode": {"central": _("集中供养"), "dispersed": _("分散供养")},
    "tekun_care": {"self": _("全自理"), "half": _("半护理"), "full": _("全护理")},
    "disability_category": {
        1: _("视力"),
        2: _("听力"),
        3: _("言语"),
        4: _("肢体"),
        5: _("智力"),
        6: _("精神"),
        7: _("多重"),
    },
    "disability_grade": {1: _("一级"), 2: _("二级"), 3: _("三级"), 4: _("四级")},
    "card_status": {"valid": _("有效"), "cancelled": _("注销")},
    "ability_level": _ABILITY,
    "ltci_level": _LTCI_LEVELS,
    "living": {
        "alone": _("独居"),
        "empty_nest": _("空巢"),
        "left_behind": _("留守"),
        "with_children": _("与子女同住"),
        "institution": _("机构"),
    },
    "supporter": {"yes": _("有"), "none": _("无"), "unable": _("无赡养能力")},
    "in_relief": {True: _("在站"), False: _("不在站")},
}

#: Codes that a stored value may have; facts that are not here are free texts, dates or yes-no.
CODED_VALUES: dict[str, frozenset[Any]] = {
    name: frozenset(words)
    for name, words in _CODED.items()
    if name not in {"hukou_code", "in_relief"}
}

#: What "known not to be" is called where a plain 无 would not do.
_KNOWN_NONE = {
    "pension_kind": _("未参保"),
    "pension_status": _("未参保"),
    "assistance": _("不在救助名单上"),
    "support_mode": _("不适用"),
    "tekun_care": _("不适用"),
    "disability_category": _("无残疾人证"),
    "disability_grade": _("无残疾人证"),
    "health_checked_on": _("没有健康管理记录"),
}
_NONE_DAY = date(1, 1, 1)


def field_label(name: str) -> str:
    """Return the Chinese name of a fact or of a value of a statement."""
    return str(FACT_LABELS.get(name) or _FIELD_LABELS.get(name) or name)


def value_label(name: str, value: Any) -> str:
    """Return the Chinese words for a stored value of a fact (or of a statement).

    ``None`` is 未知; the sentinels of "known not to be" (``''``, ``-1``, year 1) are said as such.
    """
    if value is None:
        return str(_("未知"))
    if value == "" or value == _NONE_DAY or (value == -1 and not isinstance(value, bool)):
        return str(_KNOWN_NONE.get(name, _("无")))
    coded = _CODED.get(name, {}).get(value)
    if coded is not None:
        return str(coded)
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, date):
        return value.isoformat()
    if name == "monthly_fen":
        return f"{value // 100}.{value % 100:02d} 元"
    return str(value)
