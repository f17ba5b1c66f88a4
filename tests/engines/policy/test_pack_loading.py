"""Packs as files: what is refused, what is inherited, what the hash covers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.engines.policy.conftest import HEADER, ITEM, POLICIES
from yanglao.engines.policy.pack import Pack, PackErrors, PackProblem, load_pack, read_source

WritePack = Callable[..., Path]


def _problems(root: Path, *, cases: bool = False) -> tuple[PackProblem, ...]:
    with pytest.raises(PackErrors) as caught:
        load_pack("try", root, cases=cases)
    return caught.value.problems


def _what(root: Path, *, cases: bool = False) -> str:
    return "\n".join(str(problem) for problem in _problems(root, cases=cases))


def test_an_unknown_key_is_told_with_the_likely_one(write_pack: WritePack) -> None:
    """A misspelt key would otherwise be dropped in silence."""
    header = HEADER.replace("owner:", "ower:")
    what = _what(write_pack({"01": "age >= 60"}, header))
    assert "try/pack.yaml:3 不认识的键“ower”，是不是“owner”" in what
    assert "缺少“owner”" in what


def test_a_key_given_twice_is_refused(write_pack: WritePack) -> None:
    """YAML would take the last and say nothing."""
    what = _what(write_pack({"01": "age >= 60\n    who: alive"}))
    assert "“who”写了两次（另一处在第 12 行）" in what


def test_a_code_given_twice_is_refused(write_pack: WritePack) -> None:
    """Two items of one code cannot both be meant."""
    root = write_pack(try__catalogue="items:" + ITEM.format(code="01", who="age >= 60") * 2)
    assert "项目编号“01”重复（另一处在第 2 行）" in _what(root)


@pytest.mark.parametrize("key", ["clause", "lead", "funder", "mode", "reading", "lead_days"])
def test_an_item_without_a_needed_key_is_refused(write_pack: WritePack, key: str) -> None:
    """No item without clause, lead, funder …"""
    lines = ITEM.format(code="01", who="age >= 60").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.strip().startswith(f"{key}:"))
    what = _what(write_pack(try__catalogue="items:" + kept))
    assert f"try/catalogue.yaml:2 项目 01：缺少“{key}”" in what


def test_broken_yaml_is_told_with_its_line(write_pack: WritePack) -> None:
    """The reader's own words, in place."""
    assert "try/catalogue.yaml:2 不是有效的 YAML" in _what(
        write_pack(try__catalogue="items:\n\t- code: '01'\n")
    )


def test_an_empty_file_is_told(write_pack: WritePack) -> None:
    """An empty catalogue is no catalogue."""
    assert "文件是空的" in _what(write_pack(try__catalogue="# 只有注释\n"))


def test_a_missing_pack_is_told() -> None:
    """A wrong name says which file is not there."""
    with pytest.raises(PackErrors) as caught:
        load_pack("nowhere", POLICIES)
    assert caught.value.problems[0].file == "nowhere/pack.yaml"


def test_packs_that_inherit_each_other_are_refused(write_pack: WritePack) -> None:
    """A ring has no most general pack."""
    root = write_pack(
        {"01": "age >= 60"}, HEADER + "inherits: other\n", other__pack=HEADER + "inherits: try\n"
    )
    assert "互相继承" in _what(root)


def test_derived_facts_that_lead_in_a_circle_are_refused(write_pack: WritePack) -> None:
    """Told once, with the way round."""
    facts = """
facts:
  one: {label: 甲, rule: alive OR two, clause: 某条}
  two: {label: 乙, rule: dementia AND three, clause: 某条}
  three: {label: 丙, rule: NOT one, clause: 某条}
"""
    what = _what(write_pack({"01": "one"}, HEADER + facts))
    assert what.count("互相引用") == 1
    assert "one → two → three → one" in what


def test_a_derived_fact_may_not_take_a_fact_s_name(write_pack: WritePack) -> None:
    """It would change the meaning of every rule that uses the fact."""
    facts = "facts: {alive: {label: 甲, rule: dementia, clause: 某条}}\n"
    assert "已是词汇表里的事实" in _what(write_pack({"01": "age >= 60"}, HEADER + facts))


