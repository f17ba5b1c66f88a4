"""Figures that may be a minute old, kept by the process: a count beside a menu line, no more.

Never for what somebody decides by, and never across readers whose areas or roles differ.
"""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

_SECONDS = 60.0
_MOST = 1000
_kept: dict[Hashable, tuple[float, object]] = {}


def remembered(key: Hashable, count: Callable[[], T]) -> T:
    """Return what ``count`` said for this key within the last minute, else ask it now."""
    now = monotonic()
    known = _kept.get(key)
    if known is not None and now - known[0] < _SECONDS:
        return known[1]  # type: ignore[return-value]
    told = count()
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (now, told)
    return told


def forget_remembered() -> None:
    """Ask everything anew; between tests."""
    _kept.clear()
