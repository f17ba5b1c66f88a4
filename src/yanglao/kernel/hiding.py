"""Numbers that could be somebody's, taken out of texts that are kept or shown in the clear.

For file names, progress lines and log lines: what an office calls a file, or what an error quotes,
may hold an ID number or a telephone number.
"""

import re

_SEPARATED = r"[ \-\u2011\u2013\u00b7_]?"
#: ID numbers (15 or 18), disability cards (20), bank accounts (16 to 19), however set apart.
_LONG = rf"\d(?:{_SEPARATED}\d){{13,}}{_SEPARATED}[\dXx]?"
_MOBILE = rf"1[3-9]\d{_SEPARATED}\d{{4}}{_SEPARATED}\d{{4}}"
_LANDLINE = rf"0\d{{2,3}}{_SEPARATED}\d{{7,8}}"
#: Two of the same with decimals: 79.9231 37.1142.
_POINT = r"\d{2,3}\.\d{3,}[,， ]+\d{2,3}\.\d{3,}"
_ANY = re.compile(rf"(?<!\d)(?:{_POINT}|{_LONG}|{_MOBILE}|{_LANDLINE})(?!\d)")
HIDDEN = "…"


def hide_numbers(text: str) -> str:
    """Return a text with everything that looks like somebody's number replaced by ``…``.

    Division codes (12 digits), days and row numbers stay.
    """
    return _ANY.sub(HIDDEN, text)
