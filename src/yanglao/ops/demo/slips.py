"""What goes wrong in real lists, and what must become of the row.

A slip changes the written cells of one row and says what is expected: the row comes back
(`returned`), or the rest of the row decides (`either`): it comes back, waits for a clerk, or is
linked to the person meant, never to another and never to a new one. When nobody is meant it is
linked to nobody. The platform's side of this is docs/decisions/0010-linkage.md.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from yanglao.kernel.idnumber import check_digit
from yanglao.ops.demo.cell_forms import Cell
from yanglao.ops.demo.list_columns import Col

ACCEPTED, RETURNED, EITHER = "accepted", "returned", "either"


class Verdict(NamedTuple):
    """What is expected of one row of a file; the person meant, "" for nobody."""

    expected: str
    reason: str
    column: str
    id_number: str


Slip = Callable[[Random, list[Cell], int, bool], str]
# Not 不详 or 待核实: those only say that nothing is known, and are no mistake.
WRONG_CHOICES = ("同上", "见附件", "口头报告")
WRONG_LEVELS = ("9", "7", "甲级")
WRONG_DATES = ("1940-02-30", "2026年13月1日", "日期不详", "20260931", "2025-6-31")
WRONG_CODES = ("65322", "6532011", "和田市某村", "653299999999", "653201999201")


def lost(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Let Excel turn the number into 6.53201E+17."""
    digits = "".join(c for c in str(cells[at]) if c.isdecimal())[:17].ljust(17, "0")
    number = float(digits) * 10
    cells[at] = number if sheet and rng.random() < 0.6 else f"{number:.5E}"
    return "号码变成科学计数"


def wrong_check(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Write one digit of the sequence wrong, so that the check character does not fit."""
    text = str(cells[at])
    place = 14 + int(rng.random() * 3)
    digit = str((int(text[place]) + 1 + int(rng.random() * 8)) % 10)
    cells[at] = text[:place] + digit + text[place + 1 :]
    return "校验位不符"


def short(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Leave out a digit."""
    text = str(cells[at])
    place = 6 + int(rng.random() * 8)
    cells[at] = text[:place] + text[place + 1 :]
    return "号码缺一位"


def no_such_day(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Write a birth date that no calendar has, with a check character that fits."""
    text = str(cells[at])
    first17 = text[:10] + "0231" + text[14:17]
    cells[at] = first17 + check_digit(first17) + text[18:]
    return "出生日期不存在"


def blank(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Leave the cell empty."""
    cells[at] = None
    return "必填项为空"


def wrong_choice(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Write something that is none of the choices."""
    cells[at] = rng.choice(WRONG_CHOICES)
    return "不在可选范围"


def wrong_level(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Write a level that does not exist."""
    cells[at] = rng.choice(WRONG_LEVELS)
    return "等级不在范围"


def wrong_date(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Write a date that does not exist or is none."""
    cells[at] = rng.choice(WRONG_DATES)
    return "日期无法识别"


def wrong_code(rng: Random, cells: list[Cell], at: int, sheet: bool) -> str:
    """Write a division that does not exist."""
    cells[at] = rng.choice(WRONG_CODES)
    return "区划代码不存在"


class Slips:
    """The slips that can happen in one list, with their weights."""

    def __init__(self, columns: tuple[Col, ...]) -> None:
        self.columns = columns
        self._slips: list[tuple[Slip, int, float]] = []
        for at, column in enumerate(columns):
            self._slips += [(slip, at, weight) for slip, weight in _slips_of(column)]
        self._weights = [weight for _, _, weight in self._slips]

    def make(self, rng: Random, cells: list[Cell], id_number: str, *, sheet: bool) -> Verdict:
        """Let one slip happen to written cells; the numbers in them must be written plainly."""
        slip, at, _ = rng.choices(self._slips, self._weights)[0]
        reason = slip(rng, cells, at, sheet)
        column = self.columns[at]
        return Verdict(_expected(slip, column), reason, column.header, id_number)


def _expected(slip: Slip, column: Col) -> str:
    """Say what must become of a row with a slip.

    A wrong or missing number leaves the rest of the row to say who is meant; one that Excel has
    rounded does not, nor does any other mistake.
    """
    number = column.form in ("id", "card")
    left_to_the_rest = number and slip is not lost
    return EITHER if left_to_the_rest or (slip is blank and not column.required) else RETURNED


def _slips_of(column: Col) -> list[tuple[Slip, float]]:
    """Return what can go wrong in a column and how often against the rest."""
    if column.form in ("id", "card"):
        numbers: list[tuple[Slip, float]] = [(lost, 20), (short, 10), (no_such_day, 3), (blank, 8)]
        return numbers + ([(wrong_check, 16)] if column.form == "id" else [(wrong_check, 8)])
    if column.form == "name" and column.required:
        return [(blank, 5)]
    if not column.feeds:
        return []
    found: list[tuple[Slip, float]] = []
    if column.required:
        found.append((blank, 4))
    if column.form == "date":
        found.append((wrong_date, 10))
    elif column.form == "code":
        found.append((wrong_code, 8))
    elif column.choices:
        found.append((wrong_level if column.form == "int" else wrong_choice, 6))
    return found
