"""Reading every table in one snapshot, while others go on writing."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

#: Tables that belong to a running machine: nobody stays signed in over a backup.
NOT_KEPT = frozenset({"accounts_signinsession", "accounts_attempts", "django_migrations"})
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is kept: its columns in order, with their kinds.

    Attributes:
        name: Of the table.
        columns: Column to kind: ``bool bytes date moment decimal json`` or ``plain``.
        key: Column that orders the rows.
    """

    name: str
    columns: dict[str, str]
    key: str


def kept_tables() -> list[Table]:
    """Return every table that a backup keeps, by name."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if not meta.managed or meta.proxy or meta.db_table in NOT_KEPT:
            continue
        columns = {str(field.column): _kind(field) for field in meta.local_concrete_fields}
        key = str(meta.pk.column) if meta.pk is not None else next(iter(columns))
        found[meta.db_table] = Table(meta.db_table, columns, key)
    return [found[name] for name in sorted(found)]


def applied_migrations() -> list[tuple[str, str]]:
    """Return the migrations that made these tables what they are."""
    return sorted(MigrationRecorder(connection).applied_migrations())


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Read everything as of one moment; writers are not held up by it.

    SQLite: a deferred transaction under WAL sees the moment of its first read. PostgreSQL:
    REPEATABLE READ.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        # Not transaction.atomic: that takes SQLite's only pen.
        cursor.execute("BEGIN DEFERRED")
        try:
            cursor.execute("SELECT count(*) FROM sqlite_master")
            cursor.fetchone()
            yield
        finally:
            cursor.execute("ROLLBACK")


def read_rows(table: Table) -> Iterator[list[list[Any]]]:
    """Yield the rows of a table as lists of plain values (JSON), some thousand at a time.

    Belongs into :func:`one_snapshot`.
    """
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in table.columns)
    text = f"SELECT {listed} FROM {quote(table.name)} ORDER BY {quote(table.key)}"  # noqa: S608
    turn = [(at, _PLAIN[kind]) for at, kind in enumerate(table.columns.values()) if kind in _PLAIN]
    with connection.chunked_cursor() as cursor:
        cursor.execute(text)
        while rows := cursor.fetchmany(_CHUNK):
            yield [_plain_row(row, turn) for row in rows]


def _plain_row(row: Any, turn: list[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for at, plain in turn:
        if values[at] is not None:
            values[at] = plain(values[at])
    return values


def _kind(field: "models.Field[Any, Any]") -> str:
    """Return the kind of a column by the type that the database holds."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((kind for cls, kind in _KINDS if isinstance(field, cls)), "plain")


#: By class, not by name: sealed columns are classes of our own. A moment is a date to Django.
_KINDS: tuple[tuple[type, str], ...] = (
    (models.BooleanField, "bool"),
    (models.BinaryField, "bytes"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.DecimalField, "decimal"),
    (models.JSONField, "json"),
)


def _moment(value: datetime | str) -> str:
    """Return a moment in UTC with its zone; SQLite holds text without one."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat()


def _day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _bytes(value: bytes | memoryview) -> str:
    return base64.b64encode(bytes(value)).decode()


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "bytes": _bytes,
    "date": _day,
    "moment": _moment,
    "decimal": str,
    "json": _json,
}
