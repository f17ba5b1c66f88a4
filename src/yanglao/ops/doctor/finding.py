"""One thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not as it should be.

    Attributes:
        code: Fixed word, for monitoring (``"integrity"``).
        level: Good, worth knowing, or wrong.
        words: How it is, in a sentence.
        remedy: What to do; empty when nothing.
    """

    code: str
    level: Level
    words: str
    remedy: str = ""


def good(code: str, words: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(code, Level.GOOD, words)


def note(code: str, words: str, remedy: str) -> Finding:
    """Return something worth knowing that stops nothing."""
    return Finding(code, Level.NOTE, words, remedy)


def wrong(code: str, words: str, remedy: str) -> Finding:
    """Return something that is wrong."""
    return Finding(code, Level.WRONG, words, remedy)
