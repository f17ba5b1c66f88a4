"""A facts table from a few people given as mappings: worked cases, the public page, tests."""

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb

from yanglao.engines.policy.sql import named
from yanglao.engines.policy.vocabulary import Vocabulary

_TYPES = {
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "choice": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "date": "DATE",
}


def facts_columns(vocabulary: Vocabulary) -> dict[str, str]:
    """Columns of the facts table with their DuckDB types. ``age`` is reckoned from birth_date."""
    facts = {name: _TYPES[spec.type] for name, spec in vocabulary.facts.items() if name != "age"}
    return {"person_id": "BIGINT", "place_code": "VARCHAR", "birth_date": "DATE"} | facts


def make_facts(
    con: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    people: Iterable[Mapping[str, object]],
    *,
    as_of: date,
    table: str = "facts",
) -> None:
    """Create a facts table; what a person's mapping does not say is unknown.

    Args:
        con: Connection without a table of this name.
        people: Fact names to values as stored (none as ``''``, ``-1``, ``date.min``); besides
            ``person_id`` (else counted from 1), ``birth_date``, ``place_code`` and, instead of a
            birth date, ``age``: the birthday is then the as-of day.

    Raises:
        KeyError: For a name that is no fact.
    """
    columns = facts_columns(vocabulary)
    rows = []
    for number, person in enumerate(people, 1):
        filled = {"person_id": number, **person}
        age = filled.pop("age", None)
        if age is not None and filled.get("birth_date") is None:
            filled["birth_date"] = _born(as_of, int(str(age)))
        strange = set(filled) - set(columns)
        if strange:
            raise KeyError(f"not facts of the vocabulary: {', '.join(sorted(strange))}")
        rows.append([filled.get(name) for name in columns])
    shape = ", ".join(f"{named(name)} {kind}" for name, kind in columns.items())
    con.execute(f"CREATE TABLE {named(table)} ({shape})")
    if rows:
        lists = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join(
            f"unnest(CAST(? AS {kind}[])) AS {named(name)}" for name, kind in columns.items()
        )
        con.execute(f"INSERT INTO {named(table)} SELECT {unnested}", lists)


def _born(as_of: date, age: int) -> date:
    """A birth date whose birthday of that age is the as-of day."""
    try:
        return as_of.replace(year=as_of.year - age)
    except ValueError:
        return date(as_of.year - age, 2, 28)
