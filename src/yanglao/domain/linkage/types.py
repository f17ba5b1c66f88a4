"""States of doubts, and the plain rows that go in and come out."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models


class RowState(models.TextChoices):
    """Where a waiting row stands."""

    WAITING = "waiting", "待确认"
    LINKED = "linked", "已对应"
    NEW = "new", "已新建档案"
    RETURNED = "returned", "已退回"


class Why(models.TextChoices):
    """Why a row waits."""

    DOUBTFUL = "doubtful", "没有可靠的号码"
    OTHER_NAME = "other_name", "号码是别人的"


class PairState(models.TextChoices):
    """Where a pair of files stands."""

    WAITING = "waiting", "待确认"
    MERGED = "merged", "已合并"
    DIFFERENT = "different", "不是同一人"


class ConflictState(models.TextChoices):
    """Where a conflict stands."""

    OPEN = "open", "待处理"
    SETTLED = "settled", "已处理"
    GONE = "gone", "已不存在"


class Decision(models.TextChoices):
    """What a clerk may decide about a waiting row."""

    SAME = "same", "是同一人"
    NUMBER = "number", "补填了正确号码"
    RETURN = "return", "退回报送单位"


@dataclass(frozen=True, slots=True)
class NewCandidate:
    """Somebody whom a row may be about.

    Attributes:
        person_id: The person.
        probability: From 0 to 1.
        weight: The same in bits.
        levels: Comparison to level, as the engine names them.
    """

    person_id: int
    probability: float
    weight: float
    levels: dict[str, str]


@dataclass(frozen=True, slots=True)
class NewWaiting:
    """A row that is to wait for a clerk.

    Attributes:
        list_id, kind, month, batch: Of the list.
        sheet, row_no, row: Where it stands.
        place_code: Division that contains the row's place and all candidates.
        name: As the list has it.
        why: Why it waits.
        key: What the same row of the same sender's next list has too.
        told: Coded values by field, JSON-ready, and what else the row says (see ``WaitingRow``).
        candidates: The likeliest first.
    """

    list_id: int
    kind: str
    month: date | None
    batch: int
    sheet: str
    row_no: int
    row: str
    place_code: str
    name: str
    why: Why
    key: bytes
    told: dict[str, Any]
    candidates: tuple[NewCandidate, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was decided about the same row before.

    Attributes:
        state: ``linked``, ``new`` or ``returned``.
        person_id: Whose it is; ``None`` when it went back.
        asked: People about whom the clerk was asked.
        by, on: Who decided, and when.
        reason: His words.
    """

    state: str
    person_id: int | None
    asked: frozenset[int]
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class NewPair:
    """Two files that may be of one person."""

    one_id: int
    other_id: int
    place_code: str
    probability: float
    weight: float
    levels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """What one department says.

    Attributes:
        words: In Chinese: what it says.
        source: Which list of which month.
        wins: Whether the rule gives it precedence.
        kind: List kind.
        value: The one value that does not count when another side is right; empty: whole rows.
        entries: Ids of the statements that say so.
    """

    words: str
    source: str
    wins: bool = False
    kind: str = ""
    value: str = ""
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """Two departments saying what cannot both be true of a person."""

    person_id: int
    place_code: str
    rule: str
    sides: tuple[Side, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How much waits, for the desk's tabs and the menu."""

    rows: int = 0
    pairs: int = 0
    conflicts: int = 0
