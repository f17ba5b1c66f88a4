"""How one value of a table is drawn. Plain Python, because a page draws hundreds of them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yanglao.web.kit import formats
from yanglao.web.kit.icons import icon
from yanglao.web.kit.parts import TONES, Bar, Link, Status


def value_of(row: Any, name: str) -> Any:
    """Return ``row.name`` or ``row["name"]``; dots and ``__`` go deeper; ``None`` stays ``None``.

    Raises:
        AttributeError: When the row has no such attribute (a typing mistake must not be silent).
    """
    value = row
    for step in name.replace("__", ".").split("."):
        if value is None:
            return None
        value = value[step] if isinstance(value, Mapping) else getattr(value, step)
    return value


def status_html(status: Status) -> SafeString:
    """Draw a state as a badge with the icon of its tone."""
    picture = icon(TONES[status.tone], 16) if TONES[status.tone] else ""
    return format_html(
        '<span class="k-status k-status-{}">{}{}</span>', status.tone, picture, status.text
    )


def bar_html(bar: Bar) -> SafeString:
    """Draw a share as an SVG bar (no style attribute, prints without background colours)."""
    return format_html(
        '<span class="k-bar k-bar-{}"><svg class="k-bar-track" viewBox="0 0 100 10" '
        'preserveAspectRatio="none" aria-hidden="true"><rect class="k-bar-all" width="100" '
        'height="10"/><rect class="k-bar-done" width="{}" height="10"/></svg>'
        '<span class="k-bar-text num">{}</span></span>',
        bar.tone,
        f"{bar.share * 100:.1f}",
        bar.label,
    )


def _link(value: Link) -> SafeString:
    return format_html('<a class="link" href="{}">{}</a>', value.url, value.text)


def _text(value: Any) -> SafeString:
    return conditional_escape(formats.NOTHING if value is None or value == "" else value)


def _yes_no(value: bool | None) -> str:
    if value is None:
        return _("未知")
    return _("是") if value else _("否")


def _drawn(kind: type, draw: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Draw values of one type, everything else as text."""
    return lambda value: draw(value) if isinstance(value, kind) else _text(value)


#: Kind of a column -> function that draws its value.
KINDS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "num": formats.number,
    "pct": formats.percent,
    "date": formats.iso_day,
    "day": formats.day,
    "month": formats.month,
    "moment": formats.moment,
    "money": formats.yuan,
    "id": formats.masked_id,
    "name_masked": formats.masked_name,
    "sex": formats.sex,
    "status": _drawn(Status, status_html),
    "bar": _drawn(Bar, bar_html),
    "link": _drawn(Link, _link),
    "html": _text,
    "yesno": _yes_no,
}
