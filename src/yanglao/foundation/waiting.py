"""Not waiting for a writer: what is nice to write down must not hold a reader up."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let a statement fail at once when SQLite's one writer is busy, instead of waiting for it.

    Raises:
        django.db.utils.OperationalError: Out of the block, when it is busy. PostgreSQL locks rows,
            not the database: nothing is changed there.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
