"""Filters over a list: a form whose values stay in the address, numbers of people sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from yanglao.web.kit.looking import asked_text
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Text


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    Attributes:
        name: Query parameter.
        label: Words above the control.
        kind: ``choice`` (a list to choose from), ``text``, ``date``, ``month`` or ``check``.
        choices: ``(value, words)`` for ``choice``; the empty value is added.
        hint: Placeholder of a text filter.
        unset: What a choice that is not made means, when it is not "全部".
    """

    name: str
    label: Text
    kind: str = "choice"
    choices: Sequence[tuple[str, Text]] = ()
    hint: Text = ""
    unset: Text = ""

    def __post_init__(self) -> None:
        """Refuse a kind nobody can draw."""
        if self.kind not in {"choice", "text", "date", "month", "check"}:
            raise ValueError(f"filter {self.name}: unknown kind {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter with the value of this request."""

    filter: Filter
    value: str
    words: Text
    clear_url: str


@dataclass(frozen=True, slots=True)
class FilterBar:
    """The filters of one list bound to a request.

    ``bar["town"]`` is the cleaned value: a choice that is not offered, or a date that can't be
    read, counts as not chosen.
    """

    items: tuple[Chosen, ...]
    keep: tuple[tuple[str, str], ...]
    part_id: str
    reset_url: str
    #: Path of the page when a text may be asked for: it must not come into an address as typed.
    page: str = ""

    def __getitem__(self, name: str) -> str:
        """Return the value of a filter, empty when not chosen."""
        for item in self.items:
            if item.filter.name == name:
                return item.value
        raise KeyError(name)

    def day(self, name: str) -> date | None:
        """Return the value of a date filter."""
        return date.fromisoformat(self[name]) if self[name] else None

    @property
    def active(self) -> list[Chosen]:
        """Filters that are set."""
        return [item for item in self.items if item.value]


def bind_filters(
    request: HttpRequest, filters: Sequence[Filter], *, part_id: str = ""
) -> FilterBar:
    """Read the filters from the address; other parameters (sort) are kept, ``page`` is not.

    Args:
        request: Carries the query string.
        filters: Filters from left to right.
        part_id: Id of the element that htmx swaps, else the page reloads.
    """
    names = {item.name for item in filters}
    items = tuple(_choose(request, item) for item in filters)
    keep = tuple(
        (name, value)
        for name, values in request.GET.lists()
        if name not in names and name != "page"
        for value in values
    )
    reset = query_without(request, "page", *names).rstrip("&")
    page = request.path if any(item.kind == "text" for item in filters) else ""
    return FilterBar(items=items, keep=keep, part_id=part_id, reset_url=f"?{reset}", page=page)


def _choose(request: HttpRequest, item: Filter) -> Chosen:
    is_text = item.kind == "text"
    asked = asked_text(request, item.name) if is_text else request.GET.get(item.name, "")
    value = _clean(item, asked.strip())
    words: Text = value
    if item.kind == "choice":
        words = dict(item.choices).get(value, "")
    elif item.kind == "check":
        words = ""
    clear = query_without(request, "page", item.name).rstrip("&")
    return Chosen(filter=item, value=value, words=words, clear_url=f"?{clear}")


def _clean(item: Filter, value: str) -> str:
    if item.kind == "choice":
        return value if any(value == offered for offered, _ in item.choices) else ""
    if item.kind == "check":
        return "1" if value else ""
    if item.kind == "date":
        return value if _is_day(value) else ""
    if item.kind == "month":
        return value if _is_day(f"{value}-01") else ""
    return value[:100]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
