"""Wrapping every blind index and keyed digest with one index key more, while nothing else runs.

Columns are found by their class (:class:`KeyedBytesField`, :class:`KeyedTextField`). An index is
not made anew from what it was made from (some of that, like a code on paper, is nowhere any more),
but wrapped: ``HMAC-SM3(new key, old index)``. Each piece writes its rows and how far it has come in
one transaction, so that killed at any moment, the next call goes on just there: a row wrapped twice
would never be found again. See decision 0013.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from yanglao.foundation.models import IndexChange
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.secrets.envelopes import KeyedBytesField, KeyedTextField
from yanglao.foundation.secrets.files import sealed_folder
from yanglao.foundation.secrets.keys import key_ring
from yanglao.foundation.secrets.sealing import wrapped

_CHUNK = 5000
#: Folders whose files are named after a keyed digest that stands in a column.
_NAMED_AFTER = {("exchange_receivedlist", "file_hash"): "lists"}
KeyedColumn = KeyedBytesField | KeyedTextField


@dataclass(frozen=True, slots=True)
class KeyedTable:
    """A table with keyed columns: its name, primary key and those columns."""

    name: str
    key: str
    columns: tuple[str, ...]
    in_letters: tuple[bool, ...]


def keyed_tables() -> list[KeyedTable]:
    """Return every table with keyed columns, by name."""
    found = []
    for model in apps.get_models():
        fields = [
            field for field in model._meta.local_concrete_fields if isinstance(field, KeyedColumn)
        ]
        if fields:
            found.append(
                KeyedTable(
                    model._meta.db_table,
                    _whole_number_key(model),
                    tuple(str(field.column) for field in fields),
                    tuple(isinstance(field, KeyedTextField) for field in fields),
                )
            )
    return sorted(found, key=lambda one: one.name)


def _whole_number_key(model: type[models.Model]) -> str:
    key = model._meta.pk
    if not isinstance(key, models.IntegerField):
        raise TypeError(f"{model._meta.label}: a table with keyed columns needs a numbered key")
    return str(key.column)


def wrap_everything(number: int, report: Progress = silent) -> int:
    """Wrap everything with the index key of a number (from 2); return how many rows changed.

    The caller is alone with the installation, and marks the database afterwards with
    :func:`forget_progress` in the same transaction.
    """
    key = key_ring().index_keys[number - 1]
    tables = keyed_tables()
    done, whole = 0, sum(_count(one.name) for one in tables)
    for table in tables:
        for count in _wrap_table(table, key, number):
            done += count
            report(min(done, whole), whole, table.name)
    return done


def forget_progress() -> None:
    """Forget how far it has come: it is done."""
    IndexChange.objects.all().delete()


def _wrap_table(table: KeyedTable, key: bytes, number: int) -> Iterator[int]:
    """Give how many rows each piece has changed."""
    folder = next(
        (
            (column, sealed_folder(_NAMED_AFTER[table.name, column]))
            for column in table.columns
            if (table.name, column) in _NAMED_AFTER
        ),
        None,
    )
    while True:
        renamed: list[tuple[Path, Path]] = []
        with transaction.atomic(), connection.cursor() as cursor:
            change = _progress(table.name, number)
            if change.done:
                break
            rows = _next_rows(cursor, table, change.after)
            fresh = _wrapped_rows(table, rows, key)
            if folder:
                at = table.columns.index(folder[0]) + 1
                names = {row[at]: new[at - 1] for row, new in zip(rows, fresh, strict=True)}
                renamed = _link(folder[1], names)
            _write(cursor, table, [(*new, row[0]) for row, new in zip(rows, fresh, strict=True)])
            change.after = rows[-1][0] if rows else change.after
            change.done = len(rows) < _CHUNK
            change.save()
        for old, _new in renamed:
            old.unlink(missing_ok=True)
        yield len(rows)
    if folder:
        _unlink_left(folder[1])


def _progress(table: str, number: int) -> IndexChange:
    change, _new = IndexChange.objects.get_or_create(table=table, defaults={"key_number": number})
    if change.key_number != number:
        raise ValueError(f"index key {change.key_number} is half-way, not {number}")
    return change


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - own names
        return int(cursor.fetchone()[0])


def _next_rows(cursor: Any, table: KeyedTable, after: int | None) -> list[tuple[Any, ...]]:
    further = f"WHERE {table.key} > %s" if after is not None else ""
    cursor.execute(
        f"SELECT {table.key}, {', '.join(table.columns)} FROM {table.name} {further} "  # noqa: S608
        f"ORDER BY {table.key} LIMIT {_CHUNK}",
        [after] if after is not None else [],
    )
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _wrapped_rows(
    table: KeyedTable, rows: Sequence[tuple[Any, ...]], key: bytes
) -> list[tuple[Any, ...]]:
    """Return the new values of the keyed columns of each row; what is empty stays empty."""
    columns = []
    for at, in_letters in enumerate(table.in_letters, 1):
        old = [row[at] for row in rows]
        held = [_from_letters(value) if in_letters else bytes(value or b"") for value in old]
        new = [
            value if not was else one.hex() if in_letters else one
            for value, was, one in zip(old, held, wrapped(key, held), strict=True)
        ]
        columns.append(new)
    return list(zip(*columns, strict=True))


def _from_letters(value: str | None) -> bytes:
    """Return the bytes of a digest in letters; none for what is no digest, which stays as it is."""
    try:
        return bytes.fromhex(value or "")
    except ValueError:
        return b""


def _write(cursor: Any, table: KeyedTable, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of new values, each with its key at the end; in one statement on PostgreSQL."""
    if not rows:
        return
    if connection.vendor == "sqlite":
        pairs = ", ".join(f"{column} = %s" for column in table.columns)
        cursor.executemany(
            f"UPDATE {table.name} SET {pairs} WHERE {table.key} = %s",  # noqa: S608 - own names
            rows,
        )
        return
    casts = ["text[]" if in_letters else "bytea[]" for in_letters in table.in_letters]
    arrays = ", ".join(f"%s::{cast}" for cast in [*casts, "bigint[]"])
    names = [f"c{at}" for at in range(len(table.columns))]
    pairs = ", ".join(
        f"{column} = new.{name}" for column, name in zip(table.columns, names, strict=True)
    )
    cursor.execute(
        f"UPDATE {table.name} SET {pairs} FROM unnest({arrays}) "  # noqa: S608 - own names
        f"AS new({', '.join([*names, 'k'])}) WHERE {table.name}.{table.key} = new.k",
        [list(column) for column in zip(*rows, strict=True)],
    )


def _link(folder: Path, names: dict[str, str]) -> list[tuple[Path, Path]]:
    """Give files a second name; the first goes when the database has the second for sure."""
    made = []
    for old, new in names.items():
        here, there = folder / old, folder / new
        if not old or not here.is_file():
            continue
        if not there.exists():
            try:
                os.link(here, there)
            except OSError:  # a file system without links
                shutil.copy2(here, there)
        made.append((here, there))
    return made


def _unlink_left(folder: Path) -> None:
    """Remove first names that a kill left beside the second: files that no list names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT file_hash FROM exchange_receivedlist")
        named = {row[0] for row in cursor.fetchall()}
    for path in folder.iterdir():
        if path.name not in named and path.is_file() and path.stat().st_nlink > 1:
            path.unlink()
