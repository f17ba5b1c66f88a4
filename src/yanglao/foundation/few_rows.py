"""Reading the rows of a few people into an analytic session: by cursor, without a table of its own.

:meth:`AnalyticSession.load` is made for millions of rows and costs some hundredths of a second for
each table; a page about one person reads a dozen tables and has a tenth of a second in all.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import connection

from yanglao.foundation.analytics import AnalyticSession, Column

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_KINDS = {
    "int": pa.int64(),
    "bool": pa.bool_(),
    "float": pa.float64(),
    "date": pa.date32(),
    "text": pa.string(),
}

_of_thread = threading.local()


@contextmanager
def session_of_thread(*tables: str) -> Iterator[AnalyticSession]:
    """Give this thread's own analytic session; opening and closing one takes 20 ms.

    Args:
        tables: Tables that the caller makes in it and that go when he is done. After an error
            the whole session goes, with whatever was left in it.
    """
    if not hasattr(_of_thread, "session"):
        _of_thread.session = AnalyticSession(memory="256MB", threads=1, spilling=False)
        # Planning a query well takes longer than running it badly over one person's rows.
        _of_thread.session.con.execute("PRAGMA disable_optimizer")
    session: AnalyticSession = _of_thread.session
    try:
        yield session
        for table in tables:
            session.con.execute(f"DROP TABLE {table}")
    except BaseException:
        del _of_thread.session
        session.close()
        raise


def register_few(
    session: AnalyticSession, name: str, table: str, columns: Sequence[Column], where: str = ""
) -> int:
    """Let DuckDB see some rows of a database table under a name; return how many.

    Args:
        session: An open analytic session.
        name: What DuckDB calls them; ``session.con.unregister(name)`` lets go of them.
        table: Database table.
        columns: What to read; types as with :meth:`AnalyticSession.load`.
        where: Portable SQL condition made by this program, without parameters.

    Raises:
        ValueError: If a name is not a plain identifier.
    """
    for word in (name, table, *(column.name for column in columns)):
        if not _NAME.fullmatch(word):
            raise ValueError(f"not a plain identifier: {word!r}")
    outs = ", ".join(f"{column.source or column.name} AS {column.name}" for column in columns)
    text = f"SELECT {outs} FROM {table}"  # noqa: S608 - plain identifiers, checked above
    if where:
        text += f" WHERE {where}"
    with connection.cursor() as cursor:
        cursor.execute(text)
        rows = cursor.fetchall()
    arrays = [
        pa.array([_value(column, row[at]) for row in rows], type=_KINDS[column.type])
        for at, column in enumerate(columns)
    ]
    names = [column.name for column in columns]
    session.con.register(name, pa.Table.from_arrays(arrays, names=names))
    return len(rows)


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return "" if column.type == "text" else None
    if column.type == "date" and isinstance(value, str):
        return date.fromisoformat(value) if value else None
    if column.type == "bool":
        return bool(value)
    return value
