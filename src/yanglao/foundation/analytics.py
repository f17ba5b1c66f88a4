"""Analytic sessions: whole tables out of the database into DuckDB, and results back.

Reading goes through ADBC (Arrow, column by column): PostgreSQL on a connection of its own, SQLite
in a process of its own. Inside an open transaction the same rows are read through Django's cursor
instead, so that the transaction sees its own writes; both ways end in the same DuckDB types.
Writing always goes through Django's connection: it belongs to the caller's transaction.
"""

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection

from yanglao.foundation.duck import connect, within_memory
from yanglao.foundation.sqlite_reading import SqliteReaders

ColumnType = Literal["int", "text", "date", "bool", "float"]

_DUCK_TYPES: dict[str, str] = {
    "int": "BIGINT",
    "text": "VARCHAR",
    "date": "DATE",
    "bool": "BOOLEAN",
    "float": "DOUBLE",
}
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_CHUNK = 50_000
#: A table with more rows than this is read in parts, at most so many.
_BIG, _MOST_PARTS = 100_000, 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column to read: its name in DuckDB, its type, and the database column when they differ."""

    name: str
    type: ColumnType
    source: str = ""


class AnalyticSession:
    """One in-memory DuckDB, filled from the database.

    Attributes:
        con: The DuckDB connection; engines work on it.
        memory: How much it may take.
    """

    def __init__(
        self, *, memory: str = "", threads: int | None = None, spilling: bool = True
    ) -> None:
        """Open DuckDB in memory; arguments as with :func:`yanglao.foundation.duck.connect`."""
        self._readers: SqliteReaders | None = None
        self._opened = connect(memory=memory, threads=threads, spilling=spilling)
        self.con, self.memory = self._opened.con, self._opened.memory

    def close(self) -> None:
        """Give the memory back and end the readers."""
        self._opened.close()
        if self._readers is not None:
            self._readers.close()

    @contextmanager
    def _read(self, texts: list[str], columns: Sequence[Column]) -> Iterator[list[Any]]:
        """Give the rows of queries as things DuckDB can register, one for each query."""
        if connection.in_atomic_block or not _has_own_file():
            yield [_read_by_cursor(text, columns) for text in texts]
        elif connection.vendor == "sqlite":
            if self._readers is None:
                self._readers = SqliteReaders(str(connection.settings_dict["NAME"]))
            yield self._readers.read(texts, batch=_CHUNK)
        else:
            with ExitStack() as stack:
                yield [stack.enter_context(_postgres_rows(text)) for text in texts]

    def load(
        self, into: str, table: str, columns: Sequence[Column], where: str = "", order: str = ""
    ) -> int:
        """Read columns of a database table into a new DuckDB table; return the number of rows.

        Args:
            into: Name of the DuckDB table.
            table: Database table.
            columns: What to read.
            where: Portable SQL condition, without parameters; only digits-and-quotes literals made
                by this program may stand in it.
            order: Portable ORDER BY list.

        Raises:
            ValueError: If a name is not a plain identifier.
        """
        for name in (into, table, *(column.name for column in columns)):
            if not _NAME.fullmatch(name):
                raise ValueError(f"not a plain identifier: {name!r}")
        outs = ", ".join(_out(column) for column in columns)
        text = f"SELECT {outs} FROM {table}"
        if where:
            text += f" WHERE {where}"
        if order:
            text += f" ORDER BY {order}"
        casts = ", ".join(
            f"CAST({_blank_to_null(column)} AS {_DUCK_TYPES[column.type]}) AS {column.name}"
            for column in columns
        )
        parts = [] if where or order else _ranges(table)
        with self._read([f"{text} WHERE {part}" for part in parts] or [text], columns) as sources:
            names = [f"incoming_rows_{number}" for number in range(len(sources))]
            for name, source in zip(names, sources, strict=True):
                self.con.register(name, source)
            union = " UNION ALL ".join(f"SELECT {casts} FROM {name}" for name in names)
            # Parts of a table are read side by side, so their rows come in no order.
            self.con.execute(f"SET preserve_insertion_order = {len(names) == 1}")
            self.con.execute(f"CREATE TABLE {into} AS {union}")
            self.con.execute("SET preserve_insertion_order = true")
            for name in names:
                self.con.unregister(name)
        # Fetched to the end: DuckDB takes no other work while a result is unfinished.
        counted = self.con.execute(f"SELECT count(*) FROM {into}").fetchall()
        return int(counted[0][0])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run SQL on DuckDB and return all rows; for small results."""
        return self.con.execute(sql).fetchall()


@contextmanager
def analytic_session(*, step: str = "", memory: str = "") -> Iterator[AnalyticSession]:
    """Open a session for the length of a ``with`` block.

    Args:
        step: What is being done, for the error. memory: How much it may take; as the machine
            allows when not given.

    Raises:
        NotEnoughMemory: When what is done in the block does not fit.
    """
    session = AnalyticSession(memory=memory)
    try:
        with within_memory(step, session.memory):
            yield session
    finally:
        session.close()


