"""Lists: tables, pager, filters, description lists, timelines."""

from collections.abc import Sequence
from typing import Any

from django.template import Context, Library
from django.utils.translation import gettext as _

from yanglao.web.kit.filters import FilterBar
from yanglao.web.kit.pager import Page
from yanglao.web.kit.parts import Event, Fact, Text
from yanglao.web.kit.tables import Table


def table(context: Context, bound: Table) -> dict[str, Any]:
    """Draw a bound table with column choice, export link, bulk bar, empty state and pager."""
    return {
        "table": bound,
        "lines": bound.lines,
        "headings": bound.headings,
        "empty": {
            "title": _("没有符合条件的记录"),
            "text": "",
            "action_url": "",
            "action_text": "",
            "icon": "inbox",
            **bound.empty,
        },
        "csrf_token": context.get("csrf_token", ""),
    }


def pager(page: Page, part_id: str = "") -> dict[str, Any]:
    """Draw "第 1–50 条，共 327 条" with links to the page before and after."""
    return {"page": page, "part_id": part_id}


def filters(bar: FilterBar) -> dict[str, Any]:
    """Draw a row of filters over a list."""
    return {"bar": bar}


def facts(items: Sequence[Fact], columns: int = 4) -> dict[str, Any]:
    """Draw facts as a description list, each with its source line."""
    return {"items": items, "columns": columns}


def timeline(items: Sequence[Event], label: Text) -> dict[str, Any]:
    """Draw dated events one under another."""
    return {"items": items, "label": label}


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    register.inclusion_tag("kit/parts/table.html", takes_context=True)(table)
    register.inclusion_tag("kit/parts/pager.html")(pager)
    register.inclusion_tag("kit/parts/filters.html")(filters)
    register.inclusion_tag("kit/parts/facts.html")(facts)
    register.inclusion_tag("kit/parts/timeline.html")(timeline)
