"""How clerks write a value into a cell: every form of lists.md, the usual one mostly.

A cell is a str, an int, a float, a `date` (written as a date cell) or None. All forms of this
module can be read back without loss; what cannot be is in :mod:`yanglao.ops.demo.slips`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from yanglao.kernel.idnumber import upgrade15

Cell = str | int | float | date | None
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
DOTS = ("·", "•", ".", "．", "・", "‧", "·", " · ", "• ")
EXCEL_BASE = date(1899, 12, 30)
DATE_FORMS = ("iso", "slash", "compact", "zh", "dot", "cell", "serial")


@dataclass(frozen=True, slots=True)
class Habit:
    """What one clerk usually does."""

    dates: str = "iso"
    dot: str = "·"
    codes: str = "text"  # text | number
    lower_x: bool = False
    numbers: str = "number"  # money, phones and levels: number | text
    respells: bool = False  # writes a Uyghur name by ear now and then
    sheet: bool = True  # an Excel sheet; False: a text file, where every cell is text


SOUNDS = (
    ("买买提", "麦麦提"),
    ("图尔荪", "吐尔逊"),
    ("阿布都", "阿卜杜"),
    ("如则", "肉孜"),
    ("乌", "吾"),
)


def respelled(name: str) -> str:
    """Return a name as another office spells it: the same person, other characters."""
    for one, other in SOUNDS:
        if one in name:
            return name.replace(one, other)
        if other in name:
            return name.replace(other, one)
    return name


class CellForms:
    """Writes values as one clerk does, with a slip into another habit now and then."""

    def __init__(self, rng: Random, habit: Habit) -> None:
        self.rng = rng
        self.habit = habit
        self.writers: dict[str, Callable[[object], Cell]] = {
            "plain": self.plain,
            "serial": self.as_is,
            "name": self.name,
            "id": self.id_number,
            "card": self.card,
            "date": self.day,
            "month": self.month,
            "code": self.code,
            "money": self.money,
            "int": self.level,
            "phone": self.phone,
            "coord": self.coordinate,
        }

    def as_is(self, value: object) -> Cell:
        """Return the value as it is."""
        return value  # type: ignore[return-value]

    def plain(self, value: object) -> Cell:
        """Return text, now and then with a blank too many."""
        if not value:
            return None
        return f"{value} " if self.rng.random() < 0.004 else str(value)

    def name(self, value: object) -> Cell:
        """Return a name with the clerk's dot, or another, or a blank in a Han name."""
        text = str(value)
        if not text:
            return None
        chance = self.rng.random()
        if "·" in text:
            if self.habit.respells and self.rng.random() < 0.003:
                text = respelled(text)
            dot = self.habit.dot if chance < 0.94 else DOTS[int(self.rng.random() * len(DOTS))]
            return text.replace("·", dot)
        return f"{text[0]}　{text[1:]}" if chance < 0.03 and len(text) == 2 else text

    def id_number(self, value: object) -> Cell:
        """Return an ID number, mostly plain."""
        text = str(value)
        if not text:
            return None
        if self.habit.lower_x and text[-1] == "X":
            text = text[:-1] + "x"
        chance = self.rng.random()
        if chance < 0.958:
            return text
        if chance < 0.968:
            return text.upper().translate(FULL_WIDTH)
        if chance < 0.978:
            return f"{text[:6]} {text[6:14]} {text[14:]}"
        if chance < 0.986:
            return f"'{text}"
        if chance < 0.993:
            return f" {text}" if chance < 0.990 else f"{text}\u00a0"
        old = text[:6] + text[8:17]
        if text[6:8] != "19" or len(text) != 18 or upgrade15(old) != text.upper():
            return text
        return int(old) if self.habit.sheet and chance < 0.995 else old

    def card(self, value: object) -> Cell:
        """Return a disability card number, mostly plain."""
        text = str(value)
        chance = self.rng.random()
        if chance < 0.97:
            return text
        if chance < 0.98:
            return text.translate(FULL_WIDTH)
        return f"'{text}" if chance < 0.99 else f"{text[:18]} {text[18:]}"

    def day(self, value: object) -> Cell:
        """Return a date in the clerk's form, or in another."""
        if not isinstance(value, date):
            return None
        form = self.habit.dates
        if self.rng.random() < 0.06:
            form = DATE_FORMS[int(self.rng.random() * len(DATE_FORMS))]
        return self.written(value, form)

    def written(self, day: date, form: str) -> Cell:
        """Return a date in a named form."""
        if form == "iso":
            return day.isoformat()
        if form == "slash" or (form == "cell" and not self.habit.sheet):
            return f"{day.year}/{day.month}/{day.day}"
        if form == "compact":
            text = f"{day:%Y%m%d}"
            return int(text) if self.habit.sheet and self.habit.numbers == "number" else text
        if form == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        if form == "dot":
            return f"{day.year}.{day.month}.{day.day}"
        if form == "cell":
            return day
        serial = (day - EXCEL_BASE).days
        # Before May 1927 a serial has four digits and would be taken for a year.
        return serial if serial >= 10000 else day.isoformat()

    def month(self, value: object) -> Cell:
        """Return a year and month."""
        if not isinstance(value, date):
            return None
        chance = self.rng.random()
        if chance < 0.9:
            return f"{value:%Y-%m}" if self.habit.dates == "iso" else f"{value:%Y%m}"
        return f"{value.year}年{value.month}月" if chance < 0.96 else value.isoformat()

    def code(self, value: object) -> Cell:
        """Return a division code with as many digits as it needs, as text or number."""
        text = str(value)
        if not text:
            return None
        chance = self.rng.random()
        if text.endswith("000000") and chance < 0.6:
            text = text[:6]
        elif text.endswith("000") and chance < 0.6:
            text = text[:9]
        number = (self.habit.codes == "number") != (chance > 0.97)
        return int(text) if number and self.habit.sheet else text

    def money(self, value: object) -> Cell:
        """Return yuan for fen."""
        fen = int(value or 0)  # type: ignore[call-overload]
        if not fen:
            return None
        if self.habit.numbers == "number" and self.habit.sheet:
            return fen / 100
        return f"{fen / 100:,.2f}" if self.rng.random() < 0.2 else f"{fen / 100:.2f}"

    def level(self, value: object) -> Cell:
        """Return a small whole number."""
        if value is None:
            return None
        number = self.habit.numbers == "number" and self.habit.sheet
        return int(value) if number else str(value)  # type: ignore[call-overload]

    def phone(self, value: object) -> Cell:
        """Return a telephone as text or number; a few clerks write that there is none."""
        if not value:
            return "无" if self.rng.random() < 0.01 else None
        number = self.habit.numbers == "number" and self.habit.sheet
        return int(str(value)) if number else str(value)

    def coordinate(self, value: object) -> Cell:
        """Return degrees."""
        if value is None:
            return None
        return value if self.habit.sheet else f"{value}"  # type: ignore[return-value]
