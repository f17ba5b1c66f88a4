"""Asking those who are alike once answers everybody as asking everybody does."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.pack import load_pack
from yanglao.engines.policy.people import facts_columns
from yanglao.engines.policy.vocabulary import FactSpec
from yanglao.flows.ask_alike_once import ask_alike_once

AS_OF = date(2026, 11, 1)


def random_value(spec: FactSpec, seed: int) -> str:
    """Return SQL for a random value of a fact: known, known not to be, or unknown."""
    pick = f"hash(range, {seed})"
    if spec.type == "bool":
        values = ["TRUE", "FALSE", "NULL"]
    elif spec.type == "int":
        values = [*(str(n) for n in range(spec.low, spec.high + 1)), "-1", "NULL"]
    elif spec.type == "choice":
        values = [*(f"'{value}'" for value in spec.choices), "''", "NULL"]
    elif spec.type == "code":
        values = ["'653222100200'", "'653201001001'", "'650100000000'", "'elsewhere'", "NULL"]
    elif spec.type == "date":
        return (
            f"CASE {pick} % 5 WHEN 0 THEN NULL WHEN 1 THEN DATE '0001-01-01' "
            f"ELSE DATE '2025-06-01' + CAST({pick} % 600 AS INTEGER) END"
        )
    else:
        values = ["''", "'01'", "NULL"]
    listed = ", ".join(values)
    return f"([{listed}])[CAST({pick} % {len(values)} AS BIGINT) + 1]"


def fill(con: duckdb.DuckDBPyConnection, people: int, root: Path) -> None:
    vocabulary = load_pack("hetian", root / "policies").vocabulary
    kinds = facts_columns(vocabulary)
    columns = [
        "range AS person_id",
        "(['653222100200', '653201001001'])[CAST(hash(range) % 2 AS BIGINT) + 1] AS place_code",
        "DATE '1920-01-01' + CAST(hash(range, 99) % 20000 AS INTEGER) AS birth_date",
    ]
    for seed, (name, kind) in enumerate(kinds.items()):
        if name not in {"person_id", "place_code", "birth_date"}:
            columns.append(f"CAST({random_value(vocabulary[name], seed)} AS {kind}) AS {name}")
    con.execute(f"CREATE TABLE facts AS SELECT {', '.join(columns)} FROM range({people})")


@pytest.mark.parametrize("people", [0, 1, 3000])
def test_the_same_answers(people: int, repository: Path) -> None:
    pack = load_pack("hetian", repository / "policies")
    compiled = compile_pack(pack, AS_OF)
    with duckdb.connect(":memory:") as con:
        fill(con, people, repository)
        meanings = {one.key: one for one in evaluate(con, compiled, into="everybody")}
        again = {one.key: one for one in ask_alike_once(con, compiled)}
        assert again == meanings
        one_by_one = con.execute(
            "SELECT person_id, item, status, outcome_key FROM everybody ORDER BY ALL"
        ).fetchall()
        alike = con.execute(
            "SELECT alike.person_id, item, status, outcome_key FROM alike "
            "JOIN result ON result.person_id = stands_for ORDER BY ALL"
        ).fetchall()
        assert alike == one_by_one
        assert con.execute("SELECT count(*) FROM alike").fetchall() == [(people,)]
        left = {name for (name,) in con.execute("SHOW TABLES").fetchall()}
        assert left == {"facts", "everybody", "result", "alike"}
