"""What goes back to the sender: returned rows in a copy of their sheet, and empty templates."""

from io import BytesIO
from pathlib import Path
from typing import Any

from yanglao.domain.exchange.public import ReceivedList, get_list, kept_file, notes
from yanglao.domain.people.public import KIND_LABELS, Kind
from yanglao.engines.intake.kinds import KINDS
from yanglao.engines.intake.recognise import Recognition, recognise
from yanglao.engines.intake.returned import ReturnedSheet, write_returned_sheets
from yanglao.engines.intake.returned import returned_sheet as part_that_returns
from yanglao.engines.intake.template import write_template
from yanglao.engines.intake.workbook import Sheet, read_workbook
from yanglao.foundation.home import home_folder
from yanglao.foundation.scoping import Reader


def returned_sheet(reader: Reader, list_id: int) -> BytesIO:
    """Return, as xlsx, the rows of a list that went back, as they were, with the column 退回原因.

    The sheet is made from the kept file; when that is gone (two years after receipt), from what
    was kept of each row. Made anew each time and kept nowhere: it holds what is sealed elsewhere.

    Raises:
        exchange.ReceivedList.DoesNotExist: If the reader may not see the list.
    """
    received = get_list(reader, list_id)
    reasons: dict[str, dict[int, list[str]]] = {}
    cells: dict[str, dict[int, list[str]]] = {}
    for note in notes(received, returned=True):
        reasons.setdefault(note.sheet, {})[note.row_no] = note.reasons.split("\n")
        cells.setdefault(note.sheet, {})[note.row_no] = note.cells
    data = kept_file(received.file_hash)
    if data is not None:
        parts = _parts_of_file(received, data, reasons)
    else:
        parts = _parts_of_notes(received, reasons, cells)
    made = BytesIO()
    write_returned_sheets(made, parts)
    made.seek(0)
    return made


def template_sheet(kind: str) -> Path:
    """Write the empty list of a kind to fill in, with notes, drop-downs and samples.

    Raises:
        KeyError: For an unknown kind.
    """
    target = home_folder("templates") / f"{KINDS[kind].code}.xlsx"
    write_template(target, kind)
    return target


def _parts_of_file(
    received: ReceivedList, data: bytes, reasons: dict[str, dict[int, list[str]]]
) -> list[ReturnedSheet]:
    book = {sheet.name: sheet for sheet in read_workbook(data, received.file_name).sheets}
    found = []
    for name, rows in reasons.items():
        sheet = next((one for key, one in book.items() if key[:60] == name), None)
        if sheet is not None:
            found.append(part_that_returns(sheet, _recognised(received, sheet), rows))
    return found


def _recognised(received: ReceivedList, sheet: Sheet) -> Recognition:
    """Recognise a sheet the way it was when the list came in, mapped columns included."""
    kept: dict[str, Any] = next((one for one in received.sheets if one["name"] == sheet.name), {})
    names = kept.get("columns", {})
    header_row = kept.get("header_row") or 0
    headers = sheet.rows[header_row - 1] if header_row else []
    mapping = {
        str(headers[int(index)]): name
        for index, name in names.items()
        if int(index) < len(headers) and not name.startswith("+")
    }
    return recognise(sheet, mapping, received.kind)


def _parts_of_notes(
    received: ReceivedList,
    reasons: dict[str, dict[int, list[str]]],
    cells: dict[str, dict[int, list[str]]],
) -> list[ReturnedSheet]:
    parts = []
    for name, rows in reasons.items():
        kept: dict[str, Any] = next(
            (one for one in received.sheets if one["name"][:60] == name), {}
        )
        columns = kept.get("columns", {})
        width = max((len(row) for row in cells[name].values()), default=0)
        headers = [columns.get(str(at), "").lstrip("+") or f"第 {at + 1} 列" for at in range(width)]
        ordered = sorted(rows)
        parts.append(
            ReturnedSheet(
                name=name or str(KIND_LABELS[Kind(received.kind)]),
                headers=headers,
                rows=[cells[name][row] for row in ordered],
                reasons=[rows[row] for row in ordered],
                title=str(kept.get("title", "")),
                text_columns=frozenset(range(width)),
            )
        )
    return parts
