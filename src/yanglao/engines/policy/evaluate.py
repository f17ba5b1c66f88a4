"""Everybody against everything, in one pass inside DuckDB."""

import duckdb

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.outcomes import Outcome, tell_meanings
from yanglao.engines.policy.sql import named, quoted

__all__ = ["Outcome", "evaluate"]


class MissingFacts(Exception):
    """The facts table lacks columns that rules look at."""


def evaluate(
    con: duckdb.DuckDBPyConnection,
    compiled: Compiled,
    facts: str = "facts",
    into: str = "result",
    *,
    with_no: bool = False,
) -> list[Outcome]:
    """Make the table of answers; return what its outcome keys mean.

    Args:
        con: Connection that holds the facts.
        compiled: The pack for the day.
        facts: Table, one row a person: ``person_id``, ``birth_date``, ``place_code`` and a column
            for every fact that rules use (NULL unknown).
        into: Table to create (or replace): ``person_id BIGINT, item VARCHAR, status TINYINT``
            (1 yes, 2 possible; no is not stored), ``outcome_key VARCHAR``.
        with_no: Store every no too, as status 0 with its reason.

    Raises:
        MissingFacts: When the facts table lacks columns.
    """
    check_columns(con, compiled, facts)
    keys = make_keys(con, compiled, facts, "TRUE" if with_no else "met IS NOT FALSE")
    meanings = _meanings(con, compiled, keys)
    match = " AND ".join(f"k.w{n} = m.w{n}" for n in range(compiled.words))
    con.execute(
        f"CREATE OR REPLACE TABLE {named(into)} AS "
        f"SELECT k.person_id, m.item, k.status, m.outcome_key FROM {keys} k "
        f"JOIN policy_meaning m ON k.position = m.position AND {match}"
    )
    con.execute(f"DROP TABLE {keys}")
    con.execute("DROP TABLE policy_meaning")
    return meanings


def check_columns(con: duckdb.DuckDBPyConnection, compiled: Compiled, facts: str) -> None:
    """Raise MissingFacts unless every fact that rules look at has its column."""
    described = con.execute(f"DESCRIBE SELECT * FROM {facts}").fetchall()
    there = {str(row[0]) for row in described}
    needed = {"person_id", *compiled.facts_needed}
    if needed - there:
        raise MissingFacts(f"事实表缺少列：{'、'.join(sorted(needed - there))}")


def make_keys(
    con: duckdb.DuckDBPyConnection,
    compiled: Compiled,
    facts: str,
    keep: str,
    *,
    only: str = "",
) -> str:
    """Make a temporary table ``person_id, position, status, w0…`` and return its name.

    Args:
        keep: Condition over ``met``, the item's rule: which answers to keep.
        only: Table of ``person_id`` and ``item`` to answer for; everybody and everything if empty.
    """
    where = f"person_id IN (SELECT person_id FROM {only})" if only else "TRUE"
    con.execute(f"CREATE OR REPLACE TEMP TABLE policy_leaf AS {compiled.select(facts, where)}")
    selects = []
    for one in compiled.items:
        words = ", ".join(f"{text} AS w{n}" for n, text in enumerate(one.key_sql))
        of_item = f"item = {quoted(one.item.code)}"
        asked = f" AND person_id IN (SELECT person_id FROM {only} WHERE {of_item})" if only else ""
        status = "CASE WHEN met THEN 1 WHEN met IS NULL THEN 2 ELSE 0 END"
        selects.append(
            f"SELECT person_id, {one.position}::UTINYINT AS position, "
            f"({status})::TINYINT AS status, {words} "
            f"FROM (SELECT *, {one.status_sql} AS met FROM policy_leaf) WHERE {keep}{asked}"
        )
    con.execute(f"CREATE OR REPLACE TEMP TABLE policy_key AS {' UNION ALL '.join(selects)}")
    con.execute("DROP TABLE policy_leaf")
    return "policy_key"


def _meanings(con: duckdb.DuckDBPyConnection, compiled: Compiled, keys: str) -> list[Outcome]:
    """Work out every distinct key; make ``policy_meaning`` from key to outcome."""
    words = ", ".join(f"w{n}" for n in range(compiled.words))
    found = con.execute(
        f"SELECT DISTINCT position, status, {words} FROM {keys} ORDER BY ALL"
    ).fetchall()
    outcomes, numbers = tell_meanings(compiled, found)
    rows = [
        (position, outcomes[number].item, outcomes[number].key, *key)
        for (position, _status, *key), number in zip(found, numbers, strict=True)
    ]
    columns = [[row[at] for row in rows] for at in range(3 + compiled.words)]
    kinds = ["UTINYINT", "VARCHAR", "VARCHAR"] + ["BIGINT"] * compiled.words
    names = ["position", "item", "outcome_key"] + [f"w{n}" for n in range(compiled.words)]
    unnested = ", ".join(
        f"unnest(CAST(? AS {kind}[])) AS {name}" for kind, name in zip(kinds, names, strict=True)
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE policy_meaning AS SELECT {unnested}", columns)
    return outcomes
