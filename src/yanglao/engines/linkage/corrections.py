"""ID numbers that are one slip of the pen away from a written one.

Numbers are kept sealed and can only be asked for whole. A wrong number is therefore not compared
with a million others: the few valid numbers that it may have been meant for are asked for.
"""

from datetime import date

from yanglao.kernel.idnumber import check_digit

_LENGTH = 18
_DIGITS = "0123456789"


def one_slip_away(written: str, *, born_from: int = 1850, born_to: int = 2100) -> list[str]:
    """Return the valid ID numbers from which one slip leads to what was written, in order.

    A slip is one wrong digit, two neighbours exchanged, one digit left out or one put in. The
    check character belongs to one number in eleven only, so that there are about twenty.

    Args:
        written: What could be made out of the cell: digits, the last one perhaps X.
        born_from: First year of birth that makes sense.
        born_to: Last one.
    """
    if len(written) == _LENGTH:
        found = _exchanged(written) | _changed(written)
    elif len(written) == _LENGTH - 1:
        found = {
            written[:at] + digit + written[at:]
            for at in range(_LENGTH)
            for digit in (_DIGITS if at < _LENGTH - 1 else _DIGITS + "X")
        }
    elif len(written) == _LENGTH + 1:
        found = {written[:at] + written[at + 1 :] for at in range(len(written))}
    else:
        return []
    return sorted(text for text in found if text != written and _valid(text, born_from, born_to))


def _changed(written: str) -> set[str]:
    body = written[:-1]
    found = {
        body[:at] + digit + body[at + 1 :] + written[-1]
        for at in range(len(body))
        for digit in _DIGITS
    }
    if body.isdigit():
        found.add(body + check_digit(body))
    return found


def _exchanged(written: str) -> set[str]:
    return {
        written[:at] + written[at + 1] + written[at] + written[at + 2 :]
        for at in range(len(written) - 1)
    }


def _valid(text: str, born_from: int, born_to: int) -> bool:
    body = text[:-1]
    if not (body.isascii() and body.isdigit()) or text[0] == "0" or check_digit(body) != text[-1]:
        return False
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    if not born_from <= year <= born_to:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
