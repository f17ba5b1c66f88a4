"""Everybody against everything, asking those who are alike only once.

A person's answers follow from nothing but the conditions of the rules, the few exact values that
answers keep, and the place of amounts: the columns of the compiled pack. A million people show
some ten thousand combinations of these; one person of each is asked, and stands for the others.
"""

import duckdb

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.evaluate import Outcome, evaluate

#: Bits of a word that are used; DuckDB's BIGINT has 63 besides the sign.
_WORD_BITS = 62
#: Bits for a column of a type, and SQL that puts it there; unknown has a value of its own.
_BITS = {
    "BOOLEAN": (2, "CASE WHEN {0} THEN 1 WHEN {0} IS NULL THEN 2 ELSE 0 END"),
    "UTINYINT": (9, "coalesce(CAST({0} AS BIGINT), 256)"),
    "UINTEGER": (33, "coalesce(CAST({0} AS BIGINT), 4294967296)"),
}


def ask_alike_once(con: duckdb.DuckDBPyConnection, compiled: Compiled) -> list[Outcome]:
    """Answer for everybody in ``facts``; return what the outcome keys mean.

    Makes ``result`` as ``engines.policy.evaluate`` does, for those who stand for others, and
    ``alike`` (person_id, stands_for): for everybody the person who was asked.

    Args:
        con: Connection that holds ``facts``.
        compiled: The pack for the day.
    """
    conditions = compiled.select("facts")
    described = con.execute(f"DESCRIBE {conditions}").fetchall()
    kinds = [(str(name), str(kind)) for name, kind, *_rest in described if name != "person_id"]
    words = _words(kinds)
    names = ", ".join(f"w{number}" for number in range(len(words)))
    packed = ", ".join(f"{text} AS w{number}" for number, text in enumerate(words))
    con.execute(f"CREATE TABLE kind_of AS SELECT person_id, {packed} FROM ({conditions})")
    con.execute(
        f"CREATE TABLE asked AS SELECT min(person_id) AS stands_for, {names} "
        f"FROM kind_of GROUP BY {names}"
    )
    con.execute(
        f"CREATE TABLE alike AS SELECT person_id, stands_for "
        f"FROM kind_of JOIN asked USING ({names})"
    )
    con.execute(
        "CREATE TABLE asked_facts AS SELECT * FROM facts "
        "WHERE person_id IN (SELECT stands_for FROM asked)"
    )
    found = evaluate(con, compiled, facts="asked_facts")
    con.execute("DROP TABLE kind_of; DROP TABLE asked; DROP TABLE asked_facts")
    return found


def _words(kinds: list[tuple[str, str]]) -> list[str]:
    """Return SQL that packs columns, exactly, into as few whole numbers as they need.

    Raises:
        KeyError: For a type that conditions do not have.
    """
    words: list[list[str]] = [[]]
    shift = 0
    for name, kind in kinds:
        bits, text = _BITS[kind]
        if shift + bits > _WORD_BITS:
            words.append([])
            shift = 0
        quoted = '"' + name.replace('"', '""') + '"'
        words[-1].append(f"CAST({text.format(quoted)} AS BIGINT) * {1 << shift}")
        shift += bits
    return [" + ".join(terms) or "0::BIGINT" for terms in words]
