"""Workbooks as departments make them, built in memory."""

import io
from collections.abc import Callable, Sequence

import xlsxwriter

from yanglao.engines.intake.recognise import Recognition, recognise
from yanglao.engines.intake.rows import RowBatch, read_batch
from yanglao.engines.intake.workbook import Sheet, read_workbook
from yanglao.kernel.idnumber import check_digit

MakeXlsx = Callable[..., bytes]


def make_id(born: str = "19400305", region: str = "653201", sequence: int = 1) -> str:
    """A valid ID number."""
    first17 = f"{region}{born}{sequence:03d}"
    return first17 + check_digit(first17)


def make_xlsx(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """An xlsx with these sheets; text stays text, numbers numbers, dates dates."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(target, options) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for line, row in enumerate(rows):
                page.write_row(line, 0, ["" if cell is None else cell for cell in row])
    return target.getvalue()


def make_sheet(rows: Sequence[Sequence[object]], name: str = "Sheet1") -> Sheet:
    """A sheet as `read_workbook` gives it: rows of equal length."""
    width = max(map(len, rows))
    return Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows])


def take(
    rows: Sequence[Sequence[object]], kind: str | None = None, **options: object
) -> tuple[Recognition, RowBatch]:
    """Recognise and read rows that begin with a header."""
    sheet = make_sheet(rows)
    recognition = recognise(sheet, kind=kind)
    assert recognition.kind is not None, recognition.reason
    return recognition, read_batch(sheet, recognition, **options)  # type: ignore[arg-type]


def first_sheet(data: bytes, name: str = "x.xlsx") -> Sheet:
    """The first sheet of a file."""
    return read_workbook(data, name).sheets[0]
