"""Pages of a long list with a constant number of queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

#: Nobody reads page 201; deeper pages are refused with advice instead of a slow OFFSET.
LAST_PAGE = 200

#: ``fetch(order, start, count)`` returns at most ``count`` rows from ``start`` on.
Fetch = Callable[[str, int, int], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows.

    Attributes:
        rows: The rows of this page.
        number: Page number from 1.
        size: Rows a page holds.
        has_next: Whether another page follows.
        total: Number of all rows, ``None`` when nobody counted.
        base: Query string of the page links without ``page``, ending in ``&`` unless empty.
        parameter: Name of the page parameter.
    """

    rows: Sequence[Any]
    number: int
    size: int
    has_next: bool
    total: int | None
    base: str
    parameter: str = "page"

    @property
    def first(self) -> int:
        """Number of the first row shown, 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def pages(self) -> int | None:
        """Number of pages, ``None`` when the total is unknown."""
        return None if self.total is None else max(1, -(-self.total // self.size))

    @property
    def too_deep(self) -> bool:
        """Whether the next page lies beyond what is offered."""
        return self.number >= LAST_PAGE

    @property
    def previous_url(self) -> str:
        """Address of the page before, empty on the first."""
        return self.url_of(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """Address of the next page, empty on the last."""
        return self.url_of(self.number + 1) if self.has_next and not self.too_deep else ""

    def url_of(self, number: int) -> str:
        """Return the address of a page."""
        return f"?{self.base}{self.parameter}={number}"


def page_number(request: HttpRequest, parameter: str = "page") -> int:
    """Return the page asked for, 1 when none.

    Raises:
        BadRequest: When it is no number between 1 and ``LAST_PAGE``.
    """
    text = request.GET.get(parameter, "1") or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LAST_PAGE):
        raise BadRequest(_("页码应在 1 到 %(last)d 之间。") % {"last": LAST_PAGE})
    return int(text)


def query_without(request: HttpRequest, *names: str) -> str:
    """Return the query string without the given parameters, ending in ``&`` unless empty."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    text = query.urlencode()
    return f"{text}&" if text else ""


def paginate(
    request: HttpRequest,
    rows: "QuerySet[Any] | Sequence[Any] | Fetch",
    *,
    size: int = 50,
    total: int | None = None,
    order: str = "",
    parameter: str = "page",
) -> Page:
    """Cut the page asked for out of ``rows``: one query, never a count.

    Args:
        request: Carries ``?page=``.
        rows: A queryset, a sequence, or ``fetch(order, start, count)``.
        size: Rows a page holds.
        total: Number of all rows if the caller has it; sequences are counted.
        order: Passed to a ``fetch`` function.
        parameter: Name of the page parameter, for two lists on one page.
    """
    number = page_number(request, parameter)
    start = (number - 1) * size
    if callable(rows):
        found = list(rows(order, start, size + 1))
    else:
        if total is None and not isinstance(rows, QuerySet):
            total = len(rows)
        found = list(rows[start : start + size + 1])
    return Page(
        rows=found[:size],
        number=number,
        size=size,
        has_next=len(found) > size,
        total=total,
        base=query_without(request, parameter),
        parameter=parameter,
    )
