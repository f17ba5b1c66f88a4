"""The invented people as columns for the policy engine, for benchmarks.

The shape is that of the table ``facts`` (see ``domain/people/facts.py``): NULL is unknown; known to
have none is ``''`` for texts, ``-1`` for numbers, ``0001-01-01`` for dates, FALSE.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from yanglao.kernel.dates import anniversary
from yanglao.ops.demo.person import Person
from yanglao.ops.demo.population import make_population
from yanglao.ops.demo.truth import NONE, Fact, facts_of

FACT_TYPES: dict[str, pa.DataType] = {
    "person_id": pa.int64(),
    "place_code": pa.string(),
    "birth_date": pa.date32(),
    "sex": pa.string(),
    "alive": pa.bool_(),
    "hukou_code": pa.string(),
    "residence_code": pa.string(),
    "household_id": pa.string(),
    "marital": pa.string(),
    "pension_kind": pa.string(),
    "pension_status": pa.string(),
    "assistance": pa.string(),
    "support_mode": pa.string(),
    "tekun_care": pa.string(),
    "disability_category": pa.int64(),
    "disability_grade": pa.int64(),
    "needs_long_term_care": pa.bool_(),
    "health_checked_on": pa.date32(),
    "dementia": pa.bool_(),
    "ltci_insured": pa.bool_(),
    "ltci_level": pa.int64(),
    "ltci_receiving": pa.bool_(),
    "ltci_assessed_on": pa.date32(),
    "special_contribution": pa.bool_(),
    "ability_level": pa.int64(),
    "assessed_on": pa.date32(),
    "living": pa.string(),
    "supporter": pa.string(),
    "family_planning_special": pa.bool_(),
    "in_relief": pa.bool_(),
}
_NONE: dict[pa.DataType, Fact] = {
    pa.string(): "",
    pa.int64(): -1,
    pa.date32(): date(1, 1, 1),
    pa.bool_(): False,
}
#: So many people are drawn one by one; more are the same again, born some days earlier.
DRAWN = 100_000


def generate_facts(
    people: int, seed: int = 2026, as_of: date = date(2026, 11, 1), drawn: int = DRAWN
) -> pa.Table:
    """Return the facts of so many living people of 60 and over, one row a person.

    The first `drawn` people are drawn one by one. Beyond that their rows come again, each time with
    everybody born a day earlier and under new numbers, so that a million takes seconds.
    """
    single = min(people, drawn)
    population = make_population(max(single, 50), seed)
    sixty = anniversary(population.as_of, -60)
    elders = [
        person
        for person in population.people
        if person.born <= sixty and (person.died_on is None or person.died_on >= population.as_of)
    ]
    once = _table(elders[:single], as_of)
    again = [_older(once, days) for days in range(-(-people // single))]
    table = pa.concat_tables(again).slice(0, people).combine_chunks()
    numbers = pa.array(range(1, people + 1), pa.int64())
    return table.set_column(0, "person_id", numbers)


def facts_table(people: Iterable[Person], as_of: date) -> pa.Table:
    """Return the facts of given people, of any age, numbered from 1."""
    return _table(list(people), as_of)


def _table(people: list[Person], as_of: date) -> pa.Table:
    columns: dict[str, list[Fact]] = {name: [] for name in FACT_TYPES}
    for number, person in enumerate(people, start=1):
        facts = facts_of(person, as_of)
        facts["person_id"] = number
        facts["place_code"] = (
            facts["residence_code"] or person.hukou_code or f"{person.county}000000"
        )
        for name, values in columns.items():
            fact = facts[name]
            values.append(_NONE[FACT_TYPES[name]] if fact == NONE and _has_none(name) else fact)
    return pa.table({name: pa.array(values, FACT_TYPES[name]) for name, values in columns.items()})


def _has_none(name: str) -> bool:
    """Return whether ``none`` means known to have none; of a supporter it is a value."""
    return name != "supporter"


def _older(table: pa.Table, days: int) -> pa.Table:
    """Return the rows with everybody born some days earlier."""
    if not days:
        return table
    at = table.schema.get_field_index("birth_date")
    born = pc.subtract(table["birth_date"].cast(pa.int32()), pa.scalar(days, pa.int32()))
    return table.set_column(at, "birth_date", born.cast(pa.date32()))
