"""A rule after reading: a small frozen tree of the few things that rules can say.

Nothing else exists: what has no class here cannot be said in a rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

Scalar = str | int | date


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Param:
    """A value that a dated parameter of the pack gives: ``:elder_age``."""

    name: str


Value = Literal | Param


@dataclass(frozen=True, slots=True)
class Compare:
    """``fact op value`` with op one of = <> < <= > >=."""

    fact: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class In:
    """``fact IN (…)``."""

    fact: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """``fact BETWEEN low AND high``, both included."""

    fact: str
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class BoolFact:
    """A yes-or-no fact standing alone."""

    fact: str


@dataclass(frozen=True, slots=True)
class Within:
    """``within(code_fact, area)``: the place lies in the area."""

    fact: str
    area: Value


@dataclass(frozen=True, slots=True)
class Known:
    """``known(fact)``: true or false, never unknown; *known not to be* is known."""

    fact: str


@dataclass(frozen=True, slots=True)
class SameYear:
    """``same_year(date_fact)``: the day lies in the calendar year of the as-of day."""

    fact: str


@dataclass(frozen=True, slots=True)
class Recent:
    """``recent(date_fact, months)``: from the day itself to the day before its anniversary."""

    fact: str
    months: Value


Leaf = Compare | In | Between | BoolFact | Within | Known | SameYear | Recent


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT child``."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class DerivedRef:
    """A fact that the pack defines out of others; ``node`` is its own rule."""

    name: str
    label: str
    node: "Node"


Node = Leaf | Not | And | Or | DerivedRef
LEAVES = (Compare, In, Between, BoolFact, Within, Known, SameYear, Recent)


def all_of(*nodes: Node) -> Node:
    """An AND without AND directly inside."""
    parts: list[Node] = []
    for node in nodes:
        parts.extend(node.children if isinstance(node, And) else (node,))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def any_of(*nodes: Node) -> Node:
    """An OR without OR directly inside."""
    parts: list[Node] = []
    for node in nodes:
        parts.extend(node.children if isinstance(node, Or) else (node,))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def leaves_of(node: Node) -> Iterator[Leaf]:
    """Every leaf, those inside derived facts included, from left to right."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from leaves_of(child)
    elif isinstance(node, Not):
        yield from leaves_of(node.child)
    elif isinstance(node, DerivedRef):
        yield from leaves_of(node.node)
    else:
        yield node


def facts_of(node: Node) -> set[str]:
    """Names of the facts of the vocabulary that a rule looks at."""
    return {leaf.fact for leaf in leaves_of(node)}


def values_of(leaf: Leaf) -> tuple[Value, ...]:
    """The literals and parameters of a leaf."""
    match leaf:
        case Compare():
            return (leaf.value,)
        case In():
            return leaf.values
        case Between():
            return (leaf.low, leaf.high)
        case Within():
            return (leaf.area,)
        case Recent():
            return (leaf.months,)
        case _:
            return ()


def params_of(node: Node) -> set[str]:
    """Names of the parameters that a rule looks at."""
    return {
        value.name
        for leaf in leaves_of(node)
        for value in values_of(leaf)
        if isinstance(value, Param)
    }


def resolve(node: Node, values: Mapping[str, Scalar]) -> Node:
    """The same rule with every parameter replaced by its value."""
    match node:
        case And() | Or():
            return type(node)(tuple(resolve(child, values) for child in node.children))
        case Not():
            return Not(resolve(node.child, values))
        case DerivedRef():
            return DerivedRef(node.name, node.label, resolve(node.node, values))
        case _:
            return _resolve_leaf(node, values)


def _resolve_leaf(leaf: Leaf, values: Mapping[str, Scalar]) -> Leaf:
    """A leaf with its parameters replaced."""

    def fixed(value: Value) -> Literal:
        return Literal(values[value.name]) if isinstance(value, Param) else value

    match leaf:
        case Compare():
            return Compare(leaf.fact, leaf.op, fixed(leaf.value))
        case In():
            return In(leaf.fact, tuple(fixed(value) for value in leaf.values))
        case Between():
            return Between(leaf.fact, fixed(leaf.low), fixed(leaf.high))
        case Within():
            return Within(leaf.fact, fixed(leaf.area))
        case Recent():
            return Recent(leaf.fact, fixed(leaf.months))
        case _:
            return leaf
