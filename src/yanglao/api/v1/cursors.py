"""Cursors: where a page ended, as one opaque word."""

import base64
import binascii

from yanglao.api.v1.problems import Problem

_MOST = 2**53


def written(what: str, last: tuple[int, ...]) -> str | None:
    """Return a cursor; ``None`` when nothing follows."""
    if not last:
        return None
    text = ":".join([what, *map(str, last)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(what: str, cursor: str | None, numbers: int = 1) -> tuple[int, ...]:
    """Return where a page ended; empty without a cursor.

    Raises:
        Problem: For a word that is no cursor of this list.
    """
    if cursor is None:
        return ()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *texts = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split(":")
        found = tuple(int(text) for text in texts if text.isascii() and text.isdigit())
    except (ValueError, binascii.Error):
        name, found, texts = "", (), [""]
    if name != what or len(found) != numbers or len(texts) != numbers or max(found) > _MOST:
        raise Problem(
            "invalid",
            "游标不对：请原样传回上一页给的 next，或者从头开始。",
            errors=[{"pointer": "query/cursor", "detail": "不是这个列表的游标"}],
        )
    return found
