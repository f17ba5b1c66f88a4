"""Files to rows: everything about a batch that needs no people.

A list is one kind in one file. Its rows are held column by column, as the intake engine gives
them; of the cells as received only one text a row is kept, for answering.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yanglao.domain.people.public import KIND_LABELS, Kind
from yanglao.engines.intake.kinds import KINDS, Column
from yanglao.engines.intake.recognise import Recognition, recognise
from yanglao.engines.intake.rows import Problem, RowBatch, read_batch
from yanglao.engines.intake.workbook import Sheet, UnreadableWorkbook, Workbook, read_workbook
from yanglao.foundation.scoping import Reader
from yanglao.kernel.idnumber import IdReading

Places = Callable[[str], bool]
#: What foreign column names mean: for any kind (key ``""``) and for each kind.
Mappings = Mapping[str, Mapping[str, str]]

_CELL_MARK = "\x1f"
_WHOLE_FLOAT = re.compile(r"-?\d+\.0")
#: A cell that looks like the number of a person: such a sheet is no page of notes.
_LIKE_NUMBER = re.compile(r"'?\d{14,19}[\dXx]?")
_FEWEST_NUMBERS = 2
_FEWEST_COLUMNS = 2
_LONGEST_SHEET_NAME = 31


@dataclass(slots=True)
class ReadSheet:
    """One sheet of a list: where its rows stand, and what was recognised."""

    name: str
    number: int
    recognition: Recognition
    count: int
    skipped: tuple[str, ...]

    def description(self) -> dict[str, Any]:
        """Return what is kept of the sheet with its list."""
        columns = {
            str(index): column.name if isinstance(column, Column) else f"+{column}"
            for index, column in self.recognition.columns.items()
        }
        return {
            "name": self.name,
            "number": self.number,
            "kind": self.recognition.kind,
            "title": self.recognition.title[:200],
            "header_row": self.recognition.header_row,
            "columns": columns,
            "rows": self.count,
            "skipped": list(self.skipped[:50]),
        }


@dataclass(slots=True)
class ListRows:
    """All rows of one kind in one file; lists are equally long, position by position one row.

    Attributes:
        kind: List kind.
        sheets: The sheets they come from, in order.
        row_nos: Excel rows.
        numbers: Valid ID numbers, ``None`` where there is none.
        readings: What was made of the other ID cells, by position.
        names: Tidied names, ``""`` where there is none.
        values: Coded values by field.
        extras: Texts of columns we have no field for, by header.
        problems: Why a row goes back, by position.
        warnings: What to look at in a row that goes in, by position.
        cells: The cells as received, one text a row (see :meth:`cells_of`).
    """

    kind: Kind
    sheets: list[ReadSheet] = field(default_factory=list)
    row_nos: list[int] = field(default_factory=list)
    numbers: list[str | None] = field(default_factory=list)
    readings: dict[int, IdReading] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    extras: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    warnings: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_nos)

    def sheet_of(self, position: int) -> ReadSheet:
        """Return the sheet in which a row stands."""
        return self.sheets[bisect_right(self._starts, position) - 1]

    def place_of(self, position: int) -> str:
        """Return where a row stands: ``sheet!row``."""
        return f"{self.sheet_of(position).name[:_LONGEST_SHEET_NAME]}!{self.row_nos[position]}"

    def places(self) -> list[str]:
        """Return where each row stands."""
        found: list[str] = []
        for sheet, start in zip(self.sheets, self._starts, strict=True):
            name = sheet.name[:_LONGEST_SHEET_NAME]
            found += [f"{name}!{row}" for row in self.row_nos[start : start + sheet.count]]
        return found

    def cells_of(self, position: int) -> list[str]:
        """Return the cells of a row as text."""
        return [
            cell[:-2] if _WHOLE_FLOAT.fullmatch(cell) else "" if cell == "None" else cell
            for cell in self.cells[position].split(_CELL_MARK)
        ]

    def value(self, name: str, position: int) -> Any:
        """Return a value of a row, ``None`` when the list has no such column."""
        column = self.values.get(name)
        return column[position] if column is not None else None

    @property
    def title_month(self) -> date | None:
        """The month named in the first title that names one."""
        return next(
            (s.recognition.title_month for s in self.sheets if s.recognition.title_month), None
        )

    @property
    def title_place(self) -> str:
        """The division that all titles name, as written; empty when they differ or name none."""
        named = {sheet.recognition.title_place for sheet in self.sheets}
        return named.pop() if len(named) == 1 else ""

    def add(self, sheet: Sheet, recognition: Recognition, batch: RowBatch) -> None:
        """Put the rows of another sheet behind."""
        start = len(self)
        self._starts.append(start)
        skipped = tuple(f"第 {one.row_no} 行 {one.why}：{one.text[:80]}" for one in batch.skipped)
        self.sheets.append(ReadSheet(sheet.name, sheet.number, recognition, len(batch), skipped))
        self.row_nos += batch.row_nos
        self.names += batch.names
        if batch.ids is None:
            self.numbers += [None] * len(batch)
        else:
            self.numbers += [None if one.number is None else one.number.text for one in batch.ids]
            for at, one in enumerate(batch.ids, start):
                if one.number is None:
                    self.readings[at] = one
        _append(self.values, batch.values, start, len(batch), None)
        _append(self.extras, batch.extras, start, len(batch), "")
        self.problems |= {start + at: found for at, found in batch.problems.items()}
        self.warnings |= {start + at: found for at, found in batch.warnings.items()}
        rows = sheet.rows
        self.cells += [_CELL_MARK.join(map(str, rows[row - 1])) for row in batch.row_nos]


def _append(
    into: dict[str, list[Any]],
    more: Mapping[str, Sequence[Any]],
    start: int,
    count: int,
    blank: Any,
) -> None:
    """Put columns behind columns; a column that one of the two does not have is blank there."""
    for name in {*into, *more}:
        column = into.setdefault(name, [blank] * start)
        column += more.get(name, [blank] * count)


@dataclass(slots=True)
class ReadFile:
    """A file as read.

    Attributes:
        name: As given.
        lists: Its lists, one a kind.
        refusal: Why it goes back whole; empty when it does not.
        refused_kind: The kind it would have been, when that is known.
        ignored: Sheets that are no lists and were left alone, each with why.
        unread: Sheets with data that could not be recognised: name and why.
    """

    name: str
    lists: list[ListRows] = field(default_factory=list)
    refusal: str = ""
    refused_kind: str = ""
    ignored: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def read_file(
    name: str,
    data: bytes,
    *,
    reader: Reader,
    places: Places,
    mappings: Mappings,
    kind: str | None = None,
    full: bool = False,
) -> ReadFile:
    """Read a file into lists, or say why it goes back whole; never raises for what is in it.

    Args:
        name: File name as given.
        data: The file.
        reader: Who hands it in; a clerk only his department's kinds.
        places: Whether a division code may stand on a list.
        mappings: What foreign column names mean.
        kind: Take every sheet as this kind.
        full: The batch is to be complete: a sheet that cannot be read then refuses the file,
            because the people on it would count as absent.
    """
    file = ReadFile(name)
    try:
        book = read_workbook(data, name)
    except UnreadableWorkbook as problem:
        file.refusal = str(problem)
        return file
    by_kind: dict[str, ListRows] = {}
    nearest: list[str] = []
    for sheet, recognition in recognised_sheets(book, mappings, kind):
        if recognition.kind is None:
            if has_data(sheet, recognition):
                file.unread.append((sheet.name, recognition.reason))
                nearest += [recognition.nearest] if recognition.nearest else []
            else:
                file.ignored.append(recognition.reason)
            continue
        rows = by_kind.setdefault(recognition.kind, ListRows(Kind(recognition.kind)))
        rows.add(sheet, recognition, read_batch(sheet, recognition, places=places))
    file.lists = list(by_kind.values())
    _judge(file, nearest, reader, full=full)
    return file


def recognised_sheets(
    book: Workbook, mappings: Mappings, kind: str | None
) -> list[tuple[Sheet, Recognition]]:
    """Recognise every sheet that has anything on it, with the sender's names for that kind."""
    found: list[tuple[Sheet, Recognition]] = []
    for sheet in book.sheets:
        if sheet.rows:
            before = found[-1][1] if found else None
            found.append((sheet, _recognised(sheet, mappings, kind, before)))
    return found


