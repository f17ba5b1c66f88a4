"""Reads: every function takes the Reader first and stays within its area."""

from yanglao.domain.assessments.queries.sheets import (
    SheetView,
    answered_sheets,
    assigned_of,
    candidates_of,
    conflicts_of,
    content_of,
    fields_of,
    get_photo,
    get_sheet,
    history_of,
    sheets_in_sight,
    sheets_of_assessor,
    sheets_to_write,
    signature_pictures,
    signatures_of,
)

__all__ = [
    "SheetView",
    "answered_sheets",
    "assigned_of",
    "candidates_of",
    "conflicts_of",
    "content_of",
    "fields_of",
    "get_photo",
    "get_sheet",
    "history_of",
    "sheets_in_sight",
    "sheets_of_assessor",
    "sheets_to_write",
    "signature_pictures",
    "signatures_of",
]
