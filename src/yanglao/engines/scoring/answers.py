"""One answer, from a form or a cell: the points it means, or what is wrong with it. Never a guess.

Blanks at the ends, full-width digits and a spreadsheet's ``3.0`` are the number they show; a half,
a sign, a word or a number that the question does not offer is no answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yanglao.engines.scoring.tables import Column, Dimension, Scale
from yanglao.kernel.characters import INVISIBLE

_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
_ENDS = re.compile(f"^[\\s{INVISIBLE}']+|[\\s{INVISIBLE}]+$")
# A longer number is a slip, and Python would refuse to read a very long one.
_WHOLE = re.compile(r"([0-9]{1,6})(?:\.0{1,6})?")
_LONGEST_TOLD = 20
_SPELLINGS_OF_COUNTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a column gives no answer; ``says`` is a Chinese sentence that names the column."""

    column: str
    says: str


def read_answer(column: Column, written: object) -> int | Fault:
    """The points of an answer; a Fault when nothing, or nothing possible, was answered.

    Args:
        written: A whole number, the text of a cell, or None.
    """
    if isinstance(written, bool | int):
        text = str(int(written))
    else:
        text = _ENDS.sub("", str(written)).translate(_WIDE) if written is not None else ""
    if not text:
        return Fault(column.code, f"{column.told}：没有填写")
    found = _WHOLE.fullmatch(text)
    if found is not None:
        value = int(found[1])
        if column.allowed is None or value in column.allowed:
            return value
    return Fault(column.code, f"{column.told}：不能填“{_short(str(written))}”，{_offer(column)}")


def spellings(column: Column) -> dict[str, int]:
    """The usual ways to write every answer of a column, to look cells up quickly."""
    values = range(_SPELLINGS_OF_COUNTS) if column.allowed is None else column.allowed
    found: dict[str, int] = {}
    for value in values:
        plain = str(value)
        for text in (plain, f"{plain}.0", f" {plain}", f"{plain} "):
            found[text] = value
    return found


def read_answers(
    columns: Sequence[Column], answers: Mapping[str, object]
) -> tuple[dict[str, int], tuple[Fault, ...]]:
    """The answers of a sheet by column, and what is wrong with the others, in the sheet's order."""
    good: dict[str, int] = {}
    faults: list[Fault] = []
    for column in columns:
        read = read_answer(column, answers.get(column.code))
        if isinstance(read, Fault):
            faults.append(read)
        else:
            good[column.code] = read
    return good, tuple(faults)


def sums_of(scale: Scale, good: Mapping[str, int]) -> dict[str, int | None]:
    """The sum of each dimension; None where an answer is missing."""
    return {dimension.code: _sum(dimension, good) for dimension in scale.dimensions}


def _sum(dimension: Dimension, good: Mapping[str, int]) -> int | None:
    if any(item.code not in good for item in dimension.items):
        return None
    return sum(good[item.code] for item in dimension.items)


def slices_of(scale: Scale) -> Iterator[slice]:
    """Where each dimension's answers lie in a row of all answers in the order of the form."""
    start = 0
    for dimension in scale.dimensions:
        yield slice(start, start + len(dimension.items))
        start += len(dimension.items)


def _offer(column: Column) -> str:
    if column.allowed is None:
        return "应填次数，没有发生填 0"
    return "可以填 " + "、".join(str(value) for value in sorted(column.allowed))


def _short(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in text.strip())
    return shown if len(shown) <= _LONGEST_TOLD else shown[:_LONGEST_TOLD] + "…"
