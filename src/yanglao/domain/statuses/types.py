"""Occasions, causes, states of a task and the moves between them, and the rows that come and go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models


class Occasion(models.TextChoices):
    """What happened to a status."""

    ENTER = "enter", "进入"
    CHANGE = "change", "变化"
    LEAVE = "leave", "离开"


class Cause(models.TextChoices):
    """Why a status ended."""

    NONE = "", "—"
    DIED = "died", "去世"
    GONE = "gone", "不再符合"
    MOVED = "moved", "迁出服务地"


class Level(models.TextChoices):
    """Who does a step."""

    VILLAGE = "village", "村（社区）"
    TOWN = "town", "乡镇（街道）"
    COUNTY = "county", "县市"


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", "待办"
    DONE = "done", "已办"
    NOT_NEEDED = "not_needed", "不需要办"
    OVERTAKEN = "overtaken", "情况又变"


#: The moves an officer may make; ``overtaken`` is only ever set when the status changes again.
MOVES: dict[str, tuple[str, ...]] = {
    TaskState.OPEN: (TaskState.DONE, TaskState.NOT_NEEDED),
    TaskState.DONE: (TaskState.OPEN,),
    TaskState.NOT_NEEDED: (TaskState.OPEN,),
    TaskState.OVERTAKEN: (),
}

#: Steps of an earlier occasion that a later one makes pointless.
OVERTAKES: dict[str, tuple[str, ...]] = {
    Occasion.ENTER: (),
    Occasion.CHANGE: (),
    Occasion.LEAVE: (Occasion.ENTER, Occasion.CHANGE),
}


class WrongMove(ValueError):
    """A move that the table does not allow; the message is for the officer."""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A step to be taken by somebody: see ``engines.policy.statuses.Step``."""

    step: str
    title: str
    level: str
    days: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was noticed about one person and status.

    Attributes:
        person_id, status: Whose, and which.
        occasion: Enter, change or leave.
        cause: Why it ended; empty else.
        place_code: Where the person is served.
        details: Facts that belong to it, as now known.
        before: The same as they were; empty on entering.
        spell_id: The spell it goes on with; ``None`` on entering.
        tasks: Steps that follow.
    """

    person_id: int
    status: str
    occasion: str
    cause: str
    place_code: str
    details: Mapping[str, object]
    before: Mapping[str, object] = field(default_factory=dict)
    spell_id: int | None = None
    tasks: tuple[NewTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What a pass wrote, in numbers."""

    entered: int = 0
    changed: int = 0
    left: int = 0
    tasks: int = 0
    overtaken: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Tasks of an area in numbers."""

    open: int
    overdue: int
    soon: int
    done_this_month: int


@dataclass(frozen=True, slots=True)
class StatusCount:
    """People who have a status today, and what happened since the first of the month."""

    status: str
    people: int
    entered: int
    changed: int
    left: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Endings that were too many to believe; they wait for a person."""

    status: str
    people: int
    of: int
    noticed_on: date
