"""Statuses of findings, kinds of change, and the frozen rows that queries give."""

from dataclasses import dataclass, field
from datetime import date

from django.db import models


class Status(models.IntegerChoices):
    """What the rules answer; ``no`` is never stored."""

    YES = 1, "符合"
    POSSIBLE = 2, "可能符合"


class ChangeKind(models.TextChoices):
    """How a person's answer differs from the run before."""

    NEW = "new", "新增"
    LOST = "lost", "不再符合"
    CHANGED = "changed", "有变化"


@dataclass(frozen=True, slots=True)
class TallyRow:
    """Counts of one place, or of one item.

    Attributes:
        code: Division code; ``""`` when counted by item.
        item_id: The item counted; ``None`` when a place is counted over several items.
        item: Its code (``"16a"``), or ``""``.
        item_name: Its name, or ``""``.
        yes: People who should have it.
        possible: People for whom facts are missing.
        delivered: Of ``yes``: those who have it already.
        not_delivered: Of ``yes``: those who have it not yet.
    """

    code: str
    item_id: int | None
    item: str
    item_name: str
    yes: int
    possible: int
    delivered: int
    not_delivered: int


@dataclass(frozen=True, slots=True)
class NewOutcome:
    """An answer as the engine gives it, to be kept once and shared (see ``models.Outcome``)."""

    key: str
    item_id: int
    status: int
    tier: str
    amount_fen: int | None
    delivered: bool | None
    reason: str
    used: dict[str, object]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunStart:
    """What a run is about, before it has found anything."""

    pack_version_id: int
    pack_hash: str
    as_of: date
    region_code: str
    whole_region: bool
    trial: bool = False
    up_to_batch: int = 0
    timings: dict[str, float] = field(default_factory=dict)


class StaleRun(Exception):
    """Another run was written between reading and writing: read again."""
