"""The three pages of the desk, as tabs, and the notices that stand above all of them."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yanglao.domain.statuses.public import StatusHold, TaskCounts, holds
from yanglao.flows.follow_statuses import standing_rules
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Tab, desk_pages


def desk_tabs(current: str, counts: TaskCounts) -> list[Tab]:
    """Return the tabs."""
    pages = (
        ("tasks", _("要办的事"), counts.open),
        ("people", _("现有身份的人"), None),
        ("changes", _("进入、变化、离开"), None),
    )
    return desk_pages("status_desk", pages, current)


def waiting_holds(request: HttpRequest, names: dict[str, str]) -> list[tuple[StatusHold, str]]:
    """Return the endings that wait for a person, with the names of their statuses; one query."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return [(hold, names.get(hold.status, hold.status)) for hold in holds(reader)]


def unverified_note(as_of: date) -> str:
    """Return what must be said of steps that nobody checked against the documents."""
    rules = standing_rules(as_of)
    return "" if rules is None or rules.verified else rules.note
