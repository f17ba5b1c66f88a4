"""A county's list may only add or raise: a small county pack, and each way of lowering it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines.policy.conftest import POLICIES
from yanglao.engines.policy.county import check_not_lower
from yanglao.engines.policy.pack import Pack, load_pack
from yanglao.engines.policy.problems import PackProblem

COUNTY = """
title: 和田市基本养老服务清单
owner: 和田市民政局
legal_basis: [和田市基本养老服务清单（试验）]
region: "653201"
in_force_from: 2026-01-01
adds_to: hetian
"""
RAISED = """
items:
  - code: "06"
    who: age >= 75
    reading: 提前到 75 周岁
  - code: "07"
    who: age >= :elder_age AND (hardship OR (disabled AND living = 'alone'))
    reading: 增加独居的失能老年人
  - code: "18"
    name: 老年助餐
    object: 70周岁及以上老年人
    content: 老年食堂就餐补贴
    kind: 照护服务
    standard: 每餐 5 元
    funder: 和田市人民政府
    lead: 和田市民政局
    clause: 和田市清单第18项
    mode: applied
    served: alive AND within(residence_code, '653201')
    who: age >= 70
    delivered: by_hand
    lead_days: 30
    reading: 常住和田市、年满 70 周岁
"""
MORE_MONEY = """
disability_allowance:
  label: 残疾人两项补贴月标准
  type: money
  unit: 分/人/月
  source: {document: 和田市清单, article: 第16项}
  values: [{from: 2026-01-01, value: VALUE}]
"""

Made = Callable[..., tuple[Pack, Pack]]


@pytest.fixture
def county(tmp_path: Path) -> Made:
    """Hetian and a county pack written by the test."""

    def make(catalogue: str = RAISED, header: str = COUNTY, **files: str) -> tuple[Pack, Pack]:
        for name in ("vocabulary.yaml", "national", "hetian"):
            (tmp_path / name).symlink_to(POLICIES / name)
        texts = {"pack": header, "catalogue": catalogue} | files
        for name, text in texts.items():
            if text:
                file = tmp_path / "city" / f"{name.replace('__', '/')}.yaml"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        return load_pack("hetian", tmp_path), load_pack("city", tmp_path, cases=False)

    return make


def _lowered(made: tuple[Pack, Pack]) -> list[PackProblem]:
    return check_not_lower(*made)


def _item(code: str, *lines: str) -> str:
    return f'items:\n  - code: "{code}"\n' + "".join(f"    {line}\n" for line in lines)


def test_a_county_may_add_and_raise(county: Made) -> None:
    """An earlier age, more people, an item more, more money."""
    hetian, city = county(parameters__money=MORE_MONEY.replace("VALUE", "15000"))
    assert check_not_lower(hetian, city) == []
    assert list(city.items) == [*hetian.items, "18"]
    assert city.items["06"].content == hetian.items["06"].content
    assert city.items["06"].spots["who"].file == "city/catalogue.yaml"
    assert "hetian/catalogue.yaml" in city.source


def test_a_withdrawn_item_is_told(county: Made) -> None:
    """At the line that withdraws it."""
    found = _lowered(county(RAISED, COUNTY + "withdraws: ['10']\n"))
    assert [(one.file, one.line) for one in found] == [("city/pack.yaml", 8)]
    assert "取消了上级清单的项目 10 家庭养老支持服务" in found[0].what


def test_a_higher_age_is_told_with_somebody_who_loses(county: Made) -> None:
    """Not by comparing numbers: somebody of 84 loses it."""
    found = _lowered(county(_item("06", "who: age >= 85", "reading: 推迟")))
    assert [(one.file, one.line) for one in found] == [("city/catalogue.yaml", 3)]
    assert "项目 06 的范围比上级清单窄，例如" in found[0].what
    assert "周岁" in found[0].what


def test_a_narrower_rule_is_told() -> None:
    """Fewer kinds of hardship; an added condition; an unknown that is no longer possible."""
    rules = (
        (
            "07",
            "who: age >= :elder_age AND assistance IN ('tekun', 'dibao')",
            "支出型困难|低保边缘",
        ),
        ("11", "who: age >= :elder_age AND assistance = 'dibao' AND living = 'alone'", "低保"),
        ("05", "who: age >= :health_care_age AND known(assistance)", "周岁"),
    )
    for code, who, words in rules:
        found = _found_for(code, who)
        assert any(word in found[0].what for word in words.split("|")), found[0]


def _found_for(code: str, who: str) -> list[PackProblem]:
    """Problems of a county that rewrites one item (in a folder of its own)."""
    hetian = load_pack("hetian", POLICIES)
    source = dict(hetian.source)
    source["city/pack.yaml"] = COUNTY
    source["city/catalogue.yaml"] = _item(code, who, "reading: 收窄")
    return check_not_lower(hetian, Pack.from_source(source))


def test_narrowing_for_people_elsewhere_does_not_matter(county: Made) -> None:
    """A county's list is for its own people only."""
    who = "who: age >= 80 AND (within(hukou_code, '653201') OR within(residence_code, '653201'))"
    assert _lowered(county(_item("06", who, "reading: 只管本市"))) == []


def test_a_parameter_or_derived_fact_that_narrows_is_told_where_it_stands(county: Made) -> None:
    """The rule's text is the same; what it means is not."""
    ages = """
elder_age:
  label: 起始年龄
  type: int
  unit: 周岁
  source: {document: 和田市清单, article: 附则}
  values: [{from: 2026-01-01, value: 65}]
"""
    found = _lowered(county("", parameters__ages=ages))
    assert {(one.file, one.line) for one in found} == {("city/parameters/ages.yaml", 3)}
    assert len(found) > 10


def test_a_derived_fact_that_narrows_is_told(county: Made) -> None:
    """Hardship redefined."""
    facts = "facts: {hardship: {label: 困难, rule: assistance = 'tekun', clause: 某条}}\n"
    found = _lowered(county("", COUNTY + facts))
    assert {one.what.split(" ")[1] for one in found} == {"07", "08", "09"}
    assert {one.file for one in found} == {"city/pack.yaml"}


def test_less_money_is_told(county: Made) -> None:
    """At the county's parameter, with both amounts."""
    found = _lowered(county("", parameters__money=MORE_MONEY.replace("VALUE", "10000")))
    assert {one.file for one in found} == {"city/parameters/money.yaml"}
    assert "由 11000 分变成 10000 分" in found[0].what


def test_paying_the_same_by_the_year_is_told(county: Made) -> None:
    """110 yuan a month is not 110 yuan a year."""
    amount = "amount: {parameter: disability_allowance, per: year}"
    found = _lowered(county(_item("16a", amount, "reading: 按年")))
    assert [(one.file, one.line) for one in found] == [("city/catalogue.yaml", 3)]


def test_making_people_apply_is_told(county: Made) -> None:
    """Services find people; a county may not turn that round."""
    found = _lowered(county(_item("06", "mode: applied", "reading: 改为申请")))
    assert "改成了本人申请" in found[0].what
    found = _found_for("06", "delivered: always")
    assert "没有送达的也算作已经享受" in found[0].what
