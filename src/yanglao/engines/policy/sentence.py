"""Rules and answers in Chinese, made from the rule itself.

A sentence says what a rule asks ("年满 60 周岁，并且…"); a phrase says what was found of one
person ("社会救助类别为低保"). Nothing is written beside the rule that could drift from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yanglao.engines.policy import rules
from yanglao.engines.policy.sql import AGE
from yanglao.engines.policy.vocabulary import NONE_DATE, FactSpec, Vocabulary

_NEGATED_OP = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_DATE_WORDS = {
    "=": "是 {}",
    "<>": "不是 {}",
    "<": "在 {}以前",
    "<=": "在 {}及以前",
    ">": "在 {}以后",
    ">=": "在 {}及以后",
}
#: A set of this many numbers is listed; a longer one is said by its end.
_LISTED = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that sentences are made of.

    Attributes:
        areas: Significant part of a division code to its name.
        values: Parameters in force. on: The day they are in force.
    """

    vocabulary: Vocabulary
    areas: Mapping[str, str]
    values: Mapping[str, rules.Scalar]
    on: date


def sentence(rule: rules.Node, wording: Wording) -> str:
    """What a rule asks, in one sentence without a full stop."""
    return _say(rule, wording, negated=False, inside="")


def conditions(rule: rules.Node, wording: Wording) -> tuple[str, ...]:
    """The parts of a rule that must all hold, one sentence each."""
    parts = rule.children if isinstance(rule, rules.And) else (rule,)
    return tuple(_say(part, wording, negated=False, inside="") for part in parts)


def _say(node: rules.Node, wording: Wording, *, negated: bool, inside: str) -> str:
    """A node in words; ``inside`` is the kind of join around it, for brackets."""
    match node:
        case rules.Not():
            return _say(node.child, wording, negated=not negated, inside=inside)
        case rules.DerivedRef():
            if isinstance(node.node, rules.LEAVES):
                return leaf_sentence(node.node, wording, negated=negated)
            meaning = _say(node.node, wording, negated=False, inside="")
            return f"{'不属于' if negated else ''}{node.label}（即{meaning}）"
        case rules.And() | rules.Or():
            every = isinstance(node, rules.And) != negated
            merged = None if every or negated else _one_area(node, wording)
            if merged:
                return merged
            kind = "and" if every else "or"
            parts = [_say(child, wording, negated=negated, inside=kind) for child in node.children]
            text = ("，并且" if every else "，或者").join(parts)
            return f"（{text}）" if inside else text
        case _:
            return leaf_sentence(node, wording, negated=negated)


def _one_area(node: rules.Node, wording: Wording) -> str:
    """``户籍地或常住地在和田地区`` for places that must lie in the same area; empty otherwise."""
    children = node.children if isinstance(node, rules.Or) else ()
    if not children or not all(isinstance(child, rules.Within) for child in children):
        return ""
    withins = [child for child in children if isinstance(child, rules.Within)]
    areas = {str(_fixed(within.area, wording)) for within in withins}
    if len(areas) != 1:
        return ""
    labels = "或".join(wording.vocabulary[within.fact].label for within in withins)
    return f"{labels}在{wording.areas.get(areas.pop(), '')}"


def leaf_sentence(leaf: rules.Leaf, wording: Wording, *, negated: bool = False) -> str:
    """A single condition, or its opposite, in words."""
    spec = wording.vocabulary[leaf.fact]
    no = "不" if negated else ""
    match leaf:
        case rules.BoolFact():
            return spec.no if negated else spec.yes
        case rules.Known():
            return f"{spec.label}{'未知' if negated else '已知'}"
        case rules.SameYear():
            return f"{spec.label}{no}在当年（{wording.on.year} 年）内"
        case rules.Recent():
            return f"{spec.label}{no}在近 {_fixed(leaf.months, wording)} 个月内"
        case rules.Within():
            area = str(_fixed(leaf.area, wording))
            return f"{spec.label}{no}在{wording.areas.get(area, f'区划 {area}')}"
        case rules.Between():
            return _between(leaf, spec, wording, negated)
        case rules.In():
            scalars = [_fixed(value, wording) for value in leaf.values]
            return f"{spec.label}{no}{spaced('是', _listed(spec, scalars))}"
        case rules.Compare():
            op = _NEGATED_OP[leaf.op] if negated else leaf.op
            return _compare(spec, op, _fixed(leaf.value, wording), leaf.op if negated else "")


