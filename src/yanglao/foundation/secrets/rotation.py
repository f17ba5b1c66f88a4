"""Sealing everything anew with the newest key, in small pieces, while the program runs.

Columns are found by their class (:class:`SealedField`, :class:`SealedValueField`,
:class:`MaskedField`), files by their folder. Each piece is one transaction and only replaces what
it has read, so whoever writes the same row meanwhile is not overwritten; killed at any moment, the
next call goes on where it stopped.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.secrets.envelopes import SealedField, SealedValueField
from yanglao.foundation.secrets.files import (
    IN_PIECES,
    SEALED_FOLDERS,
    read_sealed,
    sealed_folder,
    write_sealed,
)
from yanglao.foundation.secrets.keys import key_ring
from yanglao.foundation.secrets.masks import MaskedField, mask_many, unmask_many
from yanglao.foundation.secrets.pieces import reseal_pieces
from yanglao.foundation.secrets.sealing import seal_bytes, sealed_with, unseal_bytes

_CHUNK = 2000
SealedColumn = SealedField | SealedValueField | MaskedField


@dataclass(frozen=True, slots=True)
class Column:
    """A column of secrets: its table, primary key and own name in the database."""

    table: str
    key: str
    name: str
    field: SealedColumn

    @property
    def version_sql(self) -> str:
        """SQL for what tells the key version of a value."""
        if isinstance(self.field, MaskedField):
            return f"({self.name} >> 55)"
        return f"substr({self.name}, 1, 1)"

    def version(self, told: Any) -> int:
        """Return the version that :attr:`version_sql` told."""
        return int(told) if isinstance(self.field, MaskedField) else bytes(told)[0]

    def told(self, version: int) -> Any:
        """Return what :attr:`version_sql` gives for a version."""
        return version if isinstance(self.field, MaskedField) else bytes((version,))


def sealed_columns() -> list[Column]:
    """Return every column of secrets of the installation, by table and name."""
    found = []
    for model in apps.get_models():
        key = model._meta.pk
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField | SealedValueField | MaskedField) and key is not None:
                table = model._meta.db_table
                found.append(Column(table, str(key.column), str(field.column), field))
    return sorted(found, key=lambda one: (one.table, one.name))


def count_versions() -> dict[str, Counter[int]]:
    """Return how many values each key version sealed, by ``table.column`` and by folder."""
    found: dict[str, Counter[int]] = {}
    with connection.cursor() as cursor:
        for one in sealed_columns():
            cursor.execute(
                f"SELECT {one.version_sql}, count(*) FROM {one.table} "  # noqa: S608 - own names
                f"WHERE {one.name} IS NOT NULL GROUP BY 1"
            )
            counts = Counter({one.version(told): count for told, count in cursor.fetchall()})
            found[f"{one.table}.{one.name}"] = counts
    for folder in SEALED_FOLDERS:
        found[folder] = Counter(_version_of_file(path) for path in _files(folder))
    return found


def count_waiting() -> int:
    """Return how many values and files are not sealed with the newest key."""
    newest = key_ring().newest.number
    return sum(
        count
        for counts in count_versions().values()
        for version, count in counts.items()
        if version != newest
    )


def reseal(report: Progress = silent) -> int:
    """Seal everything with the newest key; return how many values and files changed.

    Goes over all of it again until nothing is left: a transaction that was open when the new key
    came may still write with the one before.
    """
    done, whole = 0, count_waiting()
    while whole:
        before = done
        for column in sealed_columns():
            for count in _reseal_column(column):
                done += count
                report(min(done, whole), whole, f"{column.table}.{column.name}")
        for folder in SEALED_FOLDERS:
            for path in list(_files(folder)):
                done += _reseal_file(path, in_pieces=folder in IN_PIECES)
                report(min(done, whole), whole, folder)
        if count_waiting() == 0 or done == before:
            break
    return done


def _reseal_column(column: Column) -> Iterator[int]:
    """Give how many values each piece has changed."""
    newest = key_ring().newest.number
    after: Any = None
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            rows = _next_rows(cursor, column, after, newest)
            if not rows:
                return
            changed = 0
            fresh = _sealed_anew(column.field, [value for _, value in rows])
            for (key, old), new in zip(rows, fresh, strict=True):
                cursor.execute(
                    f"UPDATE {column.table} SET {column.name} = %s "  # noqa: S608 - own names
                    f"WHERE {column.key} = %s AND {column.name} = %s",
                    (new, key, old),
                )
                changed += cursor.rowcount
            after = rows[-1][0]
        yield changed


def _next_rows(cursor: Any, column: Column, after: Any, newest: int) -> list[tuple[Any, Any]]:
    further = f"AND {column.key} > %s" if after is not None else ""
    cursor.execute(
        f"SELECT {column.key}, {column.name} FROM {column.table} "  # noqa: S608 - own names
        f"WHERE {column.name} IS NOT NULL AND {column.version_sql} <> %s {further} "
        f"ORDER BY {column.key} LIMIT {_CHUNK}",
        [column.told(newest), *([after] if after is not None else [])],
    )
    return [
        (key, value if isinstance(value, int) else bytes(value)) for key, value in cursor.fetchall()
    ]


def _sealed_anew(field: SealedColumn, values: list[Any]) -> list[Any]:
    purpose = field.purpose
    if isinstance(field, MaskedField):
        return list(mask_many(purpose, unmask_many(purpose, values)))
    return [seal_bytes(purpose, unseal_bytes(purpose, value)) for value in values]


def _files(folder: str) -> Iterator[Path]:
    """Give the sealed files of a folder; drafts and strangers are left alone."""
    for path in sorted(sealed_folder(folder).rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.stat().st_size > 0:
            yield path


def _version_of_file(path: Path) -> int:
    with path.open("rb") as file:
        return sealed_with(file.read(1))


def _reseal_file(path: Path, *, in_pieces: bool) -> int:
    try:
        if _version_of_file(path) == key_ring().newest.number:
            return 0
        if in_pieces:
            reseal_pieces(path)
        else:
            write_sealed(path, read_sealed(path))
    except FileNotFoundError:
        return 0  # taken in or swept meanwhile
    return 1