def test_a_derived_fact_cannot_be_compared(write_pack: WritePack) -> None:
    """It is true, false or unknown, nothing else."""
    facts = "facts: {poor: {label: 困难, rule: dementia, clause: 某条}}\n"
    assert "不能比较" in _what(write_pack({"01": "poor = 1"}, HEADER + facts))


PARAMETER = """
{name}:
  label: 年龄
  type: {type}
  unit: 周岁
  source: {{document: 某文件, article: 第一条}}
  values: {values}
"""


def _parameter(values: str, kind: str = "int") -> str:
    return PARAMETER.format(name="limit", type=kind, values=values)


def test_a_parameter_without_value_in_force_is_refused(write_pack: WritePack) -> None:
    """Before its first day, and after it was ended."""
    for values in ("[{from: 2025-01-01, value: 60}]", "[{from: 2020-01-01, value: null}]"):
        root = write_pack({"01": "age >= :limit"}, try__parameters__ages=_parameter(values))
        assert "参数“:limit”在 2024-01-01 没有生效的值" in _what(root)


def test_a_parameter_s_dates_must_be_in_order(write_pack: WritePack) -> None:
    """Otherwise the wrong value is in force."""
    values = "[{from: 2024-01-01, value: 60}, {from: 2020-01-01, value: 65}]"
    root = write_pack({"01": "age >= :limit"}, try__parameters__ages=_parameter(values))
    assert "没有按先后排列" in _what(root)


def test_a_parameter_of_another_type_is_refused(write_pack: WritePack) -> None:
    """Money is no age, a day is no age."""
    money = _parameter("[{from: 2020-01-01, value: 60}]", "money")
    root = write_pack({"01": "age >= :limit"}, try__parameters__ages=money)
    assert "是金额，不能用在条件里" in _what(root)
    day = _parameter("[{from: 2020-01-01, value: 2020-01-01}]", "date")
    root = write_pack({"01": "age >= :limit"}, try__parameters__ages=day)
    assert "是数字，却与" in _what(root)


def test_a_parameter_needs_a_source(write_pack: WritePack) -> None:
    """No number without the document and article it stands in."""
    text = _parameter("[{from: 2020-01-01, value: 60}]").replace(", article: 第一条", "")
    assert "source：缺少“article”" in _what(
        write_pack({"01": "age >= :limit"}, try__parameters__ages=text)
    )


def test_an_amount_must_be_money_that_exists(write_pack: WritePack) -> None:
    """The amount of an item names a money parameter."""
    amount = "age >= 60\n    amount: {parameter: limit, per: month}"
    assert "没有定义参数“limit”" in _what(write_pack({"01": amount}))
    number = _parameter("[{from: 2020-01-01, value: 60}]")
    assert "金额参数应写 type: money" in _what(
        write_pack({"01": amount}, try__parameters__ages=number)
    )


CASES = """
as_of: 2026-11-01
person: {alive: true, hukou_code: '653201'}
cases:
  - {name: 是, boundary: true, facts: {age: 60}, expect: {'01': yes}}
  - {name: 否, facts: {alive: false}, expect: {'01': no}}
  - {name: 不知道, expect: {'01': possible}}
"""


@pytest.mark.parametrize(
    ("left_out", "words"),
    [("是", "“符合”的算例"), ("否", "“不符合”的算例"), ("不知道", "“信息不全（可能符合）”的算例")],
)
def test_an_item_without_its_cases_is_refused(
    write_pack: WritePack, left_out: str, words: str
) -> None:
    """Yes, no and unknown must each be worked out by hand once."""
    assert load_pack("try", write_pack({"01": "age >= 60"}, try__cases__a=CASES)).items
    fewer = "\n".join(line for line in CASES.splitlines() if f"name: {left_out}," not in line)
    assert words in _what(write_pack({"01": "age >= 60"}, try__cases__a=fewer), cases=True)


def test_an_item_by_age_needs_a_boundary_case(write_pack: WritePack) -> None:
    """The birthday itself has to be worked out once."""
    flat = CASES.replace("boundary: true, ", "")
    root = write_pack({"01": "age >= 60"}, try__cases__a=flat)
    assert "没有边界算例" in _what(root, cases=True)


