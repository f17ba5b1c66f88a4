"""Cleaning of text that people typed: full-width forms, every kind of blank, the many apostrophes and hyphens."""

import re
import unicodedata

# Zero-width and direction marks, soft hyphen, byte order mark: they survive str.strip and are never meant.
INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
APOSTROPHES = "'’‘`´′＇ʼ‛"
HYPHENS = "\\-‐‑‒–—―−﹣－_＿"

_BLANKS = re.compile(f"[\\s{INVISIBLE}]+")
_LEADING_APOSTROPHES = re.compile(f"^[\\s{INVISIBLE}{APOSTROPHES}]+")


def half_width(text: str) -> str:
    """The text with full-width digits, letters and signs in their ordinary form (Unicode NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def without_blanks(text: str) -> str:
    """The text without any blank at all: spaces of every width, tabs, newlines, NBSP, zero-width marks."""
    return _BLANKS.sub("", text)


def tidy_text(text: str) -> str:
    """The text for keeping: half-width, each run of blanks one space, no blanks or apostrophes in front.

    The leading apostrophe is Excel's mark for "this is text", not part of the value.
    """
    # A blank may come out of NFKC (U+00A8 gives a space), so the blanks are looked at after it.
    return _BLANKS.sub(" ", _LEADING_APOSTROPHES.sub("", half_width(text))).strip()


def number_text(number: float) -> str:
    """A number cell as digits: 653201.0 gives "653201", 12.5 gives "12.5"; nan and infinity as they print."""
    if isinstance(number, float) and number.is_integer():
        return str(int(number))
    return repr(number)
