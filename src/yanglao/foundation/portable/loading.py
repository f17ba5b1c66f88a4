"""Putting plain values back into tables, at the very state of the schema they came from."""

import base64
import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yanglao.foundation.portable.reading import NOT_KEPT, Table


class CannotLoad(Exception):
    """What was kept does not fit here; the text says why and what to do."""


def migrate_to(applied: Iterable[tuple[str, str]]) -> None:
    """Make the tables as they were when these migrations, and no others, had run.

    Raises:
        CannotLoad: When this program does not know one of them: it is older than the backup.
    """
    executor = MigrationExecutor(connection)
    wanted = set(applied)
    unknown = sorted(node for node in wanted if node not in executor.loader.graph.nodes)
    if unknown:
        names = "、".join(f"{app}.{name}" for app, name in unknown[:3])
        raise CannotLoad(f"备份来自更新的版本（{names}）：请先升级程序，再恢复。")
    # A plan of our own: Django's would take later migrations of this program back first.
    whole = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    plan = [(one, False) for one, _back in whole if (one.app_label, one.name) in wanted]
    executor.migrate(sorted(wanted), plan=plan)


def migrate_on() -> None:
    """Bring the tables up to this program."""
    call_command("migrate", verbosity=0, interactive=False)


def empty_schema() -> None:
    """Remove what migrations themselves have put into tables; it comes back with the rows."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name in NOT_KEPT:
                continue
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {quote(name)})")  # noqa: S608
            if cursor.fetchone()[0]:
                cursor.execute(f"DELETE FROM {quote(name)}")  # noqa: S608


def load_table(table: Table, pieces: Iterable[list[list[Any]]]) -> int:
    """Insert the rows of a table; return how many. Belongs to the caller's transaction."""
    return (_copy_in if connection.vendor == "postgresql" else _insert)(table, pieces)


def set_sequences() -> None:
    """Let the next number of every table be beyond those that were loaded (PostgreSQL)."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and model._meta.db_table in there
        ]
        for text in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(text)


def _insert(table: Table, pieces: Iterable[list[list[Any]]]) -> int:
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    text = f"INSERT INTO {quote(table.name)} ({listed}) VALUES ({marks})"  # noqa: S608
    turn = _turning(table, _FOR_SQLITE)
    count = 0
    for rows in pieces:
        connection.connection.executemany(text, (_turned(row, turn) for row in rows))
        count += len(rows)
    return count


def _copy_in(table: Table, pieces: Iterable[list[list[Any]]]) -> int:
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in table.columns)
    turn = _turning(table, _FOR_POSTGRES)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({listed}) FROM STDIN") as copy,
    ):
        for rows in pieces:
            for row in rows:
                copy.write_row(_turned(row, turn))
            count += len(rows)
    return count


Turn = Callable[[Any], Any]


def _turning(table: Table, by_kind: dict[str, Turn]) -> list[tuple[int, Turn]]:
    return [
        (at, by_kind[kind]) for at, kind in enumerate(table.columns.values()) if kind in by_kind
    ]


def _turned(row: list[Any], turn: list[tuple[int, Turn]]) -> list[Any]:
    for at, one in turn:
        if row[at] is not None:
            row[at] = one(row[at])
    return row


def _as_sqlite_moment(text: str) -> str:
    return str(datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None))


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


_FOR_SQLITE: dict[str, Turn] = {
    "bool": int,
    "bytes": base64.b64decode,
    "moment": _as_sqlite_moment,
    "json": _as_json,
}
_FOR_POSTGRES: dict[str, Turn] = {
    "bytes": base64.b64decode,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "json": _as_json,
}
