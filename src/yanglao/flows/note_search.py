"""Searches for people on record: what sort of search, where, how many were found, never the words.

Whoever goes through a village by names, or tries numbers one after another, leaves a trace for
each; the same words asked again are recognised by a digest that only the keys can make.
"""

import re

from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import keyed_digest
from yanglao.kernel.idnumber import read_id_number
from yanglao.kernel.names import fold_name

#: Hexadecimal digits as letters: a digest never looks like a number that must be hidden.
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_LONG = 24
#: So many digits are part of a number; fewer may belong to a village's name.
_DIGITS = re.compile(r"[0-9]{3}")


def note_search(reader: Reader, text: str, *, place: str, found: int, more: bool) -> None:
    """Write down that a reader looked for people.

    Args:
        reader: Who looked.
        text: What was typed; only its sort and a keyed digest are kept. Empty when everybody of
            ``place`` was asked for.
        place: Code of the village that was asked for; empty for the reader's whole area.
        found: How many were shown.
        more: Whether there were more than are shown.
    """
    detail: dict[str, object] = {"kind": _kind(text), "found": found, "more": more}
    if text:
        digest = keyed_digest("people_searched", _plain(text).encode())
        detail["asked"] = digest[:_LONG].translate(_LETTERS)
    audit.read(
        reader,
        "people_searched",
        subject="search",
        place_code=place or reader.area,
        detail=detail,
    )


def _kind(text: str) -> str:
    """Return what was typed, as a fixed word."""
    if not text:
        return "by_place"
    if read_id_number(text).number is not None:
        return "by_number"
    digits = _DIGITS.search(text)
    words = any(letter.isalpha() and letter not in "xX" for letter in text)
    if digits:
        return "by_name_and_digits" if words else "by_digits"
    return "by_name"


def _plain(text: str) -> str:
    """Return the same for what finds the same."""
    number = read_id_number(text).number
    return number.text if number is not None else fold_name(text)
