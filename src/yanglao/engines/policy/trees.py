"""A rule as it is reckoned: AND and OR over leaves by number, NOT pushed down to the leaves.

The state of a leaf or tree is 0 (false), 1 (true) or 2 (unknown), combined as SQL does (Kleene).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanglao.engines.policy import rules

FALSE, TRUE, UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Twig:
    """A leaf by its number, or its negation."""

    leaf: int
    negated: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """All of the children (``every``), or at least one."""

    every: bool
    children: "tuple[Tree, ...]"


Tree = Twig | Branch
_TURNED = (TRUE, FALSE, UNKNOWN)


def grow(node: rules.Node, number: Callable[[rules.Leaf], int], negated: bool = False) -> Tree:
    """The tree of a rule; ``number`` gives each leaf its number. Derived facts are written out."""
    match node:
        case rules.Not():
            return grow(node.child, number, not negated)
        case rules.DerivedRef():
            return grow(node.node, number, negated)
        case rules.And() | rules.Or():
            children = tuple(grow(child, number, negated) for child in node.children)
            return Branch(isinstance(node, rules.And) != negated, children)
        case _:
            return Twig(number(node), negated)


def state_of(tree: Tree, states: Sequence[int]) -> int:
    """The state of a tree, given the states of its leaves."""
    if isinstance(tree, Twig):
        state = states[tree.leaf]
        return _TURNED[state] if tree.negated else state
    settled = FALSE if tree.every else TRUE
    result = TRUE if tree.every else FALSE
    for child in tree.children:
        state = state_of(child, states)
        if state == settled:
            return settled
        if state == UNKNOWN:
            result = UNKNOWN
    return result


def causes(tree: Tree, states: Sequence[int]) -> list[Twig]:
    """The leaves to which a tree's state is due.

    Of a true AND all children, of a true OR the true ones; of an unknown one the unknown children
    (a true child of an AND and a false child of an OR no longer matter); of a false AND the false
    ones, of a false OR all.
    """
    found: list[Twig] = []
    _collect(tree, states, state_of(tree, states), found)
    return found


def _collect(tree: Tree, states: Sequence[int], state: int, found: list[Twig]) -> None:
    if isinstance(tree, Twig):
        if tree not in found:
            found.append(tree)
        return
    for child in tree.children:
        if state_of(child, states) == state:
            _collect(child, states, state, found)


def twigs_of(tree: Tree) -> list[Twig]:
    """Every leaf of a tree once, from left to right."""
    if isinstance(tree, Twig):
        return [tree]
    found: list[Twig] = []
    for child in tree.children:
        found.extend(twig for twig in twigs_of(child) if twig not in found)
    return found


def tree_sql(tree: Tree, column: Callable[[int], str]) -> str:
    """A tree as an SQL expression over one boolean column (or expression) a leaf."""
    if isinstance(tree, Twig):
        return f"NOT {column(tree.leaf)}" if tree.negated else column(tree.leaf)
    join = " AND " if tree.every else " OR "
    return "(" + join.join(tree_sql(child, column) for child in tree.children) + ")"
