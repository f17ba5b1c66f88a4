"""How often tables have changed, counted by the database itself, so that no writer can forget.

On SQLite triggers count every row that is inserted, updated or deleted, whoever does it. With the
counts of two moments equal, nothing in between has changed. PostgreSQL has no such count that is
exact and holds nobody up: there the answer is always "not known".
"""

# ruff: noqa: S608 - names of this program's own tables

from collections.abc import Iterable

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COUNTER = "foundation_table_version"
_EVENTS = ("INSERT", "UPDATE", "DELETE")


def watch(editor: BaseDatabaseSchemaEditor, tables: Iterable[str]) -> None:
    """Begin to count the changes of tables; for migrations.

    A migration that makes one of the tables again (as SQLite does to alter a table) must call this
    afterwards; until it does, :func:`versions` says "not known".
    """
    if editor.connection.vendor != "sqlite":
        return
    editor.execute(
        f"CREATE TABLE IF NOT EXISTS {COUNTER} "
        "(name varchar(80) NOT NULL PRIMARY KEY, number bigint NOT NULL) WITHOUT ROWID"
    )
    for table in tables:
        editor.execute(f"INSERT OR IGNORE INTO {COUNTER} (name, number) VALUES ('{table}', 0)")
        for event in _EVENTS:
            editor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {_trigger(table, event)} AFTER {event} ON {table} "
                f"BEGIN UPDATE {COUNTER} SET number = number + 1 WHERE name = '{table}'; END"
            )


def unwatch(editor: BaseDatabaseSchemaEditor, tables: Iterable[str]) -> None:
    """Stop counting; for migrations."""
    if editor.connection.vendor != "sqlite":
        return
    for table in tables:
        for event in _EVENTS:
            editor.execute(f"DROP TRIGGER IF EXISTS {_trigger(table, event)}")
        editor.execute(f"DELETE FROM {COUNTER} WHERE name = '{table}'")


def versions(tables: Iterable[str]) -> tuple[int, ...] | None:
    """Return how often each table has changed; ``None`` when that is not known for all of them."""
    if connection.vendor != "sqlite":
        return None
    wanted = sorted(tables)
    triggers = {_trigger(table, event) for table in wanted for event in _EVENTS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        if triggers - {name for (name,) in cursor.fetchall()}:
            return None
        cursor.execute(f"SELECT name, number FROM {COUNTER}")
        counted = dict(cursor.fetchall())
    if set(wanted) - set(counted):
        return None
    return tuple(int(counted[table]) for table in wanted)


def _trigger(table: str, event: str) -> str:
    return f"watch_{table}_{event.lower()}"
