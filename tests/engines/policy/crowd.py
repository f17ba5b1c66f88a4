"""A crowd of any size made inside DuckDB: for tests and measurements of speed.

Values are spread evenly, which is harder than life: many more people are unknown, disabled and on
lists than anywhere, so more answers and more kinds of answers come out.
"""

import duckdb

from yanglao.engines.policy.people import facts_columns
from yanglao.engines.policy.sql import named, quoted
from yanglao.engines.policy.vocabulary import Vocabulary

_COUNTIES = ("01", "21", "22", "23", "24", "25", "26", "27")
_PLACES = [f"'6532{county}001001'" for county in _COUNTIES]


def make_crowd(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, count: int) -> None:
    """Create ``facts`` with so many people, the same every time."""
    columns = [
        f"CAST({_values(vocabulary, name, number)} AS {kind}) AS {named(name)}"
        for number, (name, kind) in enumerate(facts_columns(vocabulary).items())
    ]
    con.execute(f"CREATE TABLE facts AS SELECT {', '.join(columns)} FROM range({count}) AS r(i)")


def _values(vocabulary: Vocabulary, name: str, number: int) -> str:
    """SQL of one column."""
    if name == "person_id":
        return "i"
    if name == "birth_date":
        return f"DATE '1925-01-01' + CAST(hash(i * 64 + {number}) % 16000 AS INTEGER)"
    if name == "place_code":
        return _one_of(_PLACES, number)
    spec = vocabulary[name]
    none = {"int": ["-1"], "date": ["DATE '0001-01-01'"], "choice": ["''"]}.get(spec.type, [])
    none = none if spec.has_none else []
    options = {
        "bool": ["TRUE"] * (20 if name == "alive" else 1) + ["FALSE"],
        "int": [str(value) for value in range(spec.low, spec.high + 1)],
        "choice": [quoted(value) for value in spec.choices],
        "code": [*_PLACES * 3, "'elsewhere'", "'650102001001'"],
        "date": ["DATE '2025-06-01'", "DATE '2026-03-01'"],
        "text": ["'甲'"],
    }
    return _one_of([*options[spec.type], *none, "NULL"], number)


def _one_of(options: list[str], number: int) -> str:
    """One of some values, by chance that is the same every time."""
    chance = f"hash(i * 64 + {number}) % {len(options)}"
    return f"([{', '.join(options)}])[CAST(1 + {chance} AS BIGINT)]"
