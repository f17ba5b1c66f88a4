"""Changing many rows at once: values go into a temporary table, one statement does the rest.

The same SQL runs on SQLite and PostgreSQL. Everything belongs to the caller's transaction.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import duckdb
from django.db import connection

from yanglao.foundation.analytics import bulk_insert

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_CHUNK = 50_000
#: ``bytes`` is for blind indexes and envelopes: no secret is staged in the clear.
_TYPES = {"int": "bigint", "text": "varchar(400)", "date": "date", "bytes": "bytes"}


@contextmanager
def staged(name: str, columns: Mapping[str, str], rows: duckdb.DuckDBPyConnection) -> Iterator[int]:
    """Hold rows in a temporary table of the database for the length of a ``with`` block.

    Args:
        name: Of the temporary table.
        columns: Column to type (``"int"``, ``"text"``, ``"date"``, ``"bytes"``); the first
            is its key.
        rows: A DuckDB connection with an executed query, columns in the same order.

    Yields:
        How many rows it holds.

    Raises:
        RuntimeError: When called outside a transaction.
        ValueError: If a name is not a plain identifier.
    """
    for word in (name, *columns):
        if not _NAME.fullmatch(word):
            raise ValueError(f"not a plain identifier: {word!r}")
    key = next(iter(columns))
    types = _TYPES | {"bytes": "bytea" if connection.vendor == "postgresql" else "blob"}
    kinds = ", ".join(
        f"{column} {types[kind]}" + (" PRIMARY KEY" if column == key else "")
        for column, kind in columns.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({kinds})")
        try:
            count = bulk_insert(name, list(columns), rows)
            if connection.vendor == "postgresql":
                cursor.execute(f"ANALYZE {name}")
            yield count
        finally:
            # A failed statement has ended the transaction on PostgreSQL, and the table with it.
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute(f"DROP TABLE {name}")


def put_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
) -> int:
    """Make a DuckDB table of some thousand Python rows; return how many.

    DuckDB's own ``executemany`` takes a fifth of a millisecond a row; whole columns go at once.

    Args:
        con: The analytic session's connection.
        table: Of the new table.
        columns: Column to DuckDB type (``"BIGINT"``, ``"VARCHAR"``).
        rows: Tuples in the order of the columns.

    Raises:
        ValueError: If a name is not a plain identifier.
    """
    for word in (table, *columns):
        if not _NAME.fullmatch(word):
            raise ValueError(f"not a plain identifier: {word!r}")
    kinds = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    con.execute(f"CREATE TABLE {table} ({kinds})")
    held = list(rows)
    if held:
        values = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        con.execute(
            f"INSERT INTO {table} SELECT {values}",
            [list(column) for column in zip(*held, strict=True)],
        )
    return len(held)


def run_sql(text: str, values: tuple[object, ...] = ()) -> int:
    """Run one statement in the caller's transaction; return how many rows it changed.

    Args:
        text: Portable SQL made of this program's own words; values stand as ``%s``.
        values: What stands for them.

    Raises:
        RuntimeError: When called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("run_sql belongs to a transaction")
    with connection.cursor() as cursor:
        cursor.execute(text, cast(Sequence[Any], values))
        return int(cursor.rowcount)


def one_writer(name: str) -> None:
    """Let no other transaction that asks for the same name go on until this one has ended.

    SQLite has one writer at a time already; PostgreSQL gets an advisory lock.

    Raises:
        RuntimeError: When called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("one_writer belongs to a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (name,))


def hold_table(table: str) -> None:
    """Let nobody else write to a table until the caller's transaction has ended; reading goes on.

    SQLite has one writer at a time already.

    Raises:
        RuntimeError: When called outside a transaction.
        ValueError: If the name is not a plain identifier.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("hold_table belongs to a transaction")
    if not _NAME.fullmatch(table):
        raise ValueError(f"not a plain identifier: {table!r}")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def insert_query(
    table: str,
    columns: Sequence[str],
    query: str,
    con: duckdb.DuckDBPyConnection,
    *,
    constants: Mapping[str, str | int],
) -> int:
    """Insert the rows of a DuckDB query, with some columns the same in every row.

    On SQLite these stand in the statement and not in every row, a third less to hand over.

    Args:
        table: Database table.
        columns: Of the query, in its order.
        query: DuckDB SQL.
        con: The analytic session's connection.
        constants: Further columns and their values.

    Returns:
        The number of rows inserted.

    Raises:
        RuntimeError: When called outside a transaction.
        ValueError: If a name is not a plain identifier.
    """
    for word in (table, *columns, *constants):
        if not _NAME.fullmatch(word):
            raise ValueError(f"not a plain identifier: {word!r}")
    if connection.vendor != "sqlite":
        held = ", ".join(_literal(value) for value in constants.values())
        con.execute(f"SELECT *, {held} FROM ({query})")  # noqa: S608 - own words
        return bulk_insert(table, [*columns, *constants], con)
    if not connection.in_atomic_block:
        raise RuntimeError("insert_query belongs to a transaction")
    names = ", ".join((*columns, *constants))
    values = ", ".join(("?",) * len(columns) + tuple(map(_literal, constants.values())))
    text = f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608 - own words
    con.execute(query)
    count = 0
    while chunk := con.fetchmany(_CHUNK):
        connection.connection.executemany(text, chunk)
        count += len(chunk)
    return count


def _literal(value: str | int) -> str:
    """Return a value as SQL."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


@contextmanager
def indexes_rebuilt(table: str, *, worth_it: bool) -> Iterator[None]:
    """Take a SQLite table's indexes away for a ``with`` block and build them again after it.

    Sorting a million keys once is several times faster than placing them one by one. Everything
    belongs to the caller's transaction: a failure brings the indexes back with it. PostgreSQL
    keeps its own, so that nobody who reads meanwhile is locked out.

    Args:
        table: Of this program.
        worth_it: Whether so much goes in that it pays; else nothing is done.

    Raises:
        RuntimeError: When called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("indexes_rebuilt belongs to a transaction")
    if connection.vendor != "sqlite" or not worth_it:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL ORDER BY name",
            (table,),
        )
        found = cursor.fetchall()
        for name, _text in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, text in found:
            cursor.execute(text)


def refresh_statistics() -> None:
    """Let the planner of SQLite know how tables are filled; takes some hundredths of a second.

    PostgreSQL does so by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
