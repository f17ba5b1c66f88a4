"""Changing many rows at once: values go into a temporary table, one statement does the rest.

The same SQL runs on SQLite and PostgreSQL. Everything belongs to the caller's transaction.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
from django.db import connection

from yanglao.foundation.analytics import bulk_insert

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_TYPES = {"int": "bigint", "text": "varchar(400)", "date": "date"}


@contextmanager
def staged(name: str, columns: Mapping[str, str], rows: duckdb.DuckDBPyConnection) -> Iterator[int]:
    """Hold rows in a temporary table of the database for the length of a ``with`` block.

    Args:
        name: Of the temporary table.
        columns: Column to type (``"int"``, ``"text"``, ``"date"``); the first is its key.
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
    kinds = ", ".join(
        f"{column} {_TYPES[kind]}" + (" PRIMARY KEY" if column == key else "")
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
        cursor.execute(text, values)
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
