"""Small tables that people hand in: the head is found by its words, rows come by our names.

For lists of a few columns that one page takes in; departments' lists go through ``take_in_list``.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter

from yanglao.engines.intake.cells import cell_text
from yanglao.engines.intake.unreadable import UnreadableWorkbook
from yanglao.engines.intake.workbook import read_workbook
from yanglao.foundation.tabular import harmless

_HEAD_WITHIN = 10
#: Begins the first cell of an example row; written with wide brackets, read with narrow ones.
EXAMPLE = "（例）"
_EXAMPLE_READ = cell_text(EXAMPLE)


class UnusableList(ValueError):
    """A file that cannot be taken in; the message says what to do."""


@dataclass(slots=True)
class TableRow:
    """A row of a sheet.

    Attributes:
        number: Line of the sheet, from 1. where: In words. cells: As they stand, as text.
        values: Our column to its text, blanks at the ends taken off.
        reason: Why it goes back; empty while nothing is wrong.
    """

    number: int
    where: str
    cells: tuple[str, ...]
    values: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: the head as it stands, and the rows that are not empty."""

    header: tuple[str, ...] = ()
    rows: list[TableRow] = field(default_factory=list)


def read_table(
    data: bytes,
    name: str,
    *,
    columns: Mapping[str, Sequence[str]],
    needed: Sequence[str],
    most: int,
) -> Table:
    """Read all visible sheets that have a head with the needed columns; example rows are left out.

    Args:
        data, name: The file. columns: Our column to the names people give it.
        needed: Columns without which a sheet is not such a list. most: Rows at most.

    Raises:
        UnusableList: For what is no table, has no such sheet, no row, or too many.
    """
    try:
        book = read_workbook(data, name)
    except UnreadableWorkbook as problem:
        raise UnusableList(str(problem)) from problem
    header: tuple[str, ...] = ()
    rows: list[TableRow] = []
    several = len([one for one in book.sheets if not one.hidden]) > 1
    for sheet in book.sheets:
        found = None if sheet.hidden else _head(sheet.rows, columns, needed)
        if found is None:
            continue
        at, places = found
        header = header or tuple(map(_text, sheet.rows[at]))
        rows += _below(sheet.rows, at, places, f"{sheet.name} " if several else "")
    if not header:
        wanted = "、".join(f"“{columns[one][0]}”" for one in needed)
        raise UnusableList(f"没有找到表头：要有{wanted}，可以下载空表照着填。")
    told = len(rows)
    rows = [one for one in rows if not any(cell.startswith(_EXAMPLE_READ) for cell in one.cells)]
    if not rows:
        raise UnusableList("表里只有例子。" if told else "表头下面没有内容。")
    if len(rows) > most:
        raise UnusableList(f"一次最多 {most} 行，这份有 {len(rows)} 行，请分开上传。")
    return Table(header, rows)


def _head(
    rows: Sequence[Sequence[object]], columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[int, dict[str, int]] | None:
    for at, cells in enumerate(rows[:_HEAD_WITHIN]):
        words = [re.sub(r"\s", "", _text(cell)) for cell in cells]
        places = {
            key: next(words.index(one) for one in names if one in words)
            for key, names in columns.items()
            if any(one in words for one in names)
        }
        if all(one in places for one in needed):
            return at, places
    return None


def _below(
    rows: Sequence[Sequence[object]], head: int, places: Mapping[str, int], sheet: str
) -> Iterator[TableRow]:
    for number, cells in enumerate(rows[head + 1 :], start=head + 2):
        texts = tuple(map(_text, cells))
        values = {key: texts[at] if at < len(texts) else "" for key, at in places.items()}
        # A row with something in it is never passed over, also when none of it is ours.
        if any(texts):
            yield TableRow(number, f"{sheet}第 {number} 行", texts, values)


def _text(cell: object) -> str:
    return cell_text(cell).strip()


def returned_book(
    header: Sequence[str], rows: Sequence[tuple[str, Sequence[str], str]], *, title: str
) -> bytes:
    """Return a workbook of rows that went back, each with its reason in front.

    Args:
        rows: Where it stood, its cells, and why.
    """
    return _book(
        title,
        ["为什么退回", "原来在哪一行", *header],
        [[reason, where, *cells] for where, cells, reason in rows],
        first=44,
    )


def template_book(title: str, header: Sequence[str], examples: Sequence[Sequence[str]]) -> bytes:
    """Return an empty workbook with the head and example rows."""
    return _book(title, header, examples, first=16)


def _book(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, first: int) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "in_memory": True}) as book:
        sheet, bold = book.add_worksheet(title), book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, 0, first, text)
        sheet.set_column(1, max(1, len(header) - 1), 22, text)
        for line, cells in enumerate([header, *rows]):
            for place, cell in enumerate(cells):
                sheet.write_string(
                    line, place, str(harmless(str(cell))), bold if not line else text
                )
    return target.getvalue()
