"""What every walk in a browser stands on: the database is at rest before it is emptied.

Contexts are closed by then, but the server may still be answering what a phone sent by itself in
the background. Emptying tables under such an answer is a deadlock on PostgreSQL, and the next test
meets what the answer wrote afterwards.
"""

import time
from collections.abc import Iterator

import pytest

#: Longest that an answer may take after the browser is gone.
_PATIENCE = 30.0
_BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND (state IS DISTINCT FROM 'idle' OR xact_start IS NOT NULL)
"""


@pytest.fixture(autouse=True)
def _database_at_rest(transactional_db: None) -> Iterator[None]:
    """Let the server finish before the tables are emptied.

    Asked for before everything that opens a browser context, so that it ends after they are
    closed; it needs the tables, so that it ends before they are emptied.
    """
    yield
    wait_for_rest()


def wait_for_rest(patience: float = _PATIENCE) -> None:
    """Return when nobody else has asked this database anything for a fifth of a second.

    SQLite lets one writer after the other and empties tables like any of them.

    Raises:
        AssertionError: When somebody still asks after ``patience`` seconds.
    """
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    calm, give_up = 0, time.monotonic() + patience
    while calm < 4:
        with connection.cursor() as cursor:
            cursor.execute(_BUSY)
            (busy,) = cursor.fetchone()
        calm = 0 if busy else calm + 1
        assert time.monotonic() < give_up, f"{busy} connections still ask after {patience} s"
        time.sleep(0.05)
