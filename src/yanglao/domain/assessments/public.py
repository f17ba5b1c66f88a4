"""Assessments: who needs how much help, by GB/T 42195—2022, from application to final result.

An assessment (能力评估) is asked for, accepted, planned with two assessors, written on **one
sheet** by both, signed, computed by ``engines/scoring`` (never typed), put on public notice, and
final. A result made elsewhere is taken over by recognition (采信), with its source, or refused with
a reason.

**Sheets.** ``sheets_of_assessor`` and ``get_sheet`` give a ``SheetView``: the sheet (with its
assessment and person), its ``fields`` (value, revision, by, at), open ``conflicts``,
``signatures``, ``photos`` and ``assessors``. ``record_edits`` takes ``Edit`` objects and is safe to
repeat; edits are only added (``history_of`` shows all). Edits of one device replace each other in
the order they come; edits of two devices that had not seen each other stand side by side and, when
they differ, are a conflict for a person (``settle_conflict``). An edit made on a device that had
already seen the conflict does not close it. ``refuses`` says which answers a scale does not offer:
take it from ``flows.read_assessment_form``. A change makes signatures void; ``sign_sheet`` needs a
sheet without conflicts, ``finish_sheet`` needs every answer in ``sheet.required`` and both
assessors' valid signatures. ``WrongMove`` carries a Chinese sentence for the person.

This module only re-exports; what is not in ``__all__`` belongs to the app alone.
"""

from yanglao.domain.assessments.actions import (
    attach_photo,
    finish_sheet,
    record_edits,
    settle_conflict,
    sign_sheet,
)
from yanglao.domain.assessments.models import Assessment, Assessor, Photo, Sheet
from yanglao.domain.assessments.queries import (
    SheetView,
    get_photo,
    get_sheet,
    history_of,
    sheets_of_assessor,
    signature_pictures,
)
from yanglao.domain.assessments.types import (
    AssessmentKind,
    AssessmentState,
    ConflictView,
    Edit,
    EditOutcome,
    FieldView,
    Place,
    Refused,
    SignatureView,
    Signer,
    WrongMove,
)

__all__ = [
    "Assessment",
    "AssessmentKind",
    "AssessmentState",
    "Assessor",
    "ConflictView",
    "Edit",
    "EditOutcome",
    "FieldView",
    "Photo",
    "Place",
    "Refused",
    "Sheet",
    "SheetView",
    "SignatureView",
    "Signer",
    "WrongMove",
    "attach_photo",
    "finish_sheet",
    "get_photo",
    "get_sheet",
    "history_of",
    "record_edits",
    "settle_conflict",
    "sheets_of_assessor",
    "sign_sheet",
    "signature_pictures",
]
