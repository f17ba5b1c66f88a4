"""The disability card number, GB/T 26341-2010.

The eighteen of the ID number, one digit of category, one of grade.
A card issued again carries B1, B2 … behind the twenty.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from yanglao.kernel.characters import code_text, without_hyphens
from yanglao.kernel.idnumber import IdIssue, IdNumber, IdReading, read_id_number

CATEGORIES = {1: "视力", 2: "听力", 3: "言语", 4: "肢体", 5: "智力", 6: "精神", 7: "多重"}
GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}

_CARD = re.compile(r"([0-9]{17}[0-9X])([0-9])([0-9])(B[0-9]{1,2})?")


class CardIssue(StrEnum):
    """Why no card could be read from a cell."""

    EMPTY = "empty"
    LOST = "lost"  # turned into a number by the spreadsheet
    MALFORMED = "malformed"  # not twenty characters
    ID_NUMBER = "id_number"  # the first eighteen are no valid ID number; see id_reading
    CATEGORY = "category"  # the nineteenth is not 1 to 7
    GRADE = "grade"  # the twentieth is not 1 to 4


CARD_ISSUE_SENTENCES = {
    CardIssue.EMPTY: "残疾人证号为空，请填写 20 位证号",
    CardIssue.LOST: (
        "残疾人证号已被表格软件转成数字，后几位丢失，请将该列设为文本后重新填写 20 位证号"
    ),
    CardIssue.MALFORMED: (
        "残疾人证号不是 20 位（18 位公民身份号码加类别、等级各 1 位），请对照证件核对"
    ),
    CardIssue.ID_NUMBER: "残疾人证号前 18 位不是有效的公民身份号码，请对照证件核对",
    CardIssue.CATEGORY: "残疾人证号第 19 位（残疾类别）应为 1 至 7，请对照证件核对",
    CardIssue.GRADE: "残疾人证号第 20 位（残疾等级）应为 1 至 4，请对照证件核对",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A valid card.

    Its text (20 characters, or with the mark of re-issue behind), its holder, category and grade.
    """

    text: str
    id_number: IdNumber
    category: int
    grade: int


@dataclass(frozen=True, slots=True)
class CardReading:
    """What was made of a cell.

    `cleaned` is what could be made out in any case. `category` and `grade` are given whenever they
    could be read, even without a card.
    """

    card: Card | None
    id_reading: IdReading
    category: int | None
    grade: int | None
    issue: CardIssue | None
    cleaned: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in Chinese; empty when the card is good."""
        return "" if self.issue is None else CARD_ISSUE_SENTENCES[self.issue]


def read_card(cell: object) -> CardReading:
    """Read a cell that should hold a disability card number; never raises, never guesses."""
    if not isinstance(cell, str) or not _CARD.fullmatch(cell):
        whole = read_id_number(cell)
        if whole.issue is IdIssue.EMPTY:
            return CardReading(None, whole, None, None, CardIssue.EMPTY)
        if whole.issue is IdIssue.LOST:
            return CardReading(None, whole, None, None, CardIssue.LOST, whole.cleaned)
        cell = without_hyphens(code_text(str(cell)))
        if not _CARD.fullmatch(cell):
            return CardReading(None, whole, None, None, CardIssue.MALFORMED, cell)
    return _read_twenty(cell)


def _read_twenty(text: str) -> CardReading:
    id_reading = read_id_number(text[:18])
    category = int(text[18]) if text[18] in "1234567" else None
    grade = int(text[19]) if text[19] in "1234" else None
    issue = None
    if id_reading.number is None:
        issue = CardIssue.ID_NUMBER
    elif category is None:
        issue = CardIssue.CATEGORY
    elif grade is None:
        issue = CardIssue.GRADE
    if issue is not None or id_reading.number is None or category is None or grade is None:
        return CardReading(None, id_reading, category, grade, issue, text)
    card = Card(text, id_reading.number, category, grade)
    return CardReading(card, id_reading, category, grade, None, text)
