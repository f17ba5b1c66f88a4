"""How far a long job is.

Kept in a small file per job, not in the database: while a list goes in, the one writer that SQLite
allows is busy with the list itself, and a reader must still see the bar move.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from yanglao.foundation.home import home_folder
from yanglao.kernel.hiding import hide_numbers

#: Called with (done, total, what is being done now).
Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class ProgressState:
    """A moment of a job: ``done`` of ``total`` steps, what is going on, seconds since start."""

    done: int
    total: int
    what: str
    seconds: float

    @property
    def percent(self) -> int:
        """Whole per cent done, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def seconds_left(self) -> int | None:
        """Seconds left at the pace so far; ``None`` while there is no pace yet."""
        if self.done <= 0 or self.total <= 0:
            return None
        return round(self.seconds * (self.total - self.done) / self.done)


def to_file(job_id: int) -> Progress:
    """Return a progress callback that writes the job's progress file, at most 5 times a second."""
    path = home_folder("progress") / f"{job_id}.json"
    start = time.monotonic()
    last = 0.0

    def report(done: int, total: int, what: str) -> None:
        nonlocal last
        moment = time.monotonic()
        if done < total and moment - last < 0.2:
            return
        last = moment
        state = ProgressState(done, total, hide_numbers(what), moment - start)
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
        os.replace(draft, path)

    return report


def read(job_id: int) -> ProgressState | None:
    """Return the last progress of a job, ``None`` when it has reported nothing yet."""
    path = home_folder("progress") / f"{job_id}.json"
    try:
        return ProgressState(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
