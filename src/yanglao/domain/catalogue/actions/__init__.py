"""Writes of the catalogue: publishing packs, drafting and deciding changes, keeping comparisons."""

from yanglao.domain.catalogue.actions.comparing import (
    ask_comparison,
    fail_comparison,
    finish_comparison,
    show_first_answer,
)
from yanglao.domain.catalogue.actions.deciding import (
    approve_draft,
    mark_published,
    return_draft,
    submit_draft,
    take_back_draft,
    withdraw_draft,
)
from yanglao.domain.catalogue.actions.drafting import (
    copy_draft,
    open_draft,
    record_change,
    take_aside,
    undo_change,
)
from yanglao.domain.catalogue.actions.publishing import publish_pack

__all__ = [
    "approve_draft",
    "ask_comparison",
    "copy_draft",
    "fail_comparison",
    "finish_comparison",
    "mark_published",
    "open_draft",
    "publish_pack",
    "record_change",
    "return_draft",
    "show_first_answer",
    "submit_draft",
    "take_aside",
    "take_back_draft",
    "undo_change",
    "withdraw_draft",
]
