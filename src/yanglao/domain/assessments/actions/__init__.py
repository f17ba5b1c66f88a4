"""Writes: verb_noun, keyword-only, one transaction, ``acting`` and a reason as arguments."""

from yanglao.domain.assessments.actions.sheets import record_edits, settle_conflict
from yanglao.domain.assessments.actions.signing import attach_photo, finish_sheet, sign_sheet

__all__ = [
    "attach_photo",
    "finish_sheet",
    "record_edits",
    "settle_conflict",
    "sign_sheet",
]
