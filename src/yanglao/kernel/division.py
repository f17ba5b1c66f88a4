"""Division codes for statistics.

Two digits of province, two of prefecture, two of county, three of town, three of village.
Stored with twelve digits, zeros behind; the significant part is what an area is compared by.
"""

import re
from collections.abc import Iterable
from typing import Literal

from yanglao.kernel.characters import APOSTROPHES, half_width, number_text, without_blanks

Level = Literal["province", "prefecture", "county", "town", "village"]

LENGTHS: dict[int, Level] = {2: "province", 4: "prefecture", 6: "county", 9: "town", 12: "village"}

_ACCEPTED = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}){0,2}")
_SIGNIFICANT = re.compile(r"[1-9][0-9](?:[0-9]{2}){0,2}|[1-9][0-9]{5}[0-9]{3}|[1-9][0-9]{11}")
_NO_CODE = "不是区划代码，应为 6、9 或 12 位数字，请核对"
_ALL_ZERO = {4: "00", 6: "00", 9: "000", 12: "000"}
_AFTER_EVERYTHING = "9" * 13


def normalise_code(cell: object) -> str:
    """The twelve digits of a code given with 6, 9 or 12 digits, as text or number.

    Raises ValueError, in Chinese, for anything else. Whether such a place exists is for the
    register of places to say.
    """
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        text = number_text(cell)
    else:
        raise ValueError(f"“{'' if cell is None else cell}”{_NO_CODE}")
    if not _ACCEPTED.fullmatch(text):
        text = without_blanks(half_width(text)).strip(APOSTROPHES).removesuffix(".0")
        if not _ACCEPTED.fullmatch(text):
            raise ValueError(f"“{text[:30]}”{_NO_CODE}")
    return text.ljust(12, "0")


def prefix(code: str) -> str:
    """The significant part of a code or area, of 2, 4, 6, 9 or 12 digits: 653200000000 gives 6532.

    Takes full codes and significant parts alike. Raises ValueError for anything else, the empty
    text included: an area that was forgotten must not turn into everywhere.
    """
    if not isinstance(code, str) or not _SIGNIFICANT.fullmatch(code):
        raise ValueError(f"“{code}”不是区划代码，应为 2、4、6、9 或 12 位数字")
    length = len(code)
    for longer, shorter in ((12, 9), (9, 6), (6, 4), (4, 2)):
        if length == longer and code[shorter:longer] == _ALL_ZERO[longer]:
            length = shorter
    return code[:length]


def level_of(code: str) -> Level:
    """Which level of the tree a code stands for: province, prefecture, county, town or village."""
    return LENGTHS[len(prefix(code))]


def contains(area: str, code: str) -> bool:
    """Whether the place lies in the area, or is it. Both may be full codes or significant parts."""
    return prefix(code).startswith(prefix(area))


def code_range(area: str) -> tuple[str, str]:
    """Ends for a range scan over full codes.

    A code lies in the area when ``low <= code < high``.
    """
    part = prefix(area)
    after = str(int(part) + 1)
    high = after.ljust(12, "0") if len(after) == len(part) else _AFTER_EVERYTHING
    return part.ljust(12, "0"), high


def common_division(codes: Iterable[str]) -> str:
    """The smallest division that contains all full codes, twelve digits.

    Twelve zeros when they have no province in common, or there are none.
    """
    parts = {prefix(code) for code in codes}
    while len(parts) > 1:
        longest = max(map(len, parts))
        if longest <= min(LENGTHS):
            return "0" * 12
        shorter = max(length for length in LENGTHS if length < longest)
        parts = {part[:shorter] if len(part) == longest else part for part in parts}
    return parts.pop().ljust(12, "0") if parts else "0" * 12
