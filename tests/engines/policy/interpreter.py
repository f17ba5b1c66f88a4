"""The tree of a rule, walked for one person in plain Python: a second opinion on any rule at all.

Where ``oracle`` is a second opinion on Hetian's list, this is one on the way from tree to SQL.
"""

from collections.abc import Mapping
from datetime import date

from tests.engines.policy.oracle import (
    NONE_DATE,
    NONE_INT,
    NONE_TEXT,
    Truth,
    both,
    either,
    months_later,
    negated,
    years,
)
from yanglao.engines.policy import rules


def truth_of(node: rules.Node, facts: Mapping[str, object], as_of: date) -> Truth:
    """What a resolved rule says of a person."""
    match node:
        case rules.And():
            return both(*(truth_of(child, facts, as_of) for child in node.children))
        case rules.Or():
            return either(*(truth_of(child, facts, as_of) for child in node.children))
        case rules.Not():
            return negated(truth_of(node.child, facts, as_of))
        case rules.DerivedRef():
            return truth_of(node.node, facts, as_of)
        case _:
            return _leaf(node, facts, as_of)


def _leaf(leaf: rules.Leaf, facts: Mapping[str, object], as_of: date) -> Truth:
    value = facts.get(leaf.fact)
    if leaf.fact == "age":
        born = facts.get("birth_date")
        value = years(born, as_of) if isinstance(born, date) else None
    if isinstance(leaf, rules.Known):
        return Truth(value is not None)
    if value is None:
        return Truth(None, frozenset({leaf.fact}))
    if isinstance(leaf, rules.BoolFact):
        return Truth(value is True)
    if value in (NONE_TEXT, NONE_DATE) or (value == NONE_INT and value is not True):
        return Truth(isinstance(leaf, rules.Compare) and leaf.op == "<>")
    if isinstance(leaf, rules.Within):
        return _within(str(value), str(_value(leaf.area)), leaf.fact)
    return Truth(_known(leaf, value, as_of))


def _known(leaf: rules.Leaf, value: object, as_of: date) -> bool:
    match leaf:
        case rules.In():
            return any(value == _value(one) for one in leaf.values)
        case rules.Between():
            return _value(leaf.low) <= value <= _value(leaf.high)  # type: ignore[operator]
        case rules.SameYear():
            return isinstance(value, date) and value.year == as_of.year
        case rules.Recent():
            assert isinstance(value, date)
            return value <= as_of < months_later(value, int(str(_value(leaf.months))))
        case rules.Compare():
            return _compared(value, leaf.op, _value(leaf.value))
    raise AssertionError(leaf)


def _value(value: rules.Value) -> rules.Scalar:
    assert isinstance(value, rules.Literal)
    return value.value


def _compared(left: object, op: str, right: rules.Scalar) -> bool:
    return {
        "=": lambda: left == right,
        "<>": lambda: left != right,
        "<": lambda: left < right,  # type: ignore[operator]
        "<=": lambda: left <= right,  # type: ignore[operator]
        ">": lambda: left > right,  # type: ignore[operator]
        ">=": lambda: left >= right,  # type: ignore[operator]
    }[op]()


def _within(code: str, area: str, fact: str) -> Truth:
    significant = code
    for width in (12, 9, 6, 4):
        shorter = {12: 9, 9: 6, 6: 4, 4: 2}[width]
        if len(significant) == width and set(significant[shorter:]) == {"0"}:
            significant = significant[:shorter]
    if significant.startswith(area):
        return Truth(True)
    if code.isdigit() and area.startswith(significant):
        return Truth(None, frozenset({fact}))
    return Truth(False)
