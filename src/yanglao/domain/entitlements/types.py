"""Statuses of findings, kinds of change, and the frozen rows that queries give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models

#: Runs are written one after another: what :func:`foundation.staging.one_writer` is asked for.
RUN_LOCK = "entitlements_run"


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
    used: Mapping[str, object]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunStart:
    """What a run is about, before it has found anything.

    Attributes:
        pack_version_id, pack_hash: The catalogue it asks.
        as_of: Its day.
        region_code: 12-digit division looked at; for a few people, the catalogue's region.
        whole_region: Everybody of the region was looked at.
        trial: Count only, replace nothing.
        closes_strays: No wider run will meet people who left the region: close their answers.
        up_to_batch: Last batch of lists that it had seen.
        facts_key: Equal keys mean equal facts; ``""`` when not known.
        facts_file: File of an earlier run with just these facts; ``""`` without one.
        started_at: When it began.
        timings: Seconds per step so far.
    """

    pack_version_id: int
    pack_hash: str
    as_of: date
    region_code: str
    whole_region: bool
    started_at: datetime
    trial: bool = False
    closes_strays: bool = True
    up_to_batch: int = 0
    facts_key: str = ""
    facts_file: str = ""
    timings: dict[str, float] = field(default_factory=dict)


class StaleRun(Exception):
    """Another run was written between reading and writing: read again."""


@dataclass(frozen=True, slots=True)
class FactWords:
    """How a fact is told in a cause: ``残疾等级：三级 → 一级``.

    Attributes:
        name: The fact; a column of ``facts``, or ``"age"``.
        label: As people read it.
        values: Stored value (as text) to label, for coded facts and booleans (``true``, ``false``).
        none: What *known not to have it* is called.
        unit: Behind a number.
    """

    name: str
    label: str
    values: dict[str, str]
    none: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ItemRule:
    """What the rule of an item means for comparing and for holding.

    Attributes:
        item_id: The item.
        facts: Names of the facts that its rule, tiers and delivery turn on, in telling order.
        ages: Ages that its rule mentions; a birthday matters when it reaches one of them.
        universal: Matching everybody is expected.
    """

    item_id: int
    facts: tuple[str, ...]
    ages: tuple[int, ...] = ()
    universal: bool = False


@dataclass(frozen=True, slots=True)
class HoldLimits:
    """When a result is held for a person to release (from the pack)."""

    everybody_share: float
    growth_factor: float
    minimum_people: int


@dataclass(frozen=True, slots=True)
class WrittenRun:
    """What a run wrote.

    Attributes:
        run_id: The run.
        first: Nothing to compare with: no changes were written.
        people: People looked at.
        yes, possible: Answers found, one a person and item.
        new, lost, changed: Differences to what stood.
        held: Item id to the reason why it waits for a person.
        moved: People whose row changed.
    """

    run_id: int
    first: bool
    people: int
    yes: int
    possible: int
    new: int
    lost: int
    changed: int
    held: dict[int, str]
    moved: int
