"""Boxes of a page: cards, numbers, tabs, breadcrumbs, notices."""

from collections.abc import Sequence
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from yanglao.web.kit.parts import TONES, Action, Crumb, Stat, Tab, Text


def card(
    content: SafeString,
    title: Text = "",
    note: Text = "",
    link_url: str = "",
    link_text: Text = "",
    level: int = 2,
    flush: bool = False,
    id: str = "",
) -> SafeString:
    """Draw a white card around the block.

    Args:
        content: The block.
        title: Heading inside the card.
        note: Grey line under the heading.
        link_url: Address of the link at the right of the heading, with ``link_text``.
        link_text: Words of that link.
        level: Heading level, 2 or 3.
        flush: The content goes to the edges (tables, lists).
        id: Element id.
    """
    return render_to_string(
        "kit/parts/card.html",
        {
            "content": content,
            "title": title,
            "note": note,
            "link_url": link_url,
            "link_text": link_text,
            "level": level,
            "flush": flush,
            "id": id,
        },
    )


def notice(content: SafeString, tone: str = "info", title: Text = "", id: str = "") -> SafeString:
    """Draw a tinted box with an icon; ``tone`` is info, success, warning, accent or error."""
    return render_to_string(
        "kit/parts/notice.html",
        {
            "content": content,
            "tone": tone,
            "title": title,
            "icon": TONES[tone] or "info",
            "id": id,
            "urgent": tone == "error",
        },
    )


def stats(items: Sequence[Stat]) -> dict[str, Any]:
    """Draw the row of number cards at the top of a page."""
    return {"items": items}


def tabs(items: Sequence[Tab], label: Text) -> dict[str, Any]:
    """Draw tabs (links); ``label`` names the group for screen readers."""
    return {"items": items, "label": label}


def crumbs(items: Sequence[Crumb]) -> dict[str, Any]:
    """Draw the page breadcrumb above the heading."""
    return {"items": items}


def page_head(
    content: SafeString, title: Text, note: Text = "", trail: Sequence[Crumb] = ()
) -> SafeString:
    """Draw the page heading (h1), a grey line beside it, and buttons (the block) at the right."""
    return render_to_string(
        "kit/parts/page_head.html",
        {"content": content, "title": title, "note": note, "trail": trail},
    )


def action_links(items: Sequence[Action]) -> dict[str, Any]:
    """Draw actions with an ``url`` as buttons."""
    return {"items": items}


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    register.simple_block_tag(card)
    register.simple_block_tag(notice)
    register.simple_block_tag(page_head)
    register.inclusion_tag("kit/parts/stats.html")(stats)
    register.inclusion_tag("kit/parts/tabs.html")(tabs)
    register.inclusion_tag("kit/parts/crumbs.html")(crumbs)
    register.inclusion_tag("kit/parts/action_links.html")(action_links)
