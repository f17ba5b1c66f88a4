"""Figures that may be a minute old."""

import pytest

from yanglao.foundation import remembered as module
from yanglao.foundation.remembered import remembered


def test_asks_once_a_minute_for_each_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another key is another question; a minute later it is asked again."""
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    asked: list[str] = []

    def count(word: str) -> int:
        asked.append(word)
        return len(asked)

    assert remembered("a", lambda: count("a")) == 1
    assert remembered("a", lambda: count("a")) == 1
    assert remembered("b", lambda: count("b")) == 2
    now[0] = 61.0
    assert remembered("a", lambda: count("a")) == 3
    assert asked == ["a", "b", "a"]
