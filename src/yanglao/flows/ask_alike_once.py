"""Everybody against everything, asking those who are alike only once.

A person's answers follow from nothing but the conditions of the rules, the few exact values that
answers keep, and the place of amounts: the columns of the compiled pack. A million people show
some ten thousand combinations of these; one person of each is asked, and stands for the others.
"""

import duckdb

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.evaluate import Outcome, evaluate
from yanglao.engines.policy.packing import pack_columns


def ask_alike_once(
    con: duckdb.DuckDBPyConnection, compiled: Compiled, *, with_no: bool = False
) -> list[Outcome]:
    """Answer for everybody in ``facts``; return what the outcome keys mean.

    Makes ``result`` as ``engines.policy.evaluate`` does, for those who stand for others, and
    ``alike`` (person_id, stands_for): for everybody the person who was asked.

    Args:
        con: Connection that holds ``facts``.
        compiled: The pack for the day.
        with_no: Give every no too, with its reason.
    """
    conditions = compiled.select("facts")
    words = pack_columns(compiled)
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
    found = evaluate(con, compiled, facts="asked_facts", with_no=with_no)
    con.execute("DROP TABLE kind_of; DROP TABLE asked; DROP TABLE asked_facts")
    return found
