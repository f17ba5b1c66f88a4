"""Rows of any number, given person by person and never all held, on both databases."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

#: Rows that are fetched from PostgreSQL at a time.
_CHUNK = 5_000


class ByPerson:
    """Rows of a query in order of persons, given for one person after another."""

    def __init__(self, groups: Iterable[tuple[int, list[Any]]]) -> None:
        self._groups = iter(groups)
        self._next = next(self._groups, None)

    def of(self, person: int) -> list[Any]:
        """Return the rows of a person; rows of earlier ones are left for :meth:`rest`."""
        if self._next is None or self._next[0] != person:
            return []
        rows = self._next[1]
        self._next = next(self._groups, None)
        return rows

    def rest(self) -> Iterator[int]:
        """Yield persons of whom rows are left."""
        while self._next is not None:
            yield self._next[0]
            self._next = next(self._groups, None)


def by_person(query: str, value: int | None, make: Any) -> ByPerson:
    groups = groupby(stream(query, value), key=itemgetter(0))
    return ByPerson((person, [make(row[1:]) for row in rows]) for person, rows in groups)


_names = iter(range(10**9))


def stream(query: str, value: int | None) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query without holding them; inside a transaction."""
    values = () if value is None else (value,)
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        cursor = connection.connection.cursor()
        # Django's own cursor turns %s into ?; this one is the driver's.
        cursor.execute(query.replace("%s", "?"), values)
    else:
        cursor = connection.connection.cursor(name=f"reckoning_{next(_names)}")
        cursor.itersize = _CHUNK
        cursor.execute(query, values)
    yield from cursor


def rows_of(query: str, value: int | None = None) -> list[tuple[Any, ...]]:
    return list(stream(query, value))


def day_of(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def hex_of(value: Any) -> str:
    return bytes(value).hex()
