"""Facts as columns: the shape of the platform's own, any number of people."""

from datetime import date

import pyarrow as pa
import pytest

from yanglao.domain.people.facts import FACT_COLUMNS
from yanglao.kernel.dates import whole_years
from yanglao.ops.demo.fact_table import FACT_TYPES, facts_table, generate_facts
from yanglao.ops.demo.population import make_population

DUCKDB_TYPES = {
    pa.int64(): "BIGINT",
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.bool_(): "BOOLEAN",
}


def test_columns_are_those_of_the_platform() -> None:
    """A benchmark on other columns would measure something else."""
    assert {name: DUCKDB_TYPES[kind] for name, kind in FACT_TYPES.items()} == FACT_COLUMNS


@pytest.mark.parametrize("people", [60, 700])
def test_as_many_elders_as_asked(people: int) -> None:
    """Everybody lives and is 60 or over; numbers run from 1; more than drawn comes again."""
    table = generate_facts(people, seed=5, drawn=150)
    assert table.num_rows == people
    assert table["person_id"].to_pylist() == list(range(1, people + 1))
    day = date(2026, 11, 1)
    assert all(whole_years(born, day) >= 60 for born in table["birth_date"].to_pylist())
    assert set(table["alive"].to_pylist()) == {True}


def test_unknown_and_none_are_told_apart() -> None:
    """NULL is unknown; the sentinels are known to have none."""
    table = facts_table(make_population(400, 5).people, date(2026, 11, 1))
    columns = table.to_pydict()
    assert {"", "dibao"} <= set(columns["assistance"])
    assert -1 in columns["disability_grade"]
    assert date(1, 1, 1) in columns["health_checked_on"]
    assert None in columns["living"]
    assert "none" in columns["supporter"]
    assert None in columns["ability_level"]


def test_the_same_seed_gives_the_same_facts() -> None:
    """A benchmark can be repeated."""
    assert generate_facts(120, seed=9).equals(generate_facts(120, seed=9))
