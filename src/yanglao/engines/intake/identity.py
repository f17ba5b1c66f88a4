"""Who a row is about.

The ID number from its own column or from the disability card, and what contradicts it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from yanglao.engines.intake.cells import Cell, cell_text, is_unknown
from yanglao.engines.intake.kinds import Column
from yanglao.kernel.disability import CATEGORIES, GRADES, CardIssue, CardReading, read_card
from yanglao.kernel.idnumber import IdIssue, IdReading, read_id_number

_EMPTY_ID = IdReading(None, IdIssue.EMPTY, "")


class Remark(NamedTuple):
    """A finding on one row: the column, the Chinese sentence, and whether it returns the row."""

    column: str
    message: str
    grave: bool


def read_ids(
    column: Column, cells: Sequence[object]
) -> tuple[list[IdReading], dict[int, list[Remark]]]:
    """Read an ID column. A number whose check digit alone is wrong stays, flagged.

    Lost ones return the row.
    """
    readings = list(map(read_id_number, cells))
    remarks: dict[int, list[Remark]] = {}
    for index, reading in enumerate(readings):
        if reading.number is not None:
            continue
        if reading.issue is not IdIssue.EMPTY and is_unknown(cell_text(cells[index])):
            readings[index] = reading = _EMPTY_ID
        if reading.issue is IdIssue.EMPTY and not column.required:
            continue
        grave = reading.issue is not IdIssue.CHECK_DIGIT and column.strict
        remarks[index] = [Remark(column.name, reading.sentence, grave)]
    return readings, remarks


def read_cards(
    column: Column, cells: Sequence[object]
) -> tuple[list[CardReading], dict[int, list[Remark]]]:
    """Read a card column.

    As with ID numbers, a wrong check digit inside is flagged and the row stays. A wrong category or
    grade digit is only a remark here: the columns of that name may say it (see `settle_cards`).
    """
    readings = list(map(read_card, cells))
    remarks: dict[int, list[Remark]] = {}
    for index, reading in enumerate(readings):
        if reading.issue is None:
            continue
        sentence = reading.sentence
        grave = reading.issue not in (CardIssue.CATEGORY, CardIssue.GRADE)
        if reading.issue is CardIssue.ID_NUMBER:
            grave = reading.id_reading.issue is not IdIssue.CHECK_DIGIT
            sentence = f"残疾人证号前 18 位有误：{reading.id_reading.sentence}"
        remarks[index] = [Remark(column.name, sentence, grave)]
    return readings, remarks


def settle_cards(
    readings: Sequence[CardReading], values: dict[str, list[Any]], written: dict[str, bool]
) -> dict[int, list[Remark]]:
    """Fill category and grade from the card where the columns are blank.

    Where both are there and differ, the column wins, with a warning.

    Args:
        readings: The cards, by row.
        values: Column values by field, changed in place.
        written: Which of "disability_category" and "disability_grade" have a column in the sheet.
    """
    remarks: dict[int, list[Remark]] = {}
    for field, header, names in (
        ("disability_category", "残疾类别", CATEGORIES),
        ("disability_grade", "残疾等级", GRADES),
    ):
        column = values[field]
        blank = f"证号中没有有效的{header}，" + (
            "列中也没有填写，请补填" if written[field] else "请核对证号"
        )
        for index, card in enumerate(readings):
            of_card = card.category if field == "disability_category" else card.grade
            said = column[index]
            if said is None:
                column[index] = of_card
                if of_card is None and card.issue in (CardIssue.CATEGORY, CardIssue.GRADE):
                    remarks.setdefault(index, []).append(Remark(header, blank, True))
            elif of_card is not None and of_card != said:
                text = (
                    f"{header}填的是{names[said]}，证号中是{names[of_card]}，按填写的采用，请核对"
                )
                remarks.setdefault(index, []).append(Remark(header, text, False))
    return remarks


def prefer_known_ids(
    of_cards: Sequence[CardReading], of_column: Sequence[IdReading] | None
) -> tuple[list[IdReading], dict[int, list[Remark]]]:
    """The ID reading of each row of a disability list: from the card.

    From an ID column where the card's is wrong.
    """
    chosen = [card.id_reading for card in of_cards]
    remarks: dict[int, list[Remark]] = {}
    for index, other in enumerate(of_column or ()):
        if other.number is None or other.number == chosen[index].number:
            continue
        if chosen[index].number is None:
            text = "残疾人证号前 18 位有误，按公民身份号码列采用，请核对"
            chosen[index] = other
        else:
            text = "公民身份号码列与残疾人证号前 18 位不一致，按残疾人证号采用，请核对"
        remarks[index] = [Remark("公民身份号码", text, False)]
    return chosen, remarks


def contradictions(
    ids: Sequence[IdReading], values: dict[str, list[Any]]
) -> dict[int, list[Remark]]:
    """Where sex or birth date beside the number say otherwise than the number.

    Remarks, the row stays.
    """
    remarks: dict[int, list[Remark]] = {}
    for index, sex in enumerate(values.get("sex", ())):
        number = ids[index].number
        if number is not None and sex is not None and sex != number.sex:
            remarks.setdefault(index, []).append(
                Remark("性别", "性别与公民身份号码不一致，请核对", False)
            )
    births = values.get("birth_date", ())
    digits = digits_of(births)
    for index, born in enumerate(births):
        number = ids[index].number
        if number is not None and born is not None and digits[born] != number.text[6:14]:
            text = f"出生日期 {born} 与公民身份号码中的 {number.birth_date} 不一致，请核对"
            remarks.setdefault(index, []).append(Remark("出生日期", text, False))
    return remarks


def digits_of(days: Sequence[date | None]) -> dict[date, str]:
    """Each different day as it stands in an ID number, 19400305, for comparing a whole column."""
    return {day: f"{day:%Y%m%d}" for day in set(days) if day is not None}


def column_remarks(column: Column, cells: dict[int, Cell]) -> dict[int, list[Remark]]:
    """The messages of a parsed column as remarks."""
    return {index: [Remark(column.name, cell.message, cell.grave)] for index, cell in cells.items()}
