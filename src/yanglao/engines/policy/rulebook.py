"""The rule book and the vocabulary as pages in Chinese, written from the packs themselves.

``python -m yanglao.engines.policy.rulebook`` in the repository writes ``docs/reference`` again.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from yanglao.engines.policy.catalogue import CYCLE_WORDS, Item
from yanglao.engines.policy.compare import delivered_text, parameter_text
from yanglao.engines.policy.pack import Pack, load_pack
from yanglao.engines.policy.parameters import Parameter
from yanglao.engines.policy.sentence import Wording, sentence
from yanglao.engines.policy.vocabulary import FactSpec, Vocabulary

_MODES = {
    "found": "主动找到本人",
    "applied": "本人申请（平台提醒）",
    "on_sight": "出示证件即可享受",
}
_TYPES = {
    "bool": "是否",
    "int": "整数",
    "choice": "取值之一",
    "text": "文字",
    "date": "日期",
    "code": "区划代码",
}
_SENSITIVITY = {"personal": "个人信息", "sensitive": "敏感个人信息"}
_KINDS = {
    "household": "公安户籍",
    "pension": "人社养老保险",
    "assistance": "民政社会救助",
    "disability": "残联残疾人证",
    "health": "卫健健康管理",
    "ltci": "医保长护险",
    "veterans": "退役军人优抚",
    "assessment": "能力评估",
    "survey": "村社区排查",
    "relief": "流浪救助",
    "deaths": "死亡",
}


def rule_book(pack: Pack, day: date) -> str:
    """The rule book of a pack in Markdown, with the parameters of a day."""
    wording = pack.wording(day)
    lines = [
        f"# {pack.title}：规则手册",
        "",
        "本页由政策包生成，请不要手工修改；改规则请改 `policies/` 下的文件。",
        "",
        f"- 发布单位：{pack.owner}",
        *(f"- 依据：{basis}" for basis in pack.legal_basis),
        f"- 施行日期：{pack.in_force_from}；参数取 {day} 的值",
    ]
    if pack.served is not None:
        lines.append(f"- 服务谁：{sentence(pack.served, wording)}")
    if pack.note:
        lines.append(f"- 说明：{pack.note}")
    for item in pack.items.values():
        lines += ["", *_item(pack, item, wording)]
    lines += ["", "## 推导的条件", "", "| 名称 | 含义 | 规则 | 依据 |", "|---|---|---|---|"]
    for fact in pack.facts.values():
        told = sentence(fact.node, wording)
        lines.append(f"| `{fact.name}` {fact.label} | {told} | `{fact.text}` | {fact.clause} |")
    lines += ["", "## 参数", "", "| 名称 | 含义 | 数值与出处 |", "|---|---|---|"]
    for parameter in pack.parameters.values():
        text = _parameter(parameter)
        lines.append(f"| `{parameter.name}` | {parameter.label} | {text} |")
    return "\n".join(lines) + "\n"


def _item(pack: Pack, item: Item, wording: Wording) -> Iterator[str]:
    """The section of an item."""
    yield f"## {item.code} {item.name}"
    yield ""
    yield f"> 谁能享受：{sentence(item.who, wording)}"
    if "served" in item.texts:
        yield ">"
        yield f"> 服务范围：{sentence(item.served, wording)}"
    yield ""
    rows = [
        ("对象", item.object),
        ("服务内容", item.content),
        ("服务类型", item.kind),
        ("服务标准", item.standard),
        ("支出责任", item.funder),
        ("牵头部门", item.lead),
        ("依据", item.clause),
        ("办理方式", _MODES[item.mode]),
        ("周期", CYCLE_WORDS.get(item.cycle, "")),
        ("档次", "；".join(f"{t.name}：{sentence(t.when, wording)}" for t in item.tiers)),
        ("金额", _amount(pack, item)),
        ("已经享受", delivered_text(item, wording)),
        ("线索期限", f"{item.lead_days} 天"),
        ("解读", item.reading),
        ("说明", item.note),
        ("规则原文", f"`{' '.join(item.texts['who'].split())}`"),
    ]
    yield "| | |"
    yield "|---|---|"
    for label, text in rows:
        if text:
            yield f"| {label} | {text} |"


def _amount(pack: Pack, item: Item) -> str:
    """Money in words."""
    if item.amount is None:
        return ""
    parameter = pack.parameters[item.amount.parameter]
    return f"{CYCLE_WORDS[item.amount.per]}，见参数“{parameter.label}”（`{parameter.name}`）"


def _parameter(parameter: Parameter) -> str:
    """A parameter in one cell; an amount table without any amount is said shortly."""
    rows = [row for row in parameter.rows if any(v.value is not None for v in row.values)]
    if parameter.rows and not rows:
        where = f"{parameter.source.document} {parameter.source.article}"
        return f"{len(parameter.rows)} 个地区和年龄段，金额均未公布（未核实），出处：{where}"
    return parameter_text(parameter)


def vocabulary_page(vocabulary: Vocabulary) -> str:
    """The vocabulary and the language of rules in Markdown."""
    lines = [_LANGUAGE.strip(), "", "## 事实", ""]
    lines += [
        "| 名称 | 含义 | 类型与取值 | 来源名单 | 敏感程度 | 已知没有 |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_fact(spec) for spec in vocabulary.facts.values()]
    return "\n".join(lines) + "\n"


def _fact(spec: FactSpec) -> str:
    """The row of a fact."""
    values = "、".join(f"`{value}` {label}" for value, label in spec.choices.items())
    if spec.type == "bool":
        values = f"{spec.yes}／{spec.no}"
    elif spec.type == "int" and not values:
        values = f"{spec.low} 至 {spec.high} {spec.unit}".strip()
    kind = f"{_TYPES[spec.type]}：{values}" if values else _TYPES[spec.type]
    source = "、".join(_KINDS.get(one, one) for one in spec.source)
    none = spec.none_label if spec.has_none else ""
    label = f"{spec.label}。{spec.note}" if spec.note else spec.label
    sensitivity = _SENSITIVITY[spec.sensitivity]
    return f"| `{spec.name}` | {label} | {kind} | {source} | {sensitivity} | {none} |"


_LANGUAGE = """
# 事实词汇表与规则写法

