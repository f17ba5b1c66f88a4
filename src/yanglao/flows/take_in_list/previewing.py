"""What a batch would bring, before anything is written."""

from collections.abc import Mapping, Sequence
from itertools import islice

from yanglao.domain.exchange.public import mappings
from yanglao.domain.people.public import KIND_LABELS, Kind, find_by_numbers
from yanglao.domain.places.public import code_checker
from yanglao.engines.intake.headers import suggest_mapping
from yanglao.engines.intake.kinds import Column
from yanglao.engines.intake.recognise import Recognition
from yanglao.engines.intake.rows import read_batch
from yanglao.engines.intake.workbook import Sheet, UnreadableWorkbook, read_workbook
from yanglao.flows.take_in_list.reading import (
    ListRows,
    Mappings,
    Places,
    choices_of,
    has_data,
    recognised_sheets,
)
from yanglao.flows.take_in_list.types import (
    BadRow,
    ColumnPreview,
    FilePreview,
    Preview,
    SheetPreview,
    UnknownColumn,
)
from yanglao.foundation.scoping import Reader

_FIRST_ROWS = 5
_SAMPLES = 3
_BAD_ROWS = 20
_SKIPPED = 10


def preview(
    files: Sequence[tuple[str, bytes]],
    *,
    reader: Reader,
    sender: str = "",
    kind: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Preview:
    """Show what files would bring: kinds, columns, rows that would go back. Writes nothing.

    Args:
        files: Names and contents.
        reader: Who hands them in; kinds that are not his department's are said to be refused.
        sender: Whose remembered column names apply.
        kind: Take every sheet as this kind.
        mapping: Further column names, foreign to canonical.

    Raises:
        PermissionError: When the reader may not take in lists.
    """
    if not reader.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    known: Mappings = {"": dict(mapping or {})} | (mappings(sender) if sender else {})
    places = code_checker()
    return Preview(tuple(_file(name, data, reader, known, kind, places) for name, data in files))


def _file(
    name: str,
    data: bytes,
    reader: Reader,
    known: Mappings,
    kind: str | None,
    places: Places,
) -> FilePreview:
    try:
        book = read_workbook(data, name)
    except UnreadableWorkbook as problem:
        return FilePreview(name, len(data), refusal=str(problem))
    sheets = tuple(
        _sheet(sheet, recognition, places)
        if recognition.kind
        else _unread_sheet(sheet, recognition)
        for sheet, recognition in recognised_sheets(book, known, kind)
    )
    refusal = ""
    foreign = [one for one in sheets if reader.kinds and one.kind and one.kind not in reader.kinds]
    if foreign:
        names = "、".join(dict.fromkeys(one.kind_label for one in foreign))
        refusal = f"您的部门不报送“{names}”名单，请由相应部门报送"
    elif not any(sheet.kind for sheet in sheets):
        refusal = "；".join(sheet.reason for sheet in sheets[:3]) or "没有找到名单"
    return FilePreview(name, len(data), refusal=refusal, sheets=sheets)


def _unread_sheet(sheet: Sheet, recognition: Recognition) -> SheetPreview:
    nearest = recognition.nearest or ""
    data = has_data(sheet, recognition)
    return SheetPreview(
        name=sheet.name,
        nearest=nearest,
        kind_label=str(KIND_LABELS[Kind(nearest)]) if nearest else "",
        title=recognition.title,
        header_row=recognition.header_row,
        headers=recognition.headers,
        unknown=_unknown(recognition, sheet, nearest) if nearest and data else (),
        missing=recognition.missing_required if data else (),
        choices=choices_of(nearest) if nearest else (),
        first_rows=_first_rows(sheet, recognition),
        reason=recognition.reason,
    )


def _sheet(sheet: Sheet, recognition: Recognition, places: Places) -> SheetPreview:
    kind = Kind(recognition.kind or "")
    rows = ListRows(kind)
    rows.add(sheet, recognition, read_batch(sheet, recognition, places=places))
    good = [at for at in range(len(rows)) if at not in rows.problems]
    numbers = {number for at in good if (number := rows.numbers[at]) is not None}
    known = find_by_numbers(numbers)
    with_number = [number for at in good if (number := rows.numbers[at]) is not None]
    in_files = sum(number in known for number in with_number)
    return SheetPreview(
        name=sheet.name,
        kind=kind.value,
        kind_label=str(KIND_LABELS[kind]),
        nearest=kind.value,
        title=recognition.title,
        month=recognition.title_month,
        place=recognition.title_place,
        header_row=recognition.header_row,
        headers=recognition.headers,
        columns=_columns(recognition, sheet),
        unknown=_unknown(recognition, sheet, kind.value),
        choices=choices_of(kind.value),
        first_rows=_first_rows(sheet, recognition),
        received=len(rows),
        good=len(good),
        bad=len(rows) - len(good),
        to_link=len(good) - len(with_number),
        known=in_files,
        new=len(with_number) - in_files,
        bad_rows=tuple(_bad_rows(rows)),
        skipped=rows.sheets[0].skipped[:_SKIPPED],
    )


def _bad_rows(rows: ListRows) -> list[BadRow]:
    return [
        BadRow(
            row_no=rows.row_nos[at],
            name=rows.names[at],
            reasons=tuple(problem.message for problem in rows.problems[at]),
            cells=tuple(rows.cells_of(at)),
        )
        for at in islice(sorted(rows.problems), _BAD_ROWS)
    ]


def _columns(recognition: Recognition, sheet: Sheet) -> tuple[ColumnPreview, ...]:
    return tuple(
        ColumnPreview(
            header=recognition.headers[index].replace("\n", " "),
            name=column.name,
            required=column.required,
            samples=_samples(sheet, recognition, index),
        )
        for index, column in sorted(recognition.columns.items())
        if isinstance(column, Column)
    )


def _unknown(recognition: Recognition, sheet: Sheet, kind: str) -> tuple[UnknownColumn, ...]:
    headers = [header.replace("\n", " ") for header in recognition.headers]
    suggested = {one.header: one for one in suggest_mapping(headers, kind)}
    found = []
    for header in recognition.unknown_columns:
        one = suggested.get(header)
        found.append(
            UnknownColumn(
                header=header,
                suggestion=one.column if one else "",
                likeness=one.likeness if one else 0.0,
                samples=_samples(sheet, recognition, headers.index(header))
                if header in headers
                else (),
            )
        )
    return tuple(found)


def _samples(sheet: Sheet, recognition: Recognition, index: int) -> tuple[str, ...]:
    below = sheet.rows[recognition.header_row or 0 :]
    texts = (_text(row[index]) for row in islice(below, 50) if index < len(row))
    return tuple(islice((text for text in texts if text), _SAMPLES))


def _first_rows(sheet: Sheet, recognition: Recognition) -> tuple[tuple[str, ...], ...]:
    below = sheet.rows[recognition.header_row or 0 :]
    filled = (row for row in below if any(row))
    return tuple(tuple(map(_text, row)) for row in islice(filled, _FIRST_ROWS))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
