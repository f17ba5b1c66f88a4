"""What is known about everybody on a day: one wide row a person, for the policy engine.

Statements say what lists said; this package says what follows from them on the day ``as_of``:
which statement is in force, what the absence from a full list means, and what stays unknown.
One pass over everybody; one person is the same pass with one row.

The DuckDB table ``facts`` has a column for every fact of the vocabulary. In it NULL is *unknown*;
*known not to be* is ``''`` for texts, ``-1`` for numbers, ``0001-01-01`` for dates, FALSE.
Sources: ``lists.md`` (what each list means, absence), ``hetian-reading.md`` (validity).
"""

from yanglao.domain.people.facts.columns import FACT_COLUMNS
from yanglao.domain.people.facts.load import (
    facts_on,
    forget_statements,
    keep_statements,
    load_facts,
    load_words,
)
from yanglao.domain.people.facts.of_person import facts_of_many, person_facts
from yanglao.domain.people.facts.said import ENTRIES_COLUMNS, SAID_COLUMNS, load_said
from yanglao.domain.people.facts.turning import load_turning_days, months_of_lists

__all__ = [
    "ENTRIES_COLUMNS",
    "FACT_COLUMNS",
    "SAID_COLUMNS",
    "facts_of_many",
    "facts_on",
    "forget_statements",
    "keep_statements",
    "load_facts",
    "load_said",
    "load_turning_days",
    "load_words",
    "months_of_lists",
    "person_facts",
]