本页由 `policies/vocabulary.yaml` 生成，请不要手工修改。

## 规则怎么写

规则是一个条件，用下表的事实、`pack.yaml` 中推导的条件和 `:参数` 写成：

| 写法 | 意思 |
|---|---|
| `alive`、`NOT alive` | 是否类事实直接写名称 |
| `age >= :elder_age` | 数字、日期可用 `=` `<>` `<` `<=` `>` `>=`；日期写成 `'2026-11-01'` |
| `assistance = 'dibao'` | 文字只能用 `=` `<>`，取值加单引号 |
| `assistance IN ('tekun', 'dibao')`、`NOT IN` | 几个取值之一 |
| `disability_grade BETWEEN 1 AND 4` | 两端都包括 |
| `within(hukou_code, '6532')` | 地点在这个区划内（代码写 2、4、6、9 或 12 位） |
| `known(ability_level)` | 这项事实已知（“已知没有”也算已知） |
| `same_year(health_checked_on)` | 日期在判断日的同一个日历年内 |
| `recent(ltci_assessed_on, 12)` | 日期在判断日之前 12 个月以内，满 12 个月当天不算 |
| `AND` `OR` `NOT` `( )` | 组合 |

其他写法都不支持，读取政策包时会指出文件、行号、问题和改法；有问题的规则不会生效，更不会变成“人人符合”。

**三种结果。** 事实不知道时，条件既不成立也不是不成立：结果只取决于未知事实的人列为“可能符合”，
并写明缺什么。
**已知没有**（完整名单上没有这个人）与不知道不同：和它比较的条件不成立，`NOT`、`<>`、`NOT IN` 成立。
"""


def write_pages(policies_root: Path, packs: tuple[str, ...], folder: Path) -> list[Path]:
    """Write ``rule-book.md`` (all packs, one after the other) and ``vocabulary.md`` to a folder."""
    loaded = [load_pack(code, policies_root) for code in packs]
    pages = {
        "rule-book.md": "\n".join(rule_book(pack, pack.in_force_from) for pack in loaded),
        "vocabulary.md": vocabulary_page(loaded[0].vocabulary),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


if __name__ == "__main__":
    write_pages(Path("policies"), ("hetian",), Path("docs/reference"))
