"""The whole database as plain values: out of one kind and into another.

A backup made on SQLite goes back into PostgreSQL and the other way round: a county that has
outgrown its first machine moves by a backup. No client tool of a database is needed; ``pg_dump``
would be missing on half the machines, and could not be read back into SQLite.
"""

from yanglao.foundation.portable.files import state_files
from yanglao.foundation.portable.loading import (
    CannotLoad,
    empty_schema,
    load_table,
    migrate_on,
    migrate_to,
    set_sequences,
)
from yanglao.foundation.portable.reading import (
    NOT_KEPT,
    Table,
    applied_migrations,
    kept_tables,
    one_snapshot,
    read_rows,
)

__all__ = [
    "NOT_KEPT",
    "CannotLoad",
    "Table",
    "applied_migrations",
    "empty_schema",
    "kept_tables",
    "load_table",
    "migrate_on",
    "migrate_to",
    "one_snapshot",
    "read_rows",
    "set_sequences",
    "state_files",
]
