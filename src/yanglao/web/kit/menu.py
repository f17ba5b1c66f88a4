"""The main menu: every desk adds its entries from its own ``menu.py``."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from yanglao.web.kit.screens import reader_can


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the main menu.

    Attributes:
        label: Word on the menu (a lazy translation).
        url_name: Name of the screen it opens (``"leads:board"``).
        icon: Lucide icon name.
        permission: Who sees it; ``None`` shows it to everybody signed in.
        order: Place in the menu, small numbers first.
        count: Optional callable giving the number in the badge for this request; it must cost at
            most one query. ``None`` or zero shows nothing.
        urgent: The badge is in the warm accent (something is late) instead of grey.
        area: URL prefix that marks the entry as current; by default the app namespace.
    """

    label: str | Promise
    url_name: str
    icon: str
    permission: str | None = None
    order: int = 50
    count: Callable[[HttpRequest], int | None] | None = None
    urgent: bool = False
    area: str = ""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A menu entry as drawn for one request."""

    label: str | Promise
    url: str
    icon: str
    current: bool
    count: int
    urgent: bool


_entries: dict[str, MenuEntry] = {}


def add(*entries: MenuEntry) -> None:
    """Register menu entries; the same ``url_name`` twice replaces the earlier one."""
    for entry in entries:
        _entries[entry.url_name] = entry


def entries() -> list[MenuEntry]:
    """Return all registered entries in menu order."""
    return sorted(_entries.values(), key=lambda entry: (entry.order, entry.url_name))


def lines_for(request: HttpRequest, carry: str = "") -> list[MenuLine]:
    """Return the menu lines the reader of ``request`` may open, with the current one marked.

    ``carry`` is a query string added to every address (the place chosen).
    """
    reader = getattr(request, "reader", None)
    if reader is None:
        return []
    match = request.resolver_match
    here = match.view_name if match else ""
    tail = f"?{carry}" if carry else ""
    lines = []
    for entry in entries():
        if entry.permission is not None and not reader_can(reader, entry.permission):
            continue
        count = entry.count(request) if entry.count else None
        lines.append(
            MenuLine(
                label=entry.label,
                url=f"{reverse(entry.url_name)}{tail}",
                icon=entry.icon,
                current=_is_current(entry, here),
                count=count or 0,
                urgent=entry.urgent,
            )
        )
    return lines


def _is_current(entry: MenuEntry, here: str) -> bool:
    if entry.url_name == here:
        return True
    prefix = entry.area or (
        entry.url_name.rpartition(":")[0] + ":" if ":" in entry.url_name else ""
    )
    if not prefix or not here.startswith(prefix):
        return False
    # An exact entry of the same namespace wins over the prefix of a sibling.
    return here not in _entries
