"""Catalogue: published versions of the policy packs, drafts of the next, and what they would cost.

A pack is data in ``policies/``; publishing it stores the whole text with its hash and the day from
which it is in force, so that every past run can be repeated from the database alone. Items outlive
versions: findings, leads and counts name an item by its id.

A draft is a set of changes to a published version with its whole history. It is compared with what
is in force over everybody's facts, submitted together with its figures, approved by another
person, and published as a version from the first of a month.
"""

from yanglao.domain.catalogue.actions import (
    approve_draft,
    ask_comparison,
    copy_draft,
    fail_comparison,
    finish_comparison,
    mark_published,
    open_draft,
    publish_pack,
    record_change,
    return_draft,
    show_first_answer,
    submit_draft,
    take_aside,
    take_back_draft,
    undo_change,
    withdraw_draft,
)
from yanglao.domain.catalogue.models import Comparison, Draft, DraftEdit, Item, PackVersion
from yanglao.domain.catalogue.queries import (
    comparisons,
    draft_history,
    drafts,
    first_version,
    get_comparison,
    get_draft,
    item_ids,
    items,
    items_by_id,
    pack_in_force,
    source_of,
    versions,
)
from yanglao.domain.catalogue.types import (
    ComparisonState,
    DraftRefused,
    DraftState,
    EditKind,
    PackToPublish,
    Saved,
)

__all__ = [
    "Comparison",
    "ComparisonState",
    "Draft",
    "DraftEdit",
    "DraftRefused",
    "DraftState",
    "EditKind",
    "Item",
    "PackToPublish",
    "PackVersion",
    "Saved",
    "approve_draft",
    "ask_comparison",
    "comparisons",
    "copy_draft",
    "draft_history",
    "drafts",
    "fail_comparison",
    "finish_comparison",
    "first_version",
    "get_comparison",
    "get_draft",
    "item_ids",
    "items",
    "items_by_id",
    "mark_published",
    "open_draft",
    "pack_in_force",
    "publish_pack",
    "record_change",
    "return_draft",
    "show_first_answer",
    "source_of",
    "submit_draft",
    "take_aside",
    "take_back_draft",
    "undo_change",
    "versions",
    "withdraw_draft",
]
