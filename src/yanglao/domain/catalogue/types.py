"""What publishing needs to know of a pack; states and moves of drafts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PackToPublish:
    """A checked pack, ready to be published.

    Attributes:
        name: ``"hetian"``.
        title: As officers call it.
        region_code: 12-digit division it is for.
        hash: SHA-256 over the whole text.
        source: Path to text, inherited packs included.
        in_force_from: The day the pack itself names.
        items: ``(code, name)`` in the order of the catalogue.
    """

    name: str
    title: str
    region_code: str
    hash: str
    source: dict[str, str]
    in_force_from: date
    items: tuple[tuple[str, str], ...]


class DraftState(models.TextChoices):
    """Where a draft is on its way into force."""

    DRAFTING = "drafting", _("起草中")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已作废")


class EditKind(models.TextChoices):
    """What an entry of a draft's history did."""

    EDIT = "edit", _("修改")
    UNDO = "undo", _("撤销")
    ASIDE = "aside", _("没有采用")


class ComparisonState(models.TextChoices):
    """How far a comparison is: the first answer comes before the lists of people."""

    WAITING = "waiting", _("等待")
    FIRST = "first", _("已有结果，正在查名单")
    DONE = "done", _("完成")
    FAILED = "failed", _("没有算成")


#: Act to the states in which it is allowed, and the state that follows.
DRAFT_MOVES: dict[str, tuple[frozenset[DraftState], DraftState]] = {
    "change": (frozenset({DraftState.DRAFTING}), DraftState.DRAFTING),
    "submit": (frozenset({DraftState.DRAFTING}), DraftState.SUBMITTED),
    "take_back": (frozenset({DraftState.SUBMITTED}), DraftState.DRAFTING),
    "return": (frozenset({DraftState.SUBMITTED, DraftState.APPROVED}), DraftState.DRAFTING),
    "approve": (frozenset({DraftState.SUBMITTED}), DraftState.APPROVED),
    "publish": (frozenset({DraftState.APPROVED}), DraftState.PUBLISHED),
    "withdraw": (frozenset({DraftState.DRAFTING}), DraftState.WITHDRAWN),
}


class DraftRefused(Exception):
    """An act that a draft does not allow now; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What another person let stand at a place since a page was drawn."""

    number: int
    by_name: str
    at: datetime
    after: Any


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change.

    Attributes:
        revision: The draft's number of changes now.
        conflict: What another person changed meanwhile at the same place; the change that was
            sent is kept aside, and nothing of the draft was changed. ``None``: saved.
        aside: Number under which the change that was not taken is kept.
    """

    revision: int
    conflict: Meanwhile | None = None
    aside: int = 0
