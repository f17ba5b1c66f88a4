"""Line icons (Lucide), drawn inline so that they take the colour of their text.

``npm run build`` writes the whole set to ``static/kit/dist/icons.json``. Before the first build the
pages still render, with empty pictures and one warning in the log.
"""

import json
import logging
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yanglao.web.kit.assets import DIST

log = logging.getLogger(__name__)


class UnknownIcon(LookupError):
    """The icon name is not in the Lucide set."""


@lru_cache(maxsize=1)
def all_icons() -> dict[str, str]:
    """Return ``{name: inner SVG}``; empty when the front end was never built."""
    path = DIST / "icons.json"
    try:
        icons: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        log.warning("%s is missing: run `npm ci && npm run build`", path)
        return {}
    return icons


def icon(name: str, size: int = 20, label: str = "", extra: str = "") -> SafeString:
    """Return the icon as inline SVG.

    Args:
        name: Lucide name (``"search"``); see https://lucide.dev/icons.
        size: Edge in CSS pixels at normal text size; it grows with the text.
        label: What it says to a screen reader; without it the icon is decoration.
        extra: CSS classes.

    Raises:
        UnknownIcon: When the set has no such name.
    """
    icons = all_icons()
    if icons and name not in icons:
        raise UnknownIcon(f"no Lucide icon named {name!r}; see https://lucide.dev/icons")
    # The picture comes from the locked npm package, not from anybody's input.
    inner = mark_safe(icons.get(name, ""))  # noqa: S308
    said = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="k-icon {}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        "{}>{}</svg>",
        extra,
        f"{size / 16:g}em" if size != 20 else "1.25em",
        f"{size / 16:g}em" if size != 20 else "1.25em",
        mark_safe(said),  # noqa: S308
        inner,
    )