def test_a_case_with_a_strange_fact_or_value_is_refused(write_pack: WritePack) -> None:
    """A misspelt fact would make the case say nothing."""
    text = CASES + "  - {name: 错, facts: {livng: alone}, expect: {'01': no}}\n"
    text += "  - {name: 错, facts: {living: somewhere, alive: none}, expect: {'01': maybe}}\n"
    what = _what(write_pack({"01": "age >= 60"}, try__cases__a=text), cases=True)
    assert "“livng”，是不是“living”" in what
    assert "“living”不能是“somewhere”" in what
    assert "“alive”没有“没有”这种状态" in what
    assert "不能是“maybe”" in what


def test_a_published_text_rebuilds_the_same_pack(hetian: Pack) -> None:
    """The text in the database is the whole pack."""
    again = Pack.from_source(dict(hetian.source))
    assert again.hash == hetian.hash
    assert again.items == hetian.items
    assert sorted(hetian.source) == sorted(read_source("hetian", POLICIES))


def test_the_hash_covers_what_is_inherited_but_not_the_cases(hetian: Pack) -> None:
    """A changed age in the national pack is another version; a new worked case is not."""
    assert not any("/cases/" in path for path in hetian.source)
    assert "national/parameters/ages.yaml" in hetian.source
    changed = dict(hetian.source)
    ages = "national/parameters/ages.yaml"
    changed[ages] = changed[ages].replace("value: 80", "value: 81")
    assert Pack.from_source(changed).hash != hetian.hash


def test_every_item_of_hetian_is_told_whole(hetian: Pack) -> None:
    """Clause, object, content, standard, funder, lead and reading are there for each."""
    for item in hetian.items.values():
        for field in ("clause", "object", "content", "standard", "funder", "lead", "reading"):
            assert getattr(item, field), (item.code, field)
        assert item.clause.startswith(f"附件第{int(item.code[:2])}项")
    universal = [code for code, item in hetian.items.items() if item.universal]
    assert universal == ["03", "04", "05"]
    assert hetian.guard.everybody_share == 0.95


def test_values_hold_until_the_day_before_the_next(write_pack: WritePack) -> None:
    """Both ends of a value, in days."""
    values = "[{from: 2020-01-01, value: 60}, {from: 2026-07-01, value: 61}]"
    pack = load_pack(
        "try",
        write_pack({"01": "age >= :limit"}, try__parameters__ages=_parameter(values)),
        cases=False,
    )
    limit = pack.parameters["limit"]
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [limit.value_on(day) for day in days] == [None, 60, 60, 61]


@pytest.mark.parametrize("written", ["''", '""', "~", "[alive]", "{a: b}"])
def test_nothing_written_is_refused_wherever_a_rule_may_stand(
    write_pack: WritePack, written: str
) -> None:
    """In served, derived facts, tiers, delivered: an item was once dropped in silence."""
    headers = (
        HEADER.replace("alive AND within(hukou_code, '6532')", written),
        HEADER + f"facts: {{made: {{label: 甲, rule: {written}, clause: 某条}}}}\n",
    )
    for header in headers:
        assert _problems(write_pack({"01": "age >= 60"}, header))
    tier = f"age >= 60\n    tiers: [{{name: 甲, when: {written}}}]"
    assert _problems(write_pack({"01": tier}))
    item = ITEM.format(code="01", who="age >= 60").replace("by_hand", written)
    assert _problems(write_pack(try__catalogue="items:" + item))


def test_files_as_officers_save_them(write_pack: WritePack) -> None:
    """A byte-order mark is fine; another encoding or ending is told, never skipped."""
    root = write_pack({"01": "age >= 60"}, try__cases__a=CASES)
    header = root / "try" / "pack.yaml"
    plain = load_pack("try", root)
    header.write_bytes(b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode())
    assert load_pack("try", root).hash == plain.hash
    (root / "try" / "cases" / "b.yml").write_text(CASES, encoding="utf-8")
    assert "try/cases/b.yml:0 这个文件不会被读取" in _what(root, cases=True)
    (root / "try" / "cases" / "b.yml").unlink()
    (root / "try" / "cases" / "c.yaml").write_bytes(CASES.encode("gb18030"))
    assert "try/cases/c.yaml:0 文件不是 UTF-8 编码" in _what(root, cases=True)
    header.write_bytes(HEADER.encode("gb18030"))
    assert "try/pack.yaml:0 文件不是 UTF-8 编码" in _what(root)
