"""Whose state got worse between two days: one set-based pass over the facts of both.

Only what was known on both days is compared. That something became known, or ran out, is no
change of the person: a first assessment at level 3 does not mean that he was well before.
"""

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class Measure:
    """A fact by which a state is seen to get worse.

    Attributes:
        code: Its name here. fact: Column of the facts.
        worse: SQL condition over ``a`` (before) and ``b`` (now); only asked where both are known.
        weight: How much a step counts when people are put in order: the heavier first.
    """

    code: str
    fact: str
    worse: str
    weight: int


#: A sentinel (-1: known, none) is below every level: from none to a level is worse.
MEASURES: tuple[Measure, ...] = (
    Measure("ability", "ability_level", "b.ability_level > a.ability_level", 10),
    Measure("ltc", "ltci_level", "b.ltci_level > a.ltci_level", 10),
    Measure("dementia", "dementia", "b.dementia AND NOT a.dementia", 15),
    Measure(
        "disability",
        "disability_grade",
        # Grade 1 is the worst. A first card (before: none) is told too.
        "b.disability_grade > 0 AND (a.disability_grade = -1 "
        "OR b.disability_grade < a.disability_grade)",
        8,
    ),
    Measure(
        "alone",
        "living",
        "b.living = 'alone' AND a.living IN ('with_children', 'empty_nest')",
        4,
    ),
)


def find_worse(
    con: duckdb.DuckDBPyConnection, *, before: str, now: str, into: str = "worse"
) -> int:
    """Make a table of whose state got worse; return the number of rows.

    Args:
        con: Connection that holds both tables of facts.
        before, now: Names of the tables, one row a person.
        into: Table to make: ``person_id, place_code, measure, was, is_now, weight``; the values
            as text.
    """
    selects = [
        f"SELECT b.person_id, b.place_code, '{one.code}' AS measure, "
        f"CAST(a.{one.fact} AS VARCHAR) AS was, CAST(b.{one.fact} AS VARCHAR) AS is_now, "
        f"{one.weight} AS weight FROM {now} b JOIN {before} a ON a.person_id = b.person_id "
        f"WHERE a.{one.fact} IS NOT NULL AND b.{one.fact} IS NOT NULL "
        f"AND b.alive IS NOT FALSE AND ({one.worse})"
        for one in MEASURES
    ]
    con.execute(f"CREATE OR REPLACE TABLE {into} AS {' UNION ALL '.join(selects)}")
    found = con.execute(f"SELECT count(*) FROM {into}").fetchone()
    return int(found[0]) if found else 0
