"""Tables are emptied only when the server answers nobody any more."""

import threading
import time

import pytest
from django.db import connection

from tests.e2e.conftest import wait_for_rest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody_asks() -> threading.Event:
    """Somebody else, in a transaction of PostgreSQL until the event is set."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite empties tables like any other writer")
    return threading.Event()


def test_who_still_asks_is_waited_for(somebody_asks: threading.Event) -> None:
    begun = threading.Event()

    def ask() -> None:
        from django.db import connection as own
        from django.db import transaction

        try:
            with transaction.atomic(), own.cursor() as cursor:
                cursor.execute("SELECT 1")
                begun.set()
                somebody_asks.wait(20)
        finally:
            own.close()

    other = threading.Thread(target=ask)
    other.start()
    assert begun.wait(20)
    with pytest.raises(AssertionError, match="still ask"):
        wait_for_rest(0.3)
    threading.Timer(0.5, somebody_asks.set).start()
    asked = time.monotonic()
    wait_for_rest(20)
    assert time.monotonic() - asked >= 0.4
    other.join()
