"""Why: for one person every item with every condition; for many, what their answers hang on."""

from dataclasses import dataclass

import duckdb

from yanglao.engines.policy import rules
from yanglao.engines.policy.compile import Compiled, CompiledItem
from yanglao.engines.policy.evaluate import check_columns, make_keys
from yanglao.engines.policy.outcomes import (
    NO,
    STATUS_WORDS,
    YES,
    Combination,
    StatusWord,
    amount_of,
    delivered_of,
    missing_of,
    phrases_of,
    reason_of,
    status_of,
    take_apart,
    tier_of,
)
from yanglao.engines.policy.sentence import leaf_sentence
from yanglao.engines.policy.sql import AGE, age_column, named
from yanglao.engines.policy.trees import TRUE, UNKNOWN, causes, twigs_of


@dataclass(frozen=True, slots=True)
class LeafAnswer:
    """One condition of an item for one person.

    Attributes:
        sentence: What is asked. truth: True, False, or None when unknown.
        fact: The fact it looks at. value: The person's own value in words.
    """

    sentence: str
    truth: bool | None
    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item for one person, no included."""

    item: str
    status: StatusWord
    tier: str
    amount_fen: int | None
    delivered: bool | None
    leaves: tuple[LeafAnswer, ...]
    missing: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """What an answer hangs on, shared by people.

    Attributes:
        key: As in the table that ``explain_many`` makes. item, status: Of the answer.
        sentences: What was found: for a no what fails, for a possible what is unknown.
        facts: The facts behind them, in the vocabulary's order.
    """

    key: int
    item: str
    status: StatusWord
    sentences: tuple[str, ...]
    facts: tuple[str, ...]


def explain(
    con: duckdb.DuckDBPyConnection, compiled: Compiled, facts: str, person_id: int
) -> list[ItemAnswer]:
    """Every item of the pack for one person, with each condition.

    Raises:
        LookupError: When the person is not in the facts table.
        MissingFacts: When the facts table lacks columns.
    """
    check_columns(con, compiled, facts)
    names = list(compiled.columns)
    raw = [name for name in compiled.facts_used if name != AGE]
    own = ", ".join(f"f.{named(name)}" for name in raw)
    row = con.execute(
        f"SELECT s.* EXCLUDE (person_id), {age_column(compiled.as_of)}{', ' if own else ''}{own} "
        f"FROM ({compiled.select(facts, 'person_id = $1')}) s, {facts} f WHERE f.person_id = $1",
        [int(person_id)],
    ).fetchone()
    if row is None:
        raise LookupError(f"person {person_id} is not in {facts}")
    columns = dict(zip(names, row[: len(names)], strict=True))
    values = dict(zip([AGE, *raw], row[len(names) :], strict=True))
    return [_answer(compiled, one, columns, values) for one in compiled.items]


def _answer(
    compiled: Compiled,
    one: CompiledItem,
    columns: dict[str, object],
    values: dict[str, object],
) -> ItemAnswer:
    """One item from the person's condition columns and own values."""
    states = tuple(
        UNKNOWN if columns[name] is None else int(bool(columns[name])) for name in one.columns
    )
    exact = {fact: values[fact] for fact in one.exact}
    place = columns[named(f"p_{one.item.code}")] if one.places else 0
    combination = Combination(states, exact, int(str(place)))  # type: ignore[arg-type]
    status = status_of(one, states)
    vocabulary = compiled.pack.vocabulary
    leaves = []
    for twig in twigs_of(one.rule):
        leaf, state = one.leaves[twig.leaf], states[twig.leaf]
        leaves.append(
            LeafAnswer(
                sentence=leaf_sentence(leaf, compiled.wording, negated=twig.negated),
                truth=None if state == UNKNOWN else (state == TRUE) != twig.negated,
                fact=leaf.fact,
                value=vocabulary[leaf.fact].value_label(values[leaf.fact]),
            )
        )
    return ItemAnswer(
        item=one.item.code,
        status=STATUS_WORDS[status],
        tier=tier_of(one, states) if status != NO else "",
        amount_fen=amount_of(compiled, one, combination) if status != NO else None,
        delivered=delivered_of(one, states, status) if status != NO else None,
        leaves=tuple(leaves),
        missing=missing_of(compiled, one, states),
        reason=reason_of(compiled, one, combination),
    )


def explain_many(
    con: duckdb.DuckDBPyConnection,
    compiled: Compiled,
    pairs: str,
    *,
    facts: str = "facts",
    into: str = "why",
) -> list[Why]:
    """What the answers of many (person, item) pairs hang on: why lost, set-based.

    Args:
        pairs: Table with ``person_id`` and ``item``.
        into: Table to create (or replace): ``person_id BIGINT, item VARCHAR, status TINYINT``
            (0 no, 1 yes, 2 possible), ``why_key INTEGER``. A person who is not in the facts table
            has no row.
    """
    check_columns(con, compiled, facts)
    keys = make_keys(con, compiled, facts, "TRUE", only=named(pairs))
    words = ", ".join(f"w{n}" for n in range(compiled.words))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE policy_why AS "
        "SELECT row_number() OVER ()::INTEGER AS why_key, * "
        f"FROM (SELECT DISTINCT position, status, {words} FROM {keys} ORDER BY ALL) d"
    )
    found = con.execute(f"SELECT why_key, position, {words} FROM policy_why ORDER BY 1").fetchall()
    answers = []
    for key, position, *word in found:
        one = compiled.items[position]
        answers.append(_why(compiled, one, key, take_apart(compiled, one, word)))
    codes = [[one.position for one in compiled.items], [one.item.code for one in compiled.items]]
    match = " AND ".join(f"k.w{n} = y.w{n}" for n in range(compiled.words))
    con.execute(
        f"CREATE OR REPLACE TABLE {named(into)} AS SELECT k.person_id, c.item, k.status, y.why_key "
        f"FROM {keys} k JOIN policy_why y ON k.position = y.position AND k.status = y.status "
        f"AND {match} JOIN (SELECT unnest(CAST(? AS UTINYINT[])) AS position, "
        f"unnest(CAST(? AS VARCHAR[])) AS item) c ON c.position = k.position",
        codes,
    )
    con.execute("DROP TABLE policy_why")
    con.execute(f"DROP TABLE {keys}")
    return answers


def _why(compiled: Compiled, one: CompiledItem, key: int, combination: Combination) -> Why:
    """What a combination's answer hangs on."""
    status = status_of(one, combination.states)
    tree = one.who if status == YES else one.rule
    twigs = causes(tree, combination.states)
    leaves: list[rules.Leaf] = [one.leaves[twig.leaf] for twig in twigs]
    vocabulary = compiled.pack.vocabulary
    facts = vocabulary.in_order({leaf.fact for leaf in leaves})
    if status in (YES, NO):
        sentences = phrases_of(compiled, one, combination, twigs)
    else:
        sentences = [f"{vocabulary[fact].ask_for}未知" for fact in facts]
    return Why(key, one.item.code, STATUS_WORDS[status], tuple(sentences), facts)
