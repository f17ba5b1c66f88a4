"""Both ways out of the database end in the same DuckDB types, and rows come back unharmed."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from yanglao.domain.people.models import Coverage, Person
from yanglao.foundation import clock
from yanglao.foundation.analytics import Column, analytic_session, bulk_insert

COLUMNS = [
    Column("id", "int"),
    Column("name", "text"),
    Column("birth_date", "date"),
    Column("in_register", "bool"),
    Column("died_on", "date"),
]


def make_people() -> None:
    for number, died in enumerate([None, None, date(2026, 3, 1)], start=1):
        Person.objects.create(
            id_number=f"6532011940010100{number:02}",
            name=f"买买提·{number}",
            name_fold=f"买买提{number}",
            sex="M",
            birth_date=date(1940, 1, number),
            place_code="653201000000",
            in_register=number % 2 == 1,
            died_on=died,
            created_at=clock.start_of(date(2026, 11, 1)),
        )


def loaded() -> tuple[list[Any], list[Any]]:
    with analytic_session() as session:
        session.load("person", "people_person", COLUMNS, order="id")
        return (
            session.rows("SELECT name, birth_date, in_register, died_on FROM person ORDER BY id"),
            session.rows("SELECT typeof(COLUMNS(*)) FROM person LIMIT 1"),
        )


EXPECTED = [
    ("买买提·1", date(1940, 1, 1), True, None),
    ("买买提·2", date(1940, 1, 2), False, None),
    ("买买提·3", date(1940, 1, 3), True, date(2026, 3, 1)),
]
TYPES = [("BIGINT", "VARCHAR", "DATE", "BOOLEAN", "DATE")]


@pytest.mark.django_db
def test_inside_a_transaction_its_own_writes_are_read() -> None:
    make_people()
    assert loaded() == (EXPECTED, TYPES)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_same_is_read() -> None:
    make_people()
    assert loaded() == (EXPECTED, TYPES)


@pytest.mark.django_db
def test_an_empty_table_has_the_same_types() -> None:
    with analytic_session() as session:
        assert session.load("person", "people_person", COLUMNS) == 0
        assert [row[1] for row in session.rows("DESCRIBE person")] == list(TYPES[0])


@pytest.mark.django_db
def test_rows_from_duckdb_are_stored_as_they_are() -> None:
    columns = ["kind", "division_code", "month", "batch", "full", "declared_at"]
    with analytic_session() as session:
        query = session.con.execute(
            "SELECT 'pension', '653201000000', CAST(DATE '2026-10-01' AS VARCHAR), i, true, "
            "'2026-11-01 08:00:00+00:00' FROM range(1, 4) t(i)"
        )
        with transaction.atomic():
            assert bulk_insert("people_coverage", columns, query) == 3
    rows = list(Coverage.objects.order_by("batch"))
    assert [row.batch for row in rows] == [1, 2, 3]
    assert rows[0].month == date(2026, 10, 1)
    assert rows[0].declared_at.tzinfo is not None


@pytest.mark.django_db(transaction=True)
def test_bulk_rows_belong_to_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        bulk_insert("people_coverage", ["kind"], [("pension",)])


def test_a_name_that_is_no_identifier_is_refused() -> None:
    with analytic_session() as session, pytest.raises(ValueError, match="identifier"):
        session.load("person; DROP TABLE x", "people_person", COLUMNS)
    assert connection is not None


@pytest.mark.django_db(transaction=True)
def test_reading_in_between_never_harms_the_file() -> None:
    """Two copies of SQLite in one process undid each other's locks, and the file broke."""
    for round_ in range(6):
        with transaction.atomic():
            Coverage.objects.create(
                kind="pension",
                division_code="653201000000",
                month=date(2026, 10, 1),
                batch=round_,
                declared_at=clock.start_of(date(2026, 11, 1)),
            )
        with analytic_session() as session:
            assert session.load("cover", "people_coverage", [Column("id", "int")]) == round_ + 1
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                assert cursor.fetchone() == ("ok",)


def test_sqlite_is_opened_by_one_library_only() -> None:
    """The other library may only be imported by the child process."""
    root = Path(__file__).parents[2] / "src"
    importing = [
        path.name
        for path in root.rglob("*.py")
        if re.search(r"^\s*(import|from) adbc_driver_sqlite", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert importing == ["sqlite_child.py"]


@pytest.mark.django_db(transaction=True)
def test_a_query_that_cannot_be_read_says_so() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads without a child")
    with analytic_session() as session, pytest.raises(RuntimeError, match="no such table"):
        session.load("nothing", "no_such_table", [Column("id", "int")])
