"""Cleaning of text that people typed.

Full-width forms, every kind of blank, the many apostrophes and hyphens.
"""

import re
import unicodedata

# Control characters, zero-width and direction marks, soft hyphen, byte order mark: they survive
# str.strip and are never meant.
INVISIBLE = (
    "\u0000-\u001f\u007f-\u009f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
)
APOSTROPHES = "'’‘`´′＇ʼ‛"
HYPHENS = "\\-‐‑‒–—―−﹣－_＿"

# A multiplication sign, the Cyrillic and the Greek letter all look like the X of a check digit.
_LOOKS_LIKE_X = str.maketrans(
    {"×": "X", "✕": "X", "╳": "X", "Х": "X", "х": "X", "Χ": "X", "χ": "X"}
)

# C0 but the tab and the ends of lines, C1, halves of pairs, marks that turn the direction of
# writing around, and two code points that are no characters: no text that a person means has them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff"
    "\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
# Most cells by far: nothing but Han characters and visible ASCII without apostrophes.
_CLEAN = re.compile("[!-&(-_a-~·\u4e00-\u9fff]+")
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
_HYPHENS = re.compile(f"[{HYPHENS}]")
_BLANKS = re.compile(f"[\\s{INVISIBLE}]+")
_LEADING_APOSTROPHES = re.compile(f"^[\\s{INVISIBLE}{APOSTROPHES}]+")


def unseen_at(text: str) -> int | None:
    """Where the first sign stands that nobody sees and no file can hold; ``None``: nowhere.

    Tabs, ends of lines, zero-width joiners and the marks of one direction are meant in a text.
    """
    if text.isprintable():
        return None
    found = _UNSEEN.search(text)
    return found.start() if found else None


def half_width(text: str) -> str:
    """The text with full-width digits, letters and signs in their ordinary form (Unicode NFKC)."""
    if text.isascii() or _CLEAN.fullmatch(text):
        return text
    return unicodedata.normalize("NFKC", text)


def without_blanks(text: str) -> str:
    """The text without any blank at all.

    Spaces of every width, tabs, newlines, NBSP, zero-width marks.
    """
    return _BLANKS.sub("", text)


def code_text(text: str) -> str:
    """The text of a number or code for reading: half-width, upper case, no blanks or apostrophes.

    What looks like an X becomes one. Hyphens stay: see `without_hyphens`.
    """
    # Apostrophes go first: NFKC would make a blank and an accent of an acute.
    plain = without_blanks(half_width(_APOSTROPHES.sub("", text)))
    return plain.translate(_LOOKS_LIKE_X).upper()


def without_hyphens(text: str) -> str:
    """The text without hyphens, dashes and underscores, which people put in to group digits."""
    return _HYPHENS.sub("", text)


def tidy_text(text: str) -> str:
    """The text for keeping: half-width, each run of blanks one space, no leading apostrophe.

    The leading apostrophe is Excel's mark for "this is text", not part of the value.
    """
    if _CLEAN.fullmatch(text):
        return text
    # A blank may come out of NFKC (U+00A8 gives a space), so the blanks are looked at after it.
    return _BLANKS.sub(" ", half_width(_LEADING_APOSTROPHES.sub("", text))).strip()


def number_text(number: float) -> str:
    """A number cell as digits: 653201.0 gives "653201", 12.5 gives "12.5".

    Nan and infinity as they print.
    """
    if isinstance(number, float) and number.is_integer():
        return str(int(number))
    return repr(number)
