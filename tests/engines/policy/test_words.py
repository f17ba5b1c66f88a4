"""Rules in Chinese, generated from the rules themselves; and the compiled SQL for review."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.pack import Pack, load_pack
from yanglao.engines.policy.sentence import conditions, sentence, spaced

WritePack = Callable[..., Path]
AS_OF = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("age >= 60", "年满 60 周岁"),
        ("age > 60", "年满 61 周岁"),
        ("age < 60", "未满 60 周岁"),
        ("age <= 60", "未满 61 周岁"),
        ("NOT age >= 60", "未满 60 周岁"),
        ("age = 60", "60 周岁"),
        ("age <> 60", "不是 60 周岁"),
        ("age BETWEEN 60 AND 64", "60 至 64 周岁"),
        ("age NOT BETWEEN 60 AND 64", "不在 60 至 64 周岁之间"),
        ("dementia", "确诊痴呆"),
        ("NOT dementia", "没有确诊痴呆"),
        ("assistance = 'dibao'", "社会救助类别是低保"),
        ("NOT assistance = 'dibao'", "社会救助类别不是低保"),
        ("assistance IN ('tekun', 'dibao')", "社会救助类别是特困或低保"),
        ("assistance NOT IN ('tekun', 'dibao')", "社会救助类别不是特困或低保"),
        ("disability_grade <= 2", "残疾等级是一级或二级"),
        ("disability_grade < 2", "残疾等级是一级"),
        ("NOT disability_grade <= 2", "残疾等级不是一级或二级"),
        ("disability_grade BETWEEN 1 AND 4", "有残疾等级（一级至四级）"),
        ("NOT disability_grade BETWEEN 1 AND 4", "没有有效的残疾人证"),
        ("disability_grade BETWEEN 1 AND 2", "残疾等级在一级至二级之间"),
        ("ability_level >= 3", "能力等级是 3 级（重度失能）或 4 级（完全失能）"),
        ("ability_level > 0", "能力等级在 1 级（轻度失能）及以上"),
        ("ability_level <= 1", "能力等级是 0 级（能力完好）或 1 级（轻度失能）"),
        ("NOT ability_level >= 1", "能力等级不在 1 级（轻度失能）及以上"),
        ("within(residence_code, '6532')", "常住地在和田地区"),
        ("NOT within(residence_code, '6532')", "常住地不在和田地区"),
        ("known(ability_level)", "能力等级已知"),
        ("NOT known(ability_level)", "能力等级未知"),
        ("same_year(health_checked_on)", "健康管理日期在当年（2026 年）内"),
        ("recent(ltci_assessed_on, 12)", "长护失能评估日期在近 12 个月内"),
        ("NOT recent(ltci_assessed_on, 12)", "长护失能评估日期不在近 12 个月内"),
        ("health_checked_on >= '2026-01-01'", "健康管理日期在 2026 年 1 月 1 日及以后"),
        ("NOT health_checked_on >= '2026-01-01'", "健康管理日期在 2026 年 1 月 1 日以前"),
        ("dementia AND age >= 60", "确诊痴呆，并且年满 60 周岁"),
        (
            "age >= 60 AND (dementia OR living = 'alone')",
            "年满 60 周岁，并且（确诊痴呆，或者居住状况是独居）",
        ),
        (
            "NOT (dementia OR living = 'alone')",
            "没有确诊痴呆，并且居住状况不是独居",
        ),
        (
            "within(hukou_code, '65') OR within(residence_code, '65')",
            "户籍地或常住地在新疆",
        ),
    ],
)
def test_a_rule_in_words(write_pack: WritePack, rule: str, told: str) -> None:
    """What an officer reads is the rule, nothing beside it."""
    pack = load_pack("try", write_pack({"01": f'"{rule}"'}), cases=False)
    assert sentence(pack.items["01"].who, pack.wording(AS_OF)) == told


def test_the_example_of_the_issue(hetian: Pack) -> None:
    """Item 07, with the parameter's value on the day."""
    words = hetian.wording(AS_OF)
    assert sentence(hetian.items["07"].who, words) == (
        "年满 60 周岁，并且社会救助类别是特困、低保、低保边缘或支出型困难"
    )
    assert conditions(hetian.items["08"].who, words)[2] == "居住状况不是住在养老机构"


def test_a_derived_fact_is_told_with_its_meaning(hetian: Pack) -> None:
    """Its name, and what the pack means by it."""
    told = sentence(hetian.items["09"].who, hetian.wording(AS_OF))
    assert "生活不能自理（即能力等级是 3 级（重度失能）或 4 级（完全失能），或者特困人员" in told


def test_blanks_stand_between_chinese_and_numbers() -> None:
    """And nowhere else."""
    assert spaced("为", "3 级") == "为 3 级"
    assert spaced("为", "低保") == "为低保"
    assert spaced("a", "b") == "ab"


def test_compiled_sql(hetian: Pack, snapshot: SnapshotAssertion) -> None:
    """The SQL of every item, to be read in review when a rule changes."""
    compiled = compile_pack(hetian, AS_OF)
    assert {one.item.code: one.sql for one in compiled.items} == snapshot


def test_every_condition_is_one_column(hetian: Pack) -> None:
    """Conditions that items share are worked out once."""
    compiled = compile_pack(hetian, AS_OF)
    texts = list(compiled.columns.values())
    assert len(texts) == len(set(texts))
