"""Rows dressed in words: a page at a time for a screen, a chunk at a time for an Excel sheet.

Also the columns that say of whom a row is, for rows with ``name``, ``who`` and ``place``.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from yanglao.web.kit.columns import Column
from yanglao.web.kit.pager import Fetch
from yanglao.web.kit.tables import ordered

R = TypeVar("R")

_CHUNK = 2000

NAME = Column("name", gettext_lazy("姓名"), sort="person__name_fold", fixed=True)
WHO = Column("who", gettext_lazy("性别年龄"), hidden=True, width=14)
PLACE = Column(
    "place",
    gettext_lazy("地点"),
    sort="place_code",
    note=lambda line: line.who,
    wide=True,
    width=28,
)


def fetch_dressed(rows: "QuerySet[Any]", dress: Callable[[Sequence[Any]], Sequence[R]]) -> Fetch:
    """Return the function that a table cuts its page out with.

    Args:
        rows: What is listed.
        dress: Puts the words around some rows; may ask the database for all of them at once.
    """

    def fetch(order: str, start: int, count: int) -> Sequence[R]:
        return dress(list(ordered(rows, order)[start : start + count]))

    return fetch


def all_dressed(
    rows: "QuerySet[Any]", order: str, dress: Callable[[Sequence[Any]], Sequence[R]]
) -> Iterator[R]:
    """Yield every row in order for an Excel sheet, dressed by the chunk."""
    left = iter(ordered(rows, order).iterator(chunk_size=_CHUNK))
    while chunk := list(islice(left, _CHUNK)):
        yield from dress(chunk)
