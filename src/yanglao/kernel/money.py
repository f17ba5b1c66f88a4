"""Money, always whole fen (1 yuan = 100 fen). Never a float past the cell it was read from."""

import re
from decimal import Decimal

from yanglao.kernel.characters import APOSTROPHES, half_width, without_blanks

Fen = int

_AMOUNT = re.compile(
    r"(-?)(?:[¥￥]|RMB|CNY|人民币)?(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]*))?(?:元)?(?:/月|每月|/人)?",
    re.IGNORECASE,
)
_LARGEST_YUAN = 10**13
# How far the float of a spreadsheet may lie from a whole fen and still be that fen.
_FLOAT_SLACK = 1e-6


def yuan_to_fen(cell: object) -> Fen:
    """An amount of yuan as whole fen, exactly: 1234.5, "1,234.50", "￥120", "120元".

    A float that differs from a whole fen only by float noise is that fen. Raises ValueError, in
    Chinese, when there is no amount, or when it has parts of a fen.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        raise ValueError(f"“{'' if cell is None else cell}”不是金额，请填写数字，单位元")
    if isinstance(cell, str):
        return _read_text(cell)
    if isinstance(cell, int):
        return _checked(cell * 100, cell)
    if isinstance(cell, Decimal):
        return _read_text(f"{cell:f}")
    if not abs(cell) < _LARGEST_YUAN:  # also catches nan
        raise ValueError(f"金额“{cell}”过大或不是数，请核对")
    fen = round(cell * 100)
    if abs(cell * 100 - fen) > max(_FLOAT_SLACK, abs(cell) * 1e-12):
        raise ValueError(f"金额“{cell}”精确到分以下，请核对")
    return fen


def format_yuan(fen: Fen) -> str:
    """Yuan for reading, with thousands marked: "1,234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def plain_yuan(fen: Fen) -> str:
    """Yuan for other programs, without marks: "1234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _read_text(text: str) -> Fen:
    tidy = without_blanks(half_width(text)).strip(APOSTROPHES)
    found = _AMOUNT.fullmatch(tidy)
    if not found or (found[1] and found[2]):
        raise ValueError(f"“{text[:30]}”不是金额，请填写数字，单位元")
    decimals = found[4] or ""
    if decimals[2:].strip("0"):
        raise ValueError(f"金额“{text[:30]}”精确到分以下，请核对")
    if len(found[3]) > 18:
        raise ValueError(f"金额“{text[:30]}”过大，请核对")
    fen = int(found[3].replace(",", "")) * 100 + int(decimals[:2].ljust(2, "0"))
    return _checked(-fen if found[1] or found[2] else fen, text)


def _checked(fen: Fen, cell: object) -> Fen:
    if abs(fen) >= _LARGEST_YUAN * 100:
        raise ValueError(f"金额“{cell}”过大，请核对")
    return fen
