"""The set-based pass against two slow evaluations in plain Python, on random people.

One is written by hand from the reading of Hetian's list, the other walks the tree of any rule.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.policy.interpreter import truth_of
from tests.engines.policy.oracle import ITEMS, Answer, answer
from tests.engines.policy.people import invent_people
from tests.engines.policy.random_rules import RULES
from yanglao.engines.policy import rules
from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.explain import explain
from yanglao.engines.policy.outcomes import STATUS_WORDS
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.people import make_facts
from yanglao.engines.policy.sql import age_column, leaf_sql
from yanglao.engines.policy.trees import grow, tree_sql

DAYS = (date(2026, 11, 1), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1))


def _answers(
    pack: Pack, people: list[dict[str, object]], as_of: date
) -> dict[tuple[int, str], Answer]:
    """What the engine says, with no for whoever has no row."""
    with duckdb.connect(":memory:") as con:
        make_facts(con, pack.vocabulary, people, as_of=as_of)
        meanings = {one.key: one for one in evaluate(con, compile_pack(pack, as_of))}
        rows = con.execute("SELECT person_id, item, outcome_key, status FROM result").fetchall()
    found = {}
    for person, item, key, status in rows:
        one = meanings[key]
        assert one.status == status
        found[person - 1, item] = Answer(
            STATUS_WORDS[one.status],
            one.tier,
            one.amount_fen,
            one.delivered,
            frozenset(one.missing),
        )
    return found


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_everybody_gets_what_the_reading_says(hetian: Pack, as_of: date) -> None:
    """Status, tier, money, delivered and missing facts of thousands of people, item by item."""
    people = invent_people(hetian.vocabulary, 1200, as_of, seed=as_of.toordinal())
    found = _answers(hetian, people, as_of)
    nobody = Answer("no", "", None, None, frozenset())
    seen = set()
    for number, person in enumerate(people):
        for item in ITEMS:
            expected = answer(item, person, as_of)
            assert found.get((number, item), nobody) == expected, (item, person)
            seen.add((item, expected.status))
    assert len(seen) == 3 * len(ITEMS), "the random people do not reach every answer of every item"


def test_the_pack_has_the_items_of_the_reading(hetian: Pack) -> None:
    """Seventeen items, the sixteenth in two."""
    assert tuple(hetian.items) == ITEMS


def test_one_person_gets_the_same_answer_as_everybody(hetian: Pack) -> None:
    """``explain`` is the same evaluation with one row."""
    as_of = DAYS[0]
    people = invent_people(hetian.vocabulary, 40, as_of, seed=7)
    with duckdb.connect(":memory:") as con:
        make_facts(con, hetian.vocabulary, people, as_of=as_of)
        compiled = compile_pack(hetian, as_of)
        meanings = {one.key: one for one in evaluate(con, compiled)}
        rows = con.execute("SELECT person_id, item, outcome_key FROM result").fetchall()
        stored = {(person, item): meanings[key] for person, item, key in rows}
        for number, person in enumerate(people, 1):
            for one in explain(con, compiled, "facts", number):
                outcome = stored.get((number, one.item))
                assert (outcome is None) == (one.status == "no")
                if outcome is not None:
                    assert one.reason == outcome.reason
                    assert one.missing == outcome.missing
                    assert (one.tier, one.amount_fen) == (outcome.tier, outcome.amount_fen)
                    assert one.delivered == outcome.delivered
                rule = rules.resolve(hetian.items[one.item].rule, hetian.values_on(as_of))
                assert frozenset(one.missing) == truth_of(rule, person, as_of).missing


@pytest.fixture(scope="module")
def crowd(hetian: Pack) -> Iterator[duckdb.DuckDBPyConnection]:
    """A table of people for each day, ``facts0`` …, with their ages."""
    with duckdb.connect(":memory:") as con:
        for number, day in enumerate(DAYS):
            people = invent_people(hetian.vocabulary, 120, day, seed=number)
            make_facts(con, hetian.vocabulary, people, as_of=day, table=f"crowd{number}")
            con.execute(
                f"CREATE TABLE facts{number} AS SELECT *, {age_column(day)} AS age "
                f"FROM crowd{number}"
            )
        yield con


@given(rule=RULES, number=st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_any_rule_says_the_same_in_sql_and_in_python(
    hetian: Pack, crowd: duckdb.DuckDBPyConnection, rule: rules.Node, number: int
) -> None:
    """Random rules on random people: SQL and a walk of the tree agree about everybody."""
    as_of = DAYS[number]
    people = invent_people(hetian.vocabulary, 120, as_of, seed=number)
    leaves = list(dict.fromkeys(rules.leaves_of(rule)))
    texts = [leaf_sql(leaf, hetian.vocabulary, as_of) for leaf in leaves]
    text = tree_sql(grow(rule, leaves.index), lambda leaf: texts[leaf])
    rows = crowd.execute(f"SELECT {text} FROM facts{number} ORDER BY person_id").fetchall()
    for person, (found,) in zip(people, rows, strict=True):
        assert found == truth_of(rule, person, as_of).value, person


def test_people_of_the_second_opinion_are_not_all_alike(hetian: Pack) -> None:
    """The generator makes unknowns and nones of every fact that has them."""
    people: list[Mapping[str, object]] = [*invent_people(hetian.vocabulary, 2000, DAYS[0], 1)]
    for name, spec in hetian.vocabulary.facts.items():
        if name != "age":
            values = {person.get(name) for person in people}
            assert None in values, name
            assert not spec.has_none or values & {"", -1, date(1, 1, 1)}, name
