"""States: statuses, badges, bars, empty, loading, error, partial, too many, progress."""

from typing import Any

from django.template import Library
from django.utils.translation import gettext as _

from yanglao.web.kit import formats
from yanglao.web.kit.parts import TONES, Bar, Status, Text


def status(text: Text | Status, tone: str = "plain") -> dict[str, Any]:
    """Draw a state as a badge with the icon of its tone."""
    state = text if isinstance(text, Status) else Status(text, tone)
    return {"text": state.text, "tone": state.tone, "icon": TONES[state.tone]}


def bar(
    done: float | Bar, total: float = 100, tone: str = "primary", text: str = ""
) -> dict[str, Any]:
    """Draw a share as a bar with its text; also prints."""
    value = done if isinstance(done, Bar) else Bar(done, total, tone, text)
    return {"bar": value, "width": f"{value.share * 100:.1f}"}


def empty(
    title: Text,
    text: Text = "",
    action_url: str = "",
    action_text: Text = "",
    icon: str = "inbox",
) -> dict[str, Any]:
    """Draw the state of nothing: what it means and what to do first."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_text": action_text,
        "icon": icon,
    }


def too_many(shown: int, hint: Text, total: int | None = None) -> dict[str, Any]:
    """Say that only the first rows are shown and how to narrow."""
    return {"shown": shown, "total": total, "hint": hint}


def failure(
    what: Text, why: Text = "", now: Text = "", url: str = "", url_text: Text = ""
) -> dict[str, Any]:
    """Draw an error: what happened, why, what to do now."""
    return {"what": what, "why": why, "now": now, "url": url, "url_text": url_text}


def partial(text: Text, url: str = "", url_text: Text = "") -> dict[str, Any]:
    """Say what is missing from what is shown."""
    return {"text": text, "url": url, "url_text": url_text}


def loading(rows: int = 4, text: Text = "") -> dict[str, Any]:
    """Draw a grey skeleton while a part loads."""
    return {"rows": range(int(rows)), "text": text}


def progress(
    done: int,
    total: int,
    what: Text = "",
    seconds: float | None = None,
    poll_url: str = "",
    finished: bool = False,
    unit: Text = "",
    id: str = "progress",
) -> dict[str, Any]:
    """Draw the progress of a job: bar, rows, time left; polls ``poll_url`` until ``finished``.

    Args:
        done: Steps done of ``total``.
        total: Steps in all; 0 while unknown.
        what: What is being done now.
        seconds: Seconds left, ``None`` while unknown.
        poll_url: Screen that answers with this part again; asked every second.
        finished: Stops asking.
        unit: Counter word, 行 unless given.
        id: Element id that each answer replaces.
    """
    return {
        "done": done,
        "total": total,
        "percent": min(100, done * 100 // total) if total else 0,
        "what": what,
        "label": what or _("进度"),
        "left": "" if finished else formats.seconds_left(seconds),
        "poll_url": "" if finished else poll_url,
        "finished": finished,
        "unit": unit or _("行"),
        "id": id,
    }


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    for name, tag in (
        ("status", status),
        ("bar", bar),
        ("empty", empty),
        ("too_many", too_many),
        ("failure", failure),
        ("partial", partial),
        ("loading", loading),
        ("progress", progress),
    ):
        register.inclusion_tag(f"kit/parts/{name}.html", name=name)(tag)
