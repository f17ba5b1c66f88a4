"""The rows of a recognised sheet, each with a verdict.

Clean values, problems (the row goes back) and warnings (it goes in all the same).
Everything is read column by column, each different cell once; `read_batch` gives the columns as
they are, `read_rows` the same as one reading a row. received = rows of the batch; what is no row
(totals, notes …) is told in `skipped`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from yanglao.engines.intake.cells import cell_text, column_texts, read_column
from yanglao.engines.intake.collection import collection_paused
from yanglao.engines.intake.furniture import Furniture, Skipped
from yanglao.engines.intake.identity import (
    Remark,
    column_remarks,
    contradictions,
    digits_of,
    prefer_known_ids,
    read_cards,
    read_ids,
    settle_cards,
)
from yanglao.engines.intake.kinds import KINDS, Column, ListKind
from yanglao.engines.intake.recognise import Recognition
from yanglao.engines.intake.workbook import Sheet
from yanglao.kernel.disability import CardReading
from yanglao.kernel.idnumber import IdReading

Places = Callable[[str], bool]


class Problem(NamedTuple):
    """What is wrong with a row: the column and a Chinese sentence that says what to do."""

    column: str
    message: str


class RowReading(NamedTuple):
    """One row of a list.

    Attributes: sheet_no: Number of the sheet in the file, from 1. row_no: Excel row, from 1. id:
    What was made of the ID number (for a disability list: of the card); None when the sheet has no
    such column. name: The name, tidied; "" when there is none. values: Coded value by field: every
    own column of the kind, and the evidence columns that the sheet has. None: not known. Dates are
    `date`, months the first day, money whole fen. extra: Text of the other columns by header, where
    not blank, as received. problems: Why the row goes back; empty: it goes in. warnings: What to
    look at in a row that goes in.
    """

    sheet_no: int
    row_no: int
    id: IdReading | None
    name: str
    values: dict[str, Any]
    extra: dict[str, str]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RowBatch:
    """The rows of a sheet by columns; all lists are equally long, position by position one row.

    Attributes:
        kind: Code of the kind.
        sheet_no: Number of the sheet in the file, from 1.
        row_nos: Excel rows.
        ids: ID readings; None when the sheet has no column for them.
        names: Tidied names, "" where there is none.
        values: A list for each field of `RowReading.values`.
        extras: A list of texts ("" when blank) for each extra header.
        problems, warnings: By position, only where there are any.
        skipped: What stands among the rows without being one; blank rows are only counted.
        blank_rows: How many rows were blank.
    """

    kind: str
    sheet_no: int
    row_nos: list[int]
    ids: list[IdReading] | None
    names: list[str]
    values: dict[str, list[Any]]
    extras: dict[str, list[str]]
    problems: dict[int, tuple[Problem, ...]]
    warnings: dict[int, tuple[Problem, ...]]
    skipped: tuple[Skipped, ...]
    blank_rows: int

    def __len__(self) -> int:
        return len(self.row_nos)

    def __iter__(self) -> Iterator[RowReading]:
        """The rows one after another, made as they are asked for."""
        fields = tuple(self.values)
        columns = zip(*self.values.values(), strict=True) if fields else iter([()] * len(self))
        extras = self._extras_by_row()
        nothing: tuple[Problem, ...] = ()
        problems, warnings = self.problems.get, self.warnings.get
        ids: Sequence[IdReading | None] = self.ids if self.ids is not None else [None] * len(self)
        for index, cells in enumerate(columns):
            yield RowReading(
                self.sheet_no,
                self.row_nos[index],
                ids[index],
                self.names[index],
                dict(zip(fields, cells, strict=True)),
                extras.get(index, {}),
                problems(index, nothing),
                warnings(index, nothing),
            )

    def _extras_by_row(self) -> dict[int, dict[str, str]]:
        by_row: dict[int, dict[str, str]] = defaultdict(dict)
        for header, texts in self.extras.items():
            for index, text in enumerate(texts):
                if text:
                    by_row[index][header] = text
        # A plain dict: asking for a row without extras must not make one.
        return dict(by_row)


def read_rows(
    sheet: Sheet, recognition: Recognition, *, places: Places | None = None
) -> list[RowReading]:
    """Every row of the list in the sheet, good and bad.

    See `read_batch`, which also tells what was skipped.
    """
    with collection_paused():
        return list(read_batch(sheet, recognition, places=places))


def read_batch(sheet: Sheet, recognition: Recognition, *, places: Places | None = None) -> RowBatch:
    """Read the rows of a recognised sheet by columns.

    Args:
        sheet: The sheet as read.
        recognition: What `recognise` made of it; its kind must not be None.
        places: Whether a division code (12 digits) exists; asked once for each different cell.

    Raises ValueError when the sheet was not recognised.
    """
    if recognition.kind is None or recognition.header_row is None:
        raise ValueError(f"工作表“{sheet.name}”没有识别出名单种类，不能读取")
    kind = KINDS[recognition.kind]
    with collection_paused():
        rows, row_nos, skipped, blank = _rows_of_list(sheet, recognition)
        reader = _Reader(kind, recognition, rows, places)
        return reader.batch(sheet.number, row_nos, skipped, blank)


def _rows_of_list(
    sheet: Sheet, recognition: Recognition
) -> tuple[list[list[object]], list[int], tuple[Skipped, ...], int]:
    first = recognition.header_row or 0
    body = sheet.rows[first:]
    numbered = [(row, number) for number, row in enumerate(body, first + 1) if any(row)]
    rows = [row for row, _ in numbered]
    furniture = Furniture(recognition)
    skipped: list[Skipped] = []
    out: set[int] = set()
    for index in furniture.suspects(rows):
        why = furniture.why_not(rows[index])
        if why is not None:
            out.add(index)
            if why != "空行":
                text = " ".join(filter(None, map(cell_text, rows[index])))
                skipped.append(Skipped(numbered[index][1], why, text))
    if out:
        numbered = [pair for index, pair in enumerate(numbered) if index not in out]
        rows = [row for row, _ in numbered]
    blank = len(body) - len(rows) - len(skipped)
    return rows, [number for _, number in numbered], tuple(skipped), blank


class _Reader:
    """Reads one sheet: collects values by field and remarks by position."""

    def __init__(
        self,
        kind: ListKind,
        recognition: Recognition,
        rows: list[list[object]],
        places: Places | None,
    ) -> None:
        self.kind = kind
        self.rows = rows
        self.places = places
        self.count = len(rows)
        self.at: dict[str, int] = {}
        self.extra_at: dict[str, int] = {}
        for index, column in recognition.columns.items():
            if isinstance(column, Column):
                self.at[column.name] = index
            else:
                self.extra_at[column] = index
        self.values: dict[str, list[Any]] = {}
        self.remarks: dict[int, list[Remark]] = defaultdict(list)

    def batch(
        self, sheet_no: int, row_nos: list[int], skipped: tuple[Skipped, ...], blank: int
    ) -> RowBatch:
        """Read everything and put it together."""
        names = self._read_values()
        ids = self._read_identity()
        if ids is not None:
            self._note(contradictions(ids, self.values))
        self._check_dates(ids)
        problems, warnings = self._sorted_remarks()
        return RowBatch(
            kind=self.kind.code,
            sheet_no=sheet_no,
            row_nos=row_nos,
            ids=ids,
            names=names,
            values=self.values,
            extras=self._read_extras(),
            problems=problems,
            warnings=warnings,
            skipped=skipped,
            blank_rows=blank,
        )

    def _cells(self, column: Column) -> list[object]:
        index = self.at[column.name]
        return [row[index] for row in self.rows]

    def _note(self, remarks: dict[int, list[Remark]]) -> None:
        for index, found in remarks.items():
            self.remarks[index] += found

    def _read_values(self) -> list[str]:
        names = [""] * self.count
        for column in self.kind.all_columns:
            if column.kind in ("id", "card"):
                continue
            if column.name not in self.at:
                if not column.evidence and column.kind != "name":
                    self.values[column.field] = [column.default] * self.count
                continue
            values, remarks = read_column(column, self._cells(column), self.places)
            self._note(column_remarks(column, remarks))
            if column.kind == "name":
                names = [name or "" for name in values]
            else:
                self.values[column.field] = values
        return names

    def _read_identity(self) -> list[IdReading] | None:
        id_column, card_column = self.kind.column("公民身份号码"), self.kind.column("残疾人证号")
        ids: list[IdReading] | None = None
        if id_column is not None and id_column.name in self.at:
            ids, remarks = read_ids(id_column, self._cells(id_column))
            self._note(remarks)
        if card_column is not None:
            cards, remarks = read_cards(card_column, self._cells(card_column))
            ids = self._take_cards(cards, remarks, ids)
        return ids

    def _take_cards(
        self,
        cards: list[CardReading],
        remarks: dict[int, list[Remark]],
        of_column: list[IdReading] | None,
    ) -> list[IdReading]:
        chosen, preferred = prefer_known_ids(cards, of_column)
        for index in preferred:
            # The number is known from the other column: the card's own fault no longer returns the
            # row.
            if index in remarks and cards[index].category is not None:
                remarks[index] = [remark._replace(grave=False) for remark in remarks[index]]
        self._note(remarks)
        self._note(preferred)
        written = {
            column.field: column.name in self.at
            for column in self.kind.columns
            if column.field in ("disability_category", "disability_grade")
        }
        self._note(settle_cards(cards, self.values, written))
        self.values["card_number"] = [card.cleaned or None for card in cards]
        return chosen

    def _check_dates(self, ids: Sequence[IdReading] | None) -> None:
        """A date before the birth, or an end before the beginning, returns the row."""
        dated = self.kind.date_column if self.kind.dates_facts else None
        if dated is not None and ids is not None:
            header = next(column.name for column in self.kind.columns if column.field == dated)
            digits = digits_of(self.values[dated])
            for index, day in enumerate(self.values[dated]):
                number = ids[index].number
                if day is not None and number is not None and digits[day] < number.text[6:14]:
                    text = f"{header} {day} 早于出生日期 {number.birth_date}，请核对"
                    self.remarks[index].append(Remark(header, text, True))
        if self.kind.code == "assistance":
            pairs = zip(self.values["holds_from"], self.values["holds_to"], strict=True)
            for index, (first, last) in enumerate(pairs):
                if first is not None and last is not None and last < first:
                    text = f"保障终止日期 {last} 早于保障起始日期 {first}，请核对"
                    self.remarks[index].append(Remark("保障终止日期", text, True))

    def _read_extras(self) -> dict[str, list[str]]:
        extras = {}
        for header, index in self.extra_at.items():
            texts = column_texts([row[index] for row in self.rows])
            if any(texts):
                extras[header] = texts
        return extras

    def _sorted_remarks(
        self,
    ) -> tuple[dict[int, tuple[Problem, ...]], dict[int, tuple[Problem, ...]]]:
        problems: dict[int, tuple[Problem, ...]] = {}
        warnings: dict[int, tuple[Problem, ...]] = {}
        order = {name: index for name, index in self.at.items()}
        for index, found in self.remarks.items():
            found.sort(key=lambda remark: order.get(remark.column, -1))
            grave = tuple(Problem(column, text) for column, text, is_grave in found if is_grave)
            slight = tuple(
                Problem(column, text) for column, text, is_grave in found if not is_grave
            )
            if grave:
                problems[index] = grave
            if slight:
                warnings[index] = slight
        return problems, warnings
