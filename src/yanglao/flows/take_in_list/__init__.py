"""A list comes in: files to sheets, sheets to rows, rows to people, people's facts.

:func:`preview` shows what would happen and writes nothing. :func:`take_in` writes one batch in one
transaction: all that was accepted, or nothing. :func:`returned_sheet` gives back the rows that
went back, in a copy of their sheet with the column 退回原因.
"""

from yanglao.flows.take_in_list.answering import returned_sheet, template_sheet
from yanglao.flows.take_in_list.previewing import preview
from yanglao.flows.take_in_list.taking import take_in
from yanglao.flows.take_in_list.types import (
    BadRow,
    CannotTakeIn,
    ColumnPreview,
    FilePreview,
    Preview,
    SheetPreview,
    TakenIn,
    TakenList,
    UnknownColumn,
)

__all__ = [
    "BadRow",
    "CannotTakeIn",
    "ColumnPreview",
    "FilePreview",
    "Preview",
    "SheetPreview",
    "TakenIn",
    "TakenList",
    "UnknownColumn",
    "preview",
    "returned_sheet",
    "take_in",
    "template_sheet",
]