def bulk_insert(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]] | duckdb.DuckDBPyConnection
) -> int:
    """Insert many rows through Django's connection, inside the caller's transaction.

    Args:
        table: Database table.
        columns: Its columns, in the order of the values.
        rows: Tuples in database-ready form, or a DuckDB connection with an executed query whose
            columns stand in the same order.

    Returns:
        The number of rows inserted.

    Raises:
        RuntimeError: When called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("bulk_insert belongs to a transaction")
    for name in (table, *columns):
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a plain identifier: {name!r}")
    if connection.vendor == "postgresql":
        return _copy_in(table, columns, rows)
    places = ", ".join("?" for _ in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    text = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
    count = 0
    connection.ensure_connection()
    for chunk in _chunks(rows):
        connection.connection.executemany(text, chunk)
        count += len(chunk)
    return count


def _chunks(
    rows: Iterable[Sequence[Any]] | duckdb.DuckDBPyConnection,
) -> Iterator[Sequence[Sequence[Any]]]:
    if isinstance(rows, duckdb.DuckDBPyConnection):
        while chunk := rows.fetchmany(_CHUNK):
            yield chunk
        return
    held: list[Sequence[Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == _CHUNK:
            yield held
            held = []
    if held:
        yield held


def _copy_in(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]] | duckdb.DuckDBPyConnection,
) -> int:
    """Insert by COPY, the fastest way into PostgreSQL."""
    names = ", ".join(f'"{name}"' for name in columns)
    count = 0
    with connection.cursor() as cursor:
        if isinstance(rows, duckdb.DuckDBPyConnection):
            text = f'COPY "{table}" ({names}) FROM STDIN (FORMAT csv)'
            options = pa_csv.WriteOptions(include_header=False)
            with cursor.copy(text) as copy:
                for batch in _batches(rows):
                    sink = pa.BufferOutputStream()
                    pa_csv.write_csv(batch, sink, write_options=options)
                    copy.write(sink.getvalue().to_pybytes())
                    count += batch.num_rows
            return count
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    return count


def _batches(rows: duckdb.DuckDBPyConnection) -> Any:
    """Return the result as record batches.

    DuckDB warns that this copies rows once more than a relation would; a query that has been
    executed already is what callers have, and the copy is small beside the COPY that follows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return rows.to_arrow_reader(_CHUNK)


def _out(column: Column) -> str:
    source = column.source or column.name
    if connection.vendor != "sqlite":
        return f"{source} AS {column.name}"
    # ADBC guesses a SQLite column's type from its first rows: never let these be all empty.
    if column.type in {"text", "date"}:
        return f"coalesce({source}, '') AS {column.name}"
    if column.type == "float":
        return f"CAST({source} AS REAL) AS {column.name}"
    return f"{source} AS {column.name}"


def _blank_to_null(column: Column) -> str:
    if connection.vendor == "sqlite" and column.type == "date":
        return f"nullif({column.name}, '')"
    return column.name


def _ranges(table: str) -> list[str]:
    """Return conditions that cut a big SQLite table into parts to be read side by side.

    Empty when it is read in one go: small tables, views, inside a transaction, and PostgreSQL,
    whose driver reads by COPY.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM sqlite_master WHERE name = %s", [table])
        kind = cursor.fetchone()
        if kind is None or kind[0] != "table":
            return []
        cursor.execute(f"SELECT min(rowid), max(rowid) FROM {table}")
        low, high = cursor.fetchone()
    parts = min(os.cpu_count() or 1, _MOST_PARTS)
    if low is None or high - low < _BIG or parts == 1:
        return []
    edges = [low + (high + 1 - low) * part // parts for part in range(parts + 1)]
    return [f"rowid >= {first} AND rowid < {last}" for first, last in pairwise(edges)]


def _read_by_cursor(text: str, columns: Sequence[Column]) -> pa.Table:
    kinds = {"int": pa.int64(), "bool": pa.bool_(), "float": pa.float64()}
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        # Below Django's cursor wrapper: its converters would cost more than the query.
        raw = cursor.cursor if hasattr(cursor, "cursor") else cursor
        raw.execute(text)
        rows = raw.fetchall()
    arrays = []
    for position, column in enumerate(columns):
        values = [row[position] for row in rows]
        if column.type == "date":
            kind = pa.string() if sqlite else pa.date32()
        else:
            kind = kinds.get(column.type, pa.string())
        if column.type == "bool":
            # SQLite gives 0 and 1, or what Django's converter made of them.
            values = [None if value is None else bool(value) for value in values]
        arrays.append(pa.array(values, type=kind))
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def _has_own_file() -> bool:
    if connection.vendor != "sqlite":
        return True
    name = str(connection.settings_dict["NAME"])
    return not (name.startswith("file:") or ":memory:" in name) and Path(name).exists()


@contextmanager
def _postgres_rows(text: str) -> Iterator[Any]:
    """Give the rows of one query as Arrow, by COPY on a connection of its own."""
    import adbc_driver_postgresql.dbapi as driver

    with (
        driver.connect(_postgres_uri(connection.settings_dict)) as other,
        other.cursor() as cursor,
    ):
        cursor.execute(text)
        yield cursor.fetch_record_batch()


def _postgres_uri(settings: dict[str, Any]) -> str:
    """Return the address of the server that Django is connected to.

    Asked of the open connection: ADBC's own copy of libpq looks for sockets in another folder.
    """
    connection.ensure_connection()
    told = connection.connection.info
    parts = {"host": told.host, "port": str(told.port), "user": told.user}
    if settings["PASSWORD"]:
        parts["password"] = settings["PASSWORD"]
    return f"postgresql:///{quote(told.dbname)}?{urlencode(parts)}"
