"""The files of a month: which department sends which list in which shape.

A book is one file; its pages are its sheets. Pages give their lines one after another, so that a
file of any size is written without holding it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from yanglao.kernel.idnumber import check_digit
from yanglao.ops.demo.cell_forms import Cell, CellForms, Habit
from yanglao.ops.demo.identity import any_name
from yanglao.ops.demo.list_columns import COLUMNS, column_at
from yanglao.ops.demo.list_rows import Row
from yanglao.ops.demo.slips import ACCEPTED, EITHER, Slips, Verdict

INVENTED = "（样例，人物均为虚构）"
SLIP = 0.008  # of rows
NOBODY = 0.0003  # rows with a number that is nobody's and wrong
TWIN = 0.0002  # rows with a number that fits but is nobody's: the person meant has another
COPIED = 0.0015  # rows sent twice
BLANK_LINE = 0.002
WITH_TWINS = ("assistance", "veterans", "survey")  # these say where the person lives


class Line(NamedTuple):
    """One line of a page; the verdict is None for lines that are no rows."""

    cells: Sequence[Cell]
    verdict: Verdict | None = None
    role: str = "row"  # title | note | group | header | row | blank | foot


@dataclass(slots=True)
class Page:
    """One sheet: what stands above the header, the header, the rows, what stands below."""

    name: str
    title: str
    header: list[str]
    rows: Iterable[Row] = ()
    note: str = ""
    groups: list[tuple[str, int]] = field(default_factory=list)
    town_names: dict[str, str] = field(default_factory=dict)  # for a last column, merged by town
    plain_text: list[str] = field(default_factory=list)  # a sheet without a list


@dataclass(slots=True)
class Book:
    """One file to be written."""

    kind: str
    file_name: str
    sender: str
    division: str
    full: bool
    habit: Habit
    pages: list[Page]
    encoding: str = ""  # of a text file; "" for .xlsx
    mapping: dict[str, str] = field(default_factory=dict)  # their header: ours
    bare: bool = False  # a text file that begins with its header


class PageLines:
    """Writes the lines of the pages of one book, slips included."""

    def __init__(self, book: Book, rng: Random, used: frozenset[str] | set[str]) -> None:
        self.book = book
        self.rng = rng
        self.used = used
        columns = COLUMNS[book.kind]
        self.forms = CellForms(rng, book.habit)
        self.writers = [self.forms.writers[column.form] for column in columns]
        self.slips = Slips(columns)
        self.serial = columns[0].form == "serial"
        self.width = len(columns)
        self.id_at = column_at(
            book.kind, "残疾人证号" if book.kind == "disability" else "公民身份号码"
        )
        self.name_at = column_at(book.kind, "姓名")

    def lines(self, page: Page) -> Iterator[Line]:
        """Yield every line of a page from top to bottom."""
        if page.plain_text:
            yield from (Line([text], role="note") for text in page.plain_text)
            return
        if not self.book.bare:
            yield from self._above(page)
        yield Line(page.header, role="header")
        count = 0
        for row in page.rows:
            if self.rng.random() < BLANK_LINE:
                yield Line([None] * self.width, role="blank")
            for line in self._row_lines(row, count):
                count += 1
                yield line
        if not self.book.bare:
            yield from self._below(count)

    def _above(self, page: Page) -> Iterator[Line]:
        yield Line([page.title], role="title")
        if page.note:
            yield Line([page.note], role="note")
        if page.groups:
            cells: list[Cell] = []
            for text, span in page.groups:
                cells += [text, *[None] * (span - 1)]
            yield Line(cells, role="group")

    def _below(self, count: int) -> Iterator[Line]:
        yield Line([], role="blank")
        yield Line(["合计", f"{count} 人"], role="foot")
        yield Line(["制表人：样例", None, None, "审核人：样例"], role="foot")

    def _row_lines(self, row: Row, count: int) -> Iterator[Line]:
        """Yield a row; now and then also the same once more, or one of nobody."""
        rng = self.rng
        yield self._line(row, count)
        chance = rng.random()
        if chance < COPIED:
            yield self._clean(row, count + 1)
        elif chance < COPIED + NOBODY:
            yield self._nobody(row, count + 1)

    def _cells(self, row: Row, count: int) -> list[Cell]:
        cells = [write(value) for write, value in zip(self.writers, row.values, strict=False)]
        cells += [None] * (self.width - len(cells))
        if self.serial:
            cells[0] = count + 1
        return cells

    def _line(self, row: Row, count: int) -> Line:
        chance = self.rng.random()
        if chance < SLIP:
            return self._slipped(row, count)
        if chance < SLIP + TWIN and self.book.kind in WITH_TWINS:
            return self._twin(row, count)
        return self._clean(row, count)

    def _clean(self, row: Row, count: int) -> Line:
        verdict = Verdict(ACCEPTED, "", "", row.person.id_number)
        return Line(self._cells(row, count), verdict)

    def _slipped(self, row: Row, count: int) -> Line:
        cells = self._cells(row, count)
        cells[self.id_at] = str(row.values[self.id_at])
        sheet = self.book.habit.sheet
        return Line(cells, self.slips.make(self.rng, cells, row.person.id_number, sheet=sheet))

    def _twin(self, row: Row, count: int) -> Line:
        """Return a row whose number fits but belongs to nobody: a copying mistake that came out."""
        cells = self._cells(row, count)
        text = str(row.values[self.id_at])
        while True:
            first17 = f"{text[:14]}{int(self.rng.random() * 1000):03d}"
            if first17 not in self.used:
                break
        cells[self.id_at] = first17 + check_digit(first17)
        return Line(
            cells,
            Verdict(
                EITHER, "号码与另一人不同而姓名生日住处相同", "公民身份号码", row.person.id_number
            ),
        )

    def _nobody(self, row: Row, count: int) -> Line:
        """Return a row of somebody who does not exist, with a number that does not fit."""
        cells = self._cells(row, count)
        text = row.person.id_number
        first17 = f"{text[:6]}{int(text[6:10]) - 3}0101{int(self.rng.random() * 1000):03d}"
        wrong = str((int(check_digit(first17).replace("X", "0")) + 1) % 10)
        wrong = wrong if wrong != check_digit(first17) else "5"
        tail = str(row.values[self.id_at])[18:]
        cells[self.id_at] = first17 + wrong + tail
        cells[self.name_at] = any_name(self.rng, row.person.ethnic, row.person.sex)
        return Line(cells, Verdict(EITHER, "校验位不符且查无此人", "公民身份号码", ""))