def _recognised(
    sheet: Sheet, mappings: Mappings, kind: str | None, before: Recognition | None
) -> Recognition:
    if before is not None and before.kind is not None:
        # A sheet a town: what the first one is, the others with the same header are too.
        again = recognise(sheet, _names_for(mappings, before.kind), before.kind)
        if again.kind is not None and again.headers == before.headers:
            return again
    known = {name: one for names in mappings.values() for name, one in names.items()}
    recognition = recognise(sheet, {**known, **mappings.get("", {})} or None, kind)
    if recognition.kind and mappings.get(recognition.kind):
        # Of two kinds that use one foreign name for different columns, the kind's own counts.
        return recognise(sheet, _names_for(mappings, recognition.kind), recognition.kind)
    return recognition


def _names_for(mappings: Mappings, kind: str) -> dict[str, str]:
    return {**mappings.get(kind, {}), **mappings.get("", {})}


def has_data(sheet: Sheet, recognition: Recognition) -> bool:
    """Say whether a sheet that was not recognised holds people all the same.

    A page of notes, a cover, a hidden list of choices may be left alone; a table of people whose
    columns we do not understand may not.
    """
    if sheet.hidden:
        return False
    if recognition.nearest:
        wanted = len(KINDS[recognition.nearest].required)
        if wanted - len(recognition.missing_required) >= _FEWEST_COLUMNS:
            return True
    numbers = 0
    for row in sheet.rows:
        if any(isinstance(cell, str) and _LIKE_NUMBER.fullmatch(cell.strip()) for cell in row):
            numbers += 1
            if numbers >= _FEWEST_NUMBERS:
                return True
    return False


def _judge(file: ReadFile, nearest: list[str], reader: Reader, *, full: bool) -> None:
    """Refuse the file when it has no list, or when a part of it may not be left out."""
    reasons = [reason for _, reason in file.unread] or ([] if file.lists else file.ignored)
    if not file.lists or (full and file.unread):
        file.refusal = "；".join(reasons[:3]) or "没有找到名单。请检查是否传错文件"
        file.refused_kind = nearest[0] if len(set(nearest)) == 1 else ""
    foreign = [rows.kind for rows in file.lists if reader.kinds and rows.kind not in reader.kinds]
    if foreign and not file.refusal:
        names = "、".join(str(KIND_LABELS[one]) for one in foreign)
        file.refusal = f"您的部门不报送“{names}”名单，请由相应部门报送"
        file.refused_kind = foreign[0].value
    if file.refusal:
        file.lists = []


def choices_of(kind: str) -> tuple[str, ...]:
    """Return the canonical column names of a kind, for mapping a foreign one."""
    return tuple(column.name for column in KINDS[kind].all_columns)
