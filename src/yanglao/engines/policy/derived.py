"""Facts that a pack defines out of others, each with its clause."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanglao.engines.policy import rules
from yanglao.engines.policy.header import DraftFact
from yanglao.engines.policy.parse import Scope, parse_rule
from yanglao.engines.policy.problems import ProblemLog, Spot
from yanglao.engines.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A derived fact: how rules name it, how people do, its rule, and the clause behind it."""

    name: str
    label: str
    clause: str
    node: rules.Node
    text: str
    spot: Spot


class DerivedFacts:
    """Derived facts read when first asked for, so that their order does not matter.

    ``scope`` must be set before anything is asked; it points back here.
    """

    scope: Scope

    def __init__(
        self, drafts: Mapping[str, DraftFact], vocabulary: Vocabulary, log: ProblemLog
    ) -> None:
        self._drafts = drafts
        self._read: dict[str, rules.Node | None] = {}
        self._path: list[str] = []
        for name, draft in drafts.items():
            if name in vocabulary:
                draft.rule.problem(f"“{name}”已是词汇表里的事实", "请换一个名称")

    def reference(self, name: str) -> rules.DerivedRef | None:
        """A reference to a derived fact; None when its rule has a problem or leads in a circle."""
        draft = self._drafts[name]
        if name in self._path:
            circle = " → ".join([*self._path[self._path.index(name) :], name])
            draft.rule.problem(
                f"推导的条件互相引用：{circle}", "请改写其中一条，使其只用词汇表里的事实"
            )
            return None
        if name not in self._read:
            self._path.append(name)
            self._read[name] = parse_rule(draft.rule, self.scope)
            self._path.pop()
        node = self._read[name]
        return None if node is None else rules.DerivedRef(name, draft.label, node)

    def all(self) -> dict[str, DerivedFact]:
        """Every derived fact whose rule is sound."""
        found: dict[str, DerivedFact] = {}
        for name, draft in self._drafts.items():
            reference = self.reference(name)
            if reference is not None:
                found[name] = DerivedFact(
                    name,
                    draft.label,
                    draft.clause,
                    reference.node,
                    draft.rule.text(),
                    draft.rule.spot,
                )
        return found
