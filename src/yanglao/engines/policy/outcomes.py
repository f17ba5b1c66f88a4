"""What a key means: status, tier, money, delivered, facts used, facts missing, the reason.

Worked out in plain Python once per distinct combination, however many people share it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from yanglao.engines.policy import rules
from yanglao.engines.policy.compile import FIRST_CODE, NONE_CODE, Compiled, CompiledItem
from yanglao.engines.policy.sentence import conditions, missing_words, phrase
from yanglao.engines.policy.trees import FALSE, TRUE, UNKNOWN, Twig, causes, state_of
from yanglao.engines.policy.vocabulary import NONE_INT, NONE_TEXT, FactSpec

YES, POSSIBLE, NO = 1, 2, 0
StatusWord = Literal["yes", "no", "possible"]
STATUS_WORDS: dict[int, StatusWord] = {YES: "yes", POSSIBLE: "possible", NO: "no"}
_STATUS_OF = {TRUE: YES, UNKNOWN: POSSIBLE, FALSE: NO}
KeptValue = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, shared by all people for whom it is the same.

    Attributes:
        key: The same for the same content in every run (not bound to a pack's hash).
        item: Code. status: 1 yes, 2 possible (0 no, only where it was asked for).
        tier: Empty when the item has none or it cannot be told.
        amount_fen: None when there is no money or the amount is not known.
        delivered: None when an officer says so by hand.
        reason: One line in Chinese.
        used: For a yes, the facts it turned on, with the exact value where that may be kept
            (never ages, days, places: None).
        missing: For a possible, the unknown facts that still matter, in the vocabulary's order.
    """

    key: str
    item: str
    status: int
    tier: str
    amount_fen: int | None
    delivered: bool | None
    reason: str
    used: dict[str, KeptValue]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """A key taken apart: states of the item's leaves, exact values, number of the place."""

    states: tuple[int, ...]
    values: dict[str, KeptValue]
    place: int


def take_apart(compiled: Compiled, one: CompiledItem, words: Sequence[int]) -> Combination:
    """The combination behind the key columns of an item."""
    numbers = [(words[word] >> shift) & mask for word, shift, mask in one.masks]
    leaves = len(one.leaves)
    exact = numbers[leaves : leaves + len(one.exact)]
    vocabulary = compiled.pack.vocabulary
    values = {
        fact: _decoded(vocabulary[fact], code) for fact, code in zip(one.exact, exact, strict=True)
    }
    place = numbers[-1] if one.places else 0
    return Combination(tuple(numbers[:leaves]), values, place)


def _decoded(spec: FactSpec, code: int) -> KeptValue:
    """The value behind its code; None for unknown."""
    if code < NONE_CODE:
        return None
    if spec.type == "int":
        return NONE_INT if code == NONE_CODE else code - FIRST_CODE + spec.low
    return NONE_TEXT if code == NONE_CODE else tuple(spec.choices)[code - FIRST_CODE]


def status_of(one: CompiledItem, states: Sequence[int]) -> int:
    """Yes, no or possible."""
    return _STATUS_OF[state_of(one.rule, states)]


def tier_of(one: CompiledItem, states: Sequence[int]) -> str:
    """The first tier that applies; empty when one before it cannot be told."""
    for name, tree in one.tiers:
        state = state_of(tree, states)
        if state != FALSE:
            return name if state == TRUE else ""
    return ""


def amount_of(compiled: Compiled, one: CompiledItem, combination: Combination) -> int | None:
    """Money in fen, or None."""
    if one.item.amount is None:
        return None
    parameter = compiled.pack.parameters[one.item.amount.parameter]
    if not parameter.is_table:
        value = parameter.value_on(compiled.values_day)
        return None if value is None else int(str(value))
    if combination.place == 0:
        return None
    place = one.places[combination.place - 1]
    if not one.bands:
        return parameter.amount_at(place, "", compiled.values_day)
    for band, tree in one.bands:
        if state_of(tree, combination.states) == TRUE:
            return parameter.amount_at(place, band, compiled.values_day)
    return None


def delivered_of(one: CompiledItem, states: Sequence[int], status: int) -> bool | None:
    """Whether the person has it already; None when only an officer can say."""
    how = one.item.delivered.how
    if how == "by_hand":
        return None
    if how == "always":
        return True
    if one.delivered is None:
        return status == YES
    return state_of(one.delivered, states) == TRUE


def missing_of(compiled: Compiled, one: CompiledItem, states: Sequence[int]) -> tuple[str, ...]:
    """The unknown facts that still matter; empty when the status is not possible."""
    if state_of(one.rule, states) != UNKNOWN:
        return ()
    facts = {one.leaves[twig.leaf].fact for twig in causes(one.rule, states)}
    return compiled.pack.vocabulary.in_order(facts)