def _between(leaf: rules.Between, spec: FactSpec, wording: Wording, negated: bool) -> str:
    """``BETWEEN`` in words."""
    low, high = _fixed(leaf.low, wording), _fixed(leaf.high, wording)
    no = "不" if negated else ""
    if spec.name == AGE:
        return f"{no}在 {low} 至 {high} 周岁之间" if negated else f"{low} 至 {high} 周岁"
    if spec.type == "int" and (low, high) == (spec.low, spec.high):
        if negated:
            return spec.none_label
        ends = f"{_word(spec, low)}至{_word(spec, high)}"
        return f"有{spec.label}（{ends}）"
    return f"{spec.label}{no}{spaced('在', _word(spec, low), '至', _word(spec, high), '之间')}"


def _compare(spec: FactSpec, op: str, value: rules.Scalar, turned_from: str) -> str:
    """``fact op value`` in words; ``turned_from`` is the operator that a NOT turned round."""
    if spec.name == AGE and isinstance(value, int):
        return _age(op, value)
    if isinstance(value, date):
        return spec.label + _DATE_WORDS[op].format(_day(value))
    if op in ("=", "<>"):
        return spec.label + spaced("是" if op == "=" else "不是", _word(spec, value))
    if turned_from:
        # "NOT grade <= 2" also holds for those who have no grade: say it as what it is not.
        told = _compare(spec, turned_from, value, "")
        return told.replace(f"{spec.label}", f"{spec.label}不", 1)
    return _numbers(spec, op, int(str(value)))


def _numbers(spec: FactSpec, op: str, value: int) -> str:
    """A number above or below a limit: listed when few, else said by its end."""
    if op in (">", ">="):
        first, last = value + (op == ">"), spec.high
        end = f"{_word(spec, first)}及以上"
    else:
        first, last = spec.low, value - (op == "<")
        end = f"{_word(spec, last)}及以下"
    numbers = list(range(first, last + 1))
    if spec.choices and len(numbers) <= _LISTED:
        return spec.label + spaced("是", _listed(spec, numbers))
    return spec.label + spaced("在", end)


def _age(op: str, years: int) -> str:
    """An age limit in words: reached on the birthday."""
    match op:
        case ">=":
            return f"年满 {years} 周岁"
        case ">":
            return f"年满 {years + 1} 周岁"
        case "<":
            return f"未满 {years} 周岁"
        case "<=":
            return f"未满 {years + 1} 周岁"
        case "=":
            return f"{years} 周岁"
        case _:
            return f"不是 {years} 周岁"


def phrase(
    leaf: rules.Leaf, wording: Wording, *, true: bool, value: object = None, known: bool = False
) -> str:
    """What was found of a person about one condition.

    Args:
        true: Whether the leaf (as written, not its negation) is true.
        value: The exact value, when it may be told; ``known`` says that it is given.
    """
    spec = wording.vocabulary[leaf.fact]
    if known and spec.kept_exact and spec.type != "bool" and value is not None:
        label = spec.value_label(value)
        return label if label == spec.none_label else spec.label + spaced("为", label)
    told = leaf_sentence(leaf, wording, negated=not true)
    return told.replace("年满", "已满", 1) if spec.name == AGE else told


def missing_words(names: Sequence[str], vocabulary: Vocabulary) -> str:
    """What has to be asked for: ``能力等级、出生日期``."""
    return "、".join(vocabulary[name].ask_for for name in names)


def _fixed(value: rules.Value, wording: Wording) -> rules.Scalar:
    """A literal's value, a parameter's value in force."""
    return wording.values[value.name] if isinstance(value, rules.Param) else value.value


def _word(spec: FactSpec, value: rules.Scalar) -> str:
    return spec.value_label(value)


def _listed(spec: FactSpec, values: Sequence[rules.Scalar]) -> str:
    """``特困、低保或低保边缘``."""
    words = [_word(spec, value) for value in values]
    return words[0] if len(words) == 1 else spaced("、".join(words[:-1]), "或", words[-1])


def spaced(*words: str) -> str:
    """Words put together, with a blank between a Chinese one and a number."""
    text = words[0]
    for word in words[1:]:
        begins_number = word[:1].isascii() and word[:1].isalnum()
        text += f" {word}" if begins_number and not text[-1:].isascii() else word
    return text


def _day(value: date) -> str:
    return "无" if value == NONE_DATE else f"{value.year} 年 {value.month} 月 {value.day} 日"
