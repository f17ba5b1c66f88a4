"""The citizen's ID number, GB 11643-1999.

Six digits of area, eight of birth, three of sequence (odd: male), one check character.
The area part may be a code abolished long ago, so it is never a reason to refuse a number.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul

from yanglao.kernel.characters import code_text, number_text, without_hyphens

EARLIEST_BIRTH_YEAR = 1850
LATEST_BIRTH_YEAR = 2100

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# The digits are summed as ASCII codes; this takes the 48 of "0" out again.
_ASCII_EXCESS = 48 * sum(_WEIGHTS)

_EIGHTEEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_FIFTEEN = re.compile(r"[1-9][0-9]{14}")
_SCIENTIFIC = re.compile(r"\+?[0-9](\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
# Numbers of up to fifteen digits come through a spreadsheet's float whole; longer ones do not.
_WHOLE_IN_EXCEL = 1e15


class IdIssue(StrEnum):
    """Why no ID number could be read from a cell."""

    EMPTY = "empty"  # nothing was there
    LOST = "lost"  # the spreadsheet turned it into 6.53201E+17: the last digits are gone
    MALFORMED = "malformed"  # not 18 or 15 digits
    CHECK_DIGIT = (
        "check_digit"  # 18 characters of the right form, and the last does not fit the others
    )
    BIRTH_DATE = "birth_date"  # everything fits, but no such day exists


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid ID number of 18 characters, the last one perhaps X.

    Raises ValueError for anything else.
    """

    text: str

    def __post_init__(self) -> None:
        issue = _issue_of(self.text)
        if issue is not None:
            raise ValueError(ID_ISSUE_SENTENCES[issue])

    def __str__(self) -> str:
        return self.text

    @property
    def birth_date(self) -> date:
        """The day of birth in digits 7 to 14."""
        born = _birth_in(self.text[6:14])
        assert born is not None  # noqa: S101  checked when made
        return born

    @property
    def sex(self) -> str:
        """ "M" or "F", from the sequence number: odd is male."""
        return "M" if int(self.text[16]) % 2 else "F"

    @property
    def region(self) -> str:
        """The six digits of the county that issued the number, perhaps an abolished one."""
        return self.text[:6]


@dataclass(frozen=True, slots=True)
class IdReading:
    """What was made of a cell: a number, or the issue.

    `cleaned` is what could be made out in either case.
    """

    number: IdNumber | None
    issue: IdIssue | None
    cleaned: str

    @property
    def birth_hint(self) -> date | None:
        """The birth date that the digits give, even when the check digit is wrong.

        For linking, never for deciding.
        """
        if len(self.cleaned) == 18 and _EIGHTEEN.fullmatch(self.cleaned):
            return _birth_in(self.cleaned[6:14])
        return None

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in Chinese; empty when the number is good."""
        return "" if self.issue is None else ID_ISSUE_SENTENCES[self.issue]


ID_ISSUE_SENTENCES = {
    IdIssue.EMPTY: "公民身份号码为空，请填写 18 位号码",
    IdIssue.LOST: (
        "公民身份号码已被表格软件转成数字，后几位丢失，请将该列设为文本后重新填写 18 位号码"
    ),
    IdIssue.MALFORMED: "公民身份号码不是 18 位（或旧 15 位）号码，请核对后填写",
    IdIssue.CHECK_DIGIT: "公民身份号码校验位不符，号码中有一位写错，请对照证件核对",
    IdIssue.BIRTH_DATE: "公民身份号码中的出生日期不存在，请对照证件核对",
}


def check_digit(first17: str) -> str:
    """The check character that belongs to seventeen digits.

    Raises ValueError unless there are exactly seventeen.
    """
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise ValueError("计算校验位需要 17 位数字")
    return _check(first17.encode())


def upgrade15(text15: str) -> str:
    """The 18 characters for an old number of 15: the century 19 put in, the check added.

    Raises ValueError unless there are exactly fifteen digits. Says nothing about the birth date.
    """
    if len(text15) != 15 or not (text15.isascii() and text15.isdigit()):
        raise ValueError("旧号码应为 15 位数字")
    seventeen = text15[:6] + "19" + text15[6:]
    return seventeen + check_digit(seventeen)


def read_id_number(cell: object) -> IdReading:
    """Read a cell that should hold an ID number; never raises, never guesses.

    Full-width forms, blanks of every kind, apostrophes, hyphens, a lower-case or look-alike x are
    cleaned; fifteen digits become eighteen. A number cell of sixteen digits or more, or text like
    6.53201E+17, is LOST.
    """
    if isinstance(cell, str):
        return _read_text(cell)
    if cell is None:
        return IdReading(None, IdIssue.EMPTY, "")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return IdReading(None, IdIssue.MALFORMED, str(cell))
    if cell < 0:
        return IdReading(None, IdIssue.MALFORMED, number_text(cell))
    if isinstance(cell, float) and abs(cell) >= _WHOLE_IN_EXCEL and cell.is_integer():
        return IdReading(None, IdIssue.LOST, f"{cell:.14E}")
    return _read_text(number_text(cell))


def mask_id_number(text: object) -> str:
    """The number for showing to those who need not know it: 6532**********1234.

    Shorter text keeps less.
    """
    clear = str(text)
    if len(clear) < 12:
        return "*" * len(clear)
    return clear[:4] + "*" * (len(clear) - 8) + clear[-4:]


def _read_text(text: str) -> IdReading:
    if _EIGHTEEN.fullmatch(text):
        # The usual case, without a second look: a list has a hundred thousand of them.
        if _check(text.encode()) == text[17] and _birth_in(text[6:14]) is not None:
            return IdReading(_known_good(text), None, text)
    else:
        text = code_text(text)
        if _SCIENTIFIC.fullmatch(text):
            return IdReading(None, IdIssue.LOST, text)
        text = without_hyphens(text)
        if text.endswith(".0") and text[:-2].isdigit():
            text = text[:-2]
        if _FIFTEEN.fullmatch(text):
            text = upgrade15(text)
    issue = _issue_of(text)
    return IdReading(_known_good(text) if issue is None else None, issue, text)


def _known_good(text: str) -> IdNumber:
    """The number without looking a second time: a list has a hundred thousand of them."""
    number = object.__new__(IdNumber)
    object.__setattr__(number, "text", text)
    return number


def _issue_of(text: str) -> IdIssue | None:
    if not _EIGHTEEN.fullmatch(text):
        return IdIssue.MALFORMED if text else IdIssue.EMPTY
    if _check(text.encode()) != text[17]:
        return IdIssue.CHECK_DIGIT
    if _birth_in(text[6:14]) is None:
        return IdIssue.BIRTH_DATE
    return None


def _check(digits: bytes) -> str:
    """The check character of the first seventeen digits; what stands behind them does not count."""
    return _CHECKS[(sum(map(mul, _WEIGHTS, digits)) - _ASCII_EXCESS) % 11]


@lru_cache(maxsize=65536)
def _birth_in(eight: str) -> date | None:
    year = int(eight[:4])
    if not EARLIEST_BIRTH_YEAR <= year <= LATEST_BIRTH_YEAR:
        return None
    try:
        return date(year, int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None
