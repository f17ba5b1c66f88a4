"""ID numbers that are one slip of the pen away from a written one.

Numbers are kept sealed and can only be asked for whole. A wrong number is therefore not compared
with a million others: the few valid numbers that it may have been meant for are asked for.

A number is valid when the sum of its digits, each times the weight of its place, leaves 1 when
divided by 11. What a slip does to the sum is known, so that candidates are solved for and not
tried out: nine times as fast.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

_LENGTH = 18
_PRIME = 11
#: Of the places from left to right; the last is the check character's.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
#: What a weight must be multiplied by to leave 1.
_INVERSE = tuple(pow(weight, -1, _PRIME) for weight in _WEIGHTS)
_CHARACTERS = "0123456789X"
_VALUES = {letter: value for value, letter in enumerate(_CHARACTERS)}


def one_slip_away(written: str, *, born_from: int = 1850, born_to: int = 2100) -> list[str]:
    """Return the valid ID numbers from which one slip leads to what was written, in order.

    A slip is one wrong digit, two neighbours exchanged, one digit left out or one put in. The
    check character belongs to one number in eleven only, so that there are about twenty.

    Args:
        written: What could be made out of the cell: digits, the last one perhaps X.
        born_from: First year of birth that makes sense.
        born_to: Last one.
    """
    # What is no digit counts nothing here; a candidate that still has it is no number.
    digits = [_VALUES.get(letter, 0) for letter in written]
    if len(written) == _LENGTH:
        found = {*_changed(written, digits), *_exchanged(written, digits)}
    elif len(written) == _LENGTH - 1:
        found = set(_put_in(written, digits))
    elif len(written) == _LENGTH + 1:
        found = set(_taken_out(written, digits))
    else:
        return []
    found.discard(written)
    return sorted(text for text in found if _is_number(text, born_from, born_to))


def _changed(written: str, digits: Sequence[int]) -> Iterator[str]:
    over = _sum(digits, _WEIGHTS) - 1
    for at, digit in enumerate(digits):
        right = (digit - over * _INVERSE[at]) % _PRIME
        yield written[:at] + _CHARACTERS[right] + written[at + 1 :]


def _exchanged(written: str, digits: Sequence[int]) -> Iterator[str]:
    over = _sum(digits, _WEIGHTS) - 1
    for at in range(_LENGTH - 1):
        by = (digits[at + 1] - digits[at]) * (_WEIGHTS[at] - _WEIGHTS[at + 1])
        if (over + by) % _PRIME == 0:
            yield written[:at] + written[at + 1] + written[at] + written[at + 2 :]


def _put_in(written: str, digits: Sequence[int]) -> Iterator[str]:
    """Give numbers with one digit more: what stands behind it moves one place on."""
    over = _sum(digits, _WEIGHTS[1:]) - 1
    for at in range(_LENGTH):
        missing = -over * _INVERSE[at] % _PRIME
        yield written[:at] + _CHARACTERS[missing] + written[at:]
        if at < len(digits):
            over += digits[at] * (_WEIGHTS[at] - _WEIGHTS[at + 1])


def _taken_out(written: str, digits: Sequence[int]) -> Iterator[str]:
    """Give numbers with one digit less: what stands behind it moves one place back."""
    over = _sum(digits[1:], _WEIGHTS) - 1
    for at in range(len(written)):
        if over % _PRIME == 0:
            yield written[:at] + written[at + 1 :]
        if at < _LENGTH:
            over += (digits[at] - digits[at + 1]) * _WEIGHTS[at]


def _sum(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


def _is_number(text: str, born_from: int, born_to: int) -> bool:
    """Say whether a text whose check character is right is a number otherwise too."""
    if not (text[:-1].isascii() and text[:-1].isdigit()) or text[0] == "0":
        return False
    if text[-1] not in _VALUES:
        return False
    return born_from <= int(text[6:10]) <= born_to and _is_day(text[6:14])


@lru_cache(maxsize=65536)
def _is_day(eight: str) -> bool:
    try:
        date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return False
    return True