class OutcomeMaker:
    """Makes outcomes; keys that mean the same share one (words are put together once)."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._made: dict[tuple[object, ...], Outcome] = {}

    def make(self, one: CompiledItem, words: Sequence[int]) -> Outcome:
        """The answer behind the key columns of an item."""
        combination = take_apart(self.compiled, one, words)
        states = combination.states
        status = status_of(one, states)
        if status == NO:
            return self._no(one, combination)
        twigs = tuple(causes(one.who, states)) if status == YES else ()
        content = (
            one.position,
            status,
            tier_of(one, states),
            amount_of(self.compiled, one, combination),
            delivered_of(one, states, status),
            twigs,
            tuple(combination.values.get(one.leaves[twig.leaf].fact) for twig in twigs),
            missing_of(self.compiled, one, states),
        )
        if content not in self._made:
            self._made[content] = make_outcome(self.compiled, one, combination)
        return self._made[content]

    def _no(self, one: CompiledItem, combination: Combination) -> Outcome:
        """A no, of which only the reason is told."""
        reason = reason_of(self.compiled, one, combination)
        content = (one.position, NO, reason)
        if content not in self._made:
            text = json.dumps([one.item.code, NO, reason], ensure_ascii=False)
            key = hashlib.sha256(text.encode()).hexdigest()[:16]
            self._made[content] = Outcome(
                key, one.item.code, NO, "", None, None, reason, used={}, missing=()
            )
        return self._made[content]


def tell_meanings(
    compiled: Compiled, found: Iterable[Sequence[int]]
) -> tuple[list[Outcome], list[int]]:
    """What keys mean, each meaning once.

    Args:
        found: Distinct rows ``position, status, w0 …``, in order.

    Returns:
        The outcomes, in the order in which they were met; and for each row the number of its own.
    """
    maker = OutcomeMaker(compiled)
    outcomes: list[Outcome] = []
    numbers: dict[str, int] = {}
    of_rows = []
    for position, status, *key in found:
        one = compiled.items[position]
        outcome = maker.make(one, key)
        if outcome.status != status:
            raise AssertionError(f"item {one.item.code}: SQL and Python disagree on key {key}")
        if outcome.key not in numbers:
            numbers[outcome.key] = len(outcomes)
            outcomes.append(outcome)
        of_rows.append(numbers[outcome.key])
    return outcomes, of_rows


def make_outcome(compiled: Compiled, one: CompiledItem, combination: Combination) -> Outcome:
    """The answer for a combination whose status is yes or possible."""
    states = combination.states
    status = status_of(one, states)
    twigs = causes(one.who, states) if status == YES else []
    used = _used(compiled, one, combination, twigs)
    tier, amount = tier_of(one, states), amount_of(compiled, one, combination)
    delivered = delivered_of(one, states, status)
    missing = missing_of(compiled, one, states)
    leaves = sorted(_leaf_key(one.leaves[twig.leaf], twig.negated) for twig in twigs)
    content = [one.item.code, status, tier, amount, delivered, leaves, used, missing]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return Outcome(
        key=hashlib.sha256(text.encode()).hexdigest()[:16],
        item=one.item.code,
        status=status,
        tier=tier,
        amount_fen=amount,
        delivered=delivered,
        reason=reason_of(compiled, one, combination),
        used=used,
        missing=missing,
    )


def _used(
    compiled: Compiled, one: CompiledItem, combination: Combination, twigs: list[Twig]
) -> dict[str, KeptValue]:
    """Facts that a yes turned on. Of being served, all facts of its rule, whichever was true."""
    if not twigs:
        return {}
    found: dict[str, KeptValue] = {}
    vocabulary = compiled.pack.vocabulary
    for twig in twigs:
        leaf = one.leaves[twig.leaf]
        if isinstance(leaf, rules.BoolFact):
            found[leaf.fact] = not twig.negated
        else:
            found[leaf.fact] = combination.values.get(leaf.fact)
    for fact in sorted(rules.facts_of(one.item.served)):
        is_bool = vocabulary[fact].type == "bool"
        found.setdefault(fact, True if is_bool else None)
    return {fact: found[fact] for fact in vocabulary.in_order(set(found))}


def _leaf_key(leaf: rules.Leaf, negated: bool) -> str:
    """A condition as text that is the same in every run."""
    return f"{'not ' if negated else ''}{leaf!r}"


def reason_of(compiled: Compiled, one: CompiledItem, combination: Combination) -> str:
    """Why yes, why no, or what is missing, in one line."""
    status = status_of(one, combination.states)
    vocabulary = compiled.pack.vocabulary
    if status == POSSIBLE:
        missing = missing_of(compiled, one, combination.states)
        return f"可能符合 {one.item.name}，缺：{missing_words(missing, vocabulary)}"
    tree = one.who if status == YES else one.rule
    told = phrases_of(compiled, one, combination, causes(tree, combination.states))
    if status == YES:
        served = [text for text in _served(compiled, one) if not any(t in text for t in told)]
        return "；".join([*told, *served])
    return f"不符合：{'；'.join(told)}"


def _served(compiled: Compiled, one: CompiledItem) -> list[str]:
    """The conditions of being served, whichever of them was true; the plainest last."""
    return sorted(conditions(one.item.served, compiled.wording), key=len, reverse=True)


def phrases_of(
    compiled: Compiled, one: CompiledItem, combination: Combination, twigs: list[Twig]
) -> list[str]:
    """What was found of the person about some of the item's conditions, each once."""
    found = []
    for twig in twigs:
        leaf = one.leaves[twig.leaf]
        found.append(
            phrase(
                leaf,
                compiled.wording,
                true=combination.states[twig.leaf] == TRUE,
                value=combination.values.get(leaf.fact),
                known=leaf.fact in combination.values,
            )
        )
    return list(dict.fromkeys(found))
