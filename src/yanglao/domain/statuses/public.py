"""Statuses: 特困, 低保, 光荣院, 流浪救助 — who has one since when, and what must be done about it.

A pack's ``statuses.yaml`` says who has a status and which steps its beginning, change and end
bring. A pass over everybody notices what is different from the last one: a *spell* begins, changes
or ends, and each *task* that people must take has a level and a due date. Money and services
follow from the facts by themselves; what is unknown ends nothing; endings by the hundred wait for
a person's word.
"""

from yanglao.domain.statuses.actions import (
    LOCK,
    follow_places,
    hold_back,
    move_task,
    move_tasks,
    release_hold,
    write_noticed,
)
from yanglao.domain.statuses.facts import load_open_spells
from yanglao.domain.statuses.models import StatusChange, StatusHold, StatusSpell, StatusTask
from yanglao.domain.statuses.queries import (
    changes,
    get_hold,
    get_task,
    holds,
    last_noticed,
    spells,
    spells_of,
    status_counts,
    task_counts,
    tasks,
)
from yanglao.domain.statuses.types import (
    MOVES,
    Cause,
    HeldBack,
    Level,
    NewTask,
    Noticed,
    Occasion,
    StatusCount,
    TaskCounts,
    TaskState,
    Written,
    WrongMove,
)

__all__ = [
    "LOCK",
    "MOVES",
    "Cause",
    "HeldBack",
    "Level",
    "NewTask",
    "Noticed",
    "Occasion",
    "StatusChange",
    "StatusCount",
    "StatusHold",
    "StatusSpell",
    "StatusTask",
    "TaskCounts",
    "TaskState",
    "Written",
    "WrongMove",
    "changes",
    "follow_places",
    "get_hold",
    "get_task",
    "hold_back",
    "holds",
    "last_noticed",
    "load_open_spells",
    "move_task",
    "move_tasks",
    "release_hold",
    "spells",
    "spells_of",
    "status_counts",
    "task_counts",
    "tasks",
    "write_noticed",
]
