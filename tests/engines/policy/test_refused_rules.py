"""What a rule may not say: each is refused when the pack is read, with place, what, what to do.

A rule that could not be understood has matched everybody elsewhere (OpenSPP2 #956); here it has no
tree at all.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from yanglao.engines.policy.pack import PackErrors, PackProblem, load_pack

WritePack = Callable[..., Path]

REFUSED = {
    # unknown names
    "abilty_level >= 3": "“abilty_level”，是不是“ability_level”",
    "Age >= 60": "没有的事实“Age”",
    "age >= :elder_agee": "没有定义的参数",
    # wrong types
    "age >= '60'": "是数字，却与“60”比较",
    "age >= 60.5": "不是整数",
    "age = 'dibao'": "是数字",
    "assistance = 3": "是文字，却与 3 比较",
    "assistance = 'debao'": "没有“debao”这个取值，是不是“dibao”",
    "assistance >= 'dibao'": "不能用 >= 比大小",
    "assistance IN ('dibao', 'dbao')": "没有“dbao”这个取值",
    "assistance = ''": "没有“”这个取值",
    "marital = ''": "不能与空文字比较",
    "alive > 0": "不能用 >",
    "alive = TRUE": "不要和 TRUE 比较",
    "alive = 1": "是是否类事实",
    "disability_grade <= 7": "取值是 1 到 4",
    "health_checked_on >= 2026": "是日期",
    "health_checked_on >= '2026-13-01'": "是日期",
    "health_checked_on >= '20260101'": "是日期",
    "hukou_code = '6532'": "请写 within(hukou_code",
    "within(age, '6532')": "within 只能用于区划事实",
    "within(hukou_code, 6532)": "没有加引号",
    "within(hukou_code, '653')": "不是区划代码",
    "within(hukou_code, '11')": "没有名称",
    "same_year(age)": "same_year 只能用于日期事实",
    "recent(health_checked_on, 0)": "月数“0”不对",
    "recent(age, 12)": "recent 只能用于日期事实",
    "age": "不是是否类事实，不能单独作条件",
    "known(nothing)": "没有的事实“nothing”",
    # constants and comparisons that say nothing
    "TRUE": "不能写常量",
    "1 = 1": "两边都是固定值",
    "alive OR TRUE": "不能写常量",
    "age >= 60 OR 1 = 1": "两边都是固定值",
    "NOT FALSE": "不能写常量",
    "60": "不是一个条件",
    "'dibao'": "不是一个条件",
    "age >= 0": "对所有取值都成立",
    "ability_level >= 0": "对所有取值都成立",
    "living IN ('alone','empty_nest','left_behind','with_children','institution')": "所有取值",
    "age < 60 OR age >= 60": "对所有人都成立",
    "alive OR NOT alive": "对所有人都成立",
    "known(age) OR NOT known(age)": "对所有人都成立",
    "age < 60 AND age > 80": "谁都不可能符合",
    "age BETWEEN 80 AND 60": "前大后小",
    "assistance IN ('dibao', 'dibao')": "重复的值",
    # operators and functions that do not exist here
    "assistance LIKE 'di%'": "不支持 LIKE",
    "assistance ILIKE 'di%'": "不支持 ILIKE",
    "assistance IS NULL": "known(事实)",
    "assistance IS NOT NULL": "known(事实)",
    "age + 1 >= 60": "不支持",
    "age >= 50 + 10": "不支持",
    "age >= -1": "负数",
    "CASE WHEN alive THEN dementia END": "不支持 CASE",
    "age IN (SELECT 60)": "IN 后面只能写值的列表",
    "EXISTS (SELECT 1)": "EXISTS",
    "(SELECT alive)": "子查询",
    "age::VARCHAR = '60'": "类型转换",
    "health_checked_on >= DATE '2026-01-01'": "类型转换",
    "upper(assistance) = 'DIBAO'": "不支持",
    "coalesce(alive, TRUE)": "不支持",
    "years_old(age) >= 60": "函数“years_old”不能用来比较",
    "WITHIN(hukou_code, '6532')": "不支持函数“WITHIN”",
    "within(hukou_code)": "应有 2 个参数",
    "known(age, alive)": "应有 1 个参数",
    "age = ability_level": "另一边不能是",
    "age >= 60 = alive": "不是整数、文字或参数",
    "age BETWEEN SYMMETRIC 80 AND 60": "不支持|读不懂",
    "assistance = ANY ('dibao')": "不支持",
    "t.age >= 60": "不支持",
    '"age" >= 60': "不支持",
    "age >= ?": "参数",
    "age >= $1": "参数",
    "age IN :elder_age": "IN 后面只能写值的列表",
    "age IN ()": "列表是空的",
    # things that would silently drop a part of the rule
    "alive -- AND age >= 60": "不能有注释",
    "alive /* AND age >= 60 */": "不能有注释",
    "alive; age >= 60": "应是一个条件",
    "alive age": "缺少 AND 或 OR",
    "alive AND": "读不懂",
    "alive AND OR dementia": "读不懂|不支持",
    "(alive": "读不懂",
    "assistance = 'dibao": "读不懂",
    "alive, dementia": "读不懂|不支持",
    "alive XOR dementia": "读不懂|不支持",
    "DROP TABLE facts": "不支持",
}


def _problems(root: Path) -> tuple[PackProblem, ...]:
    with pytest.raises(PackErrors) as caught:
        load_pack("try", root, cases=False)
    return caught.value.problems


@pytest.mark.parametrize("rule", REFUSED, ids=str)
def test_a_rule_that_cannot_be_meant_is_refused(write_pack: WritePack, rule: str) -> None:
    """Each is told at the line of its rule, with what is wrong and what to do."""
    quoted = rule.replace("'", "''")
    problems = _problems(write_pack({"01": f"'{quoted}'"}))
    told = [problem for problem in problems if problem.line == 12]
    assert told, problems
    assert told[0].file == "try/catalogue.yaml"
    assert any(part in told[0].what + told[0].do for part in REFUSED[rule].split("|")), told[0]
    assert told[0].do


@pytest.mark.parametrize("rule", ["", "''", "~", "null", '""', "'   '"])
def test_an_empty_rule_is_refused(write_pack: WritePack, rule: str) -> None:
    """Nothing written never means everybody."""
    problems = _problems(write_pack({"01": rule}))
    assert any(problem.line in (2, 12) for problem in problems), problems


def test_every_problem_is_told_not_only_the_first(write_pack: WritePack) -> None:
    """Three mistakes in one rule and one in another: four problems."""
    rule = "abc AND age >= '60' AND assistance LIKE 'x'"
    problems = _problems(write_pack({"01": f'"{rule}"', "02": "xyz"}))
    assert [problem.line for problem in problems] == [12, 12, 12, 27]
    assert str(problems[0]).startswith("try/catalogue.yaml:12 ")


def test_tiers_and_delivered_are_checked_like_rules(write_pack: WritePack) -> None:
    """The other rules of an item have no easier life."""
    root = write_pack({"01": "age >= 60"})
    file = root / "try" / "catalogue.yaml"
    text = file.read_text(encoding="utf-8").replace("delivered: by_hand", "delivered: nothing")
    text += '    tiers: [{name: a, when: "age LIKE 6"}, {name: a, when: alive}]\n'
    file.write_text(text, encoding="utf-8")
    what = " ".join(problem.what for problem in _problems(root))
    assert "nothing" in what
    assert "LIKE" in what
    assert "档次“a”重复" in what


@pytest.mark.parametrize(
    "rule",
    [
        "age >= 60",
        "60 <= age",
        "alive AND NOT dementia",
        "NOT (alive OR dementia)",
        "assistance <> 'dibao'",
        "assistance NOT IN ('dibao', 'tekun')",
        "disability_grade BETWEEN 1 AND 4",
        "disability_grade NOT BETWEEN 1 AND 2",
        "known(ability_level)",
        "same_year(health_checked_on)",
        "recent(ltci_assessed_on, 12)",
        "within(hukou_code, '653200000000')",
        "health_checked_on >= '2026-01-01'",
        "supporter = 'none'",
    ],
)
def test_what_the_language_has_is_read(write_pack: WritePack, rule: str) -> None:
    """All forms of the language."""
    pack = load_pack("try", write_pack({"01": f'"{rule}"'}), cases=False)
    assert list(pack.items) == ["01"]
