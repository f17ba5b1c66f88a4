"""The worker: runs waiting jobs one after another, and asks for timed ones.

What is timed is told by the room above (``yanglao.jobs.schedule``) through :func:`also_look_at`;
the command line starts the loop without knowing it.
"""

import logging
import os
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.db import close_old_connections
from django.db.utils import OperationalError

from yanglao.foundation import clock, jobs

logger = logging.getLogger(__name__)

#: Asks for what is due at a moment; returns the names asked for.
Timetable = Callable[[datetime], list[str]]

#: Seconds between two looks when nothing waits, and between two looks at the timetables.
_PAUSE, _TIMETABLE_PAUSE = 0.5, 30.0

_timetables: list[Timetable] = []


def also_look_at(timetable: Timetable) -> None:
    """Let every worker look at a timetable; the same one twice counts once."""
    if timetable not in _timetables:
        _timetables.append(timetable)


def work_forever(stop: Event, *, parent: int | None = None) -> None:
    """Run jobs until asked to stop; a running job is finished first.

    There is one worker per instance: jobs that a killed one left running are taken up again.

    Args:
        stop: Set to end.
        parent: Process id of the server that started the worker; when it is gone, so is the
            worker.
    """
    jobs.take_back_abandoned()
    looked = -_TIMETABLE_PAUSE
    while not stop.is_set():
        if parent is not None and os.getppid() != parent:
            return
        close_old_connections()
        try:
            if time.monotonic() - looked >= _TIMETABLE_PAUSE:
                looked = time.monotonic()
                for timetable in _timetables:
                    timetable(clock.now())
            if jobs.run_next() is None:
                stop.wait(_PAUSE)
        except OperationalError:
            # The database is away or busy for longer than it waits: the next look may succeed.
            logger.exception("the worker could not reach the database")
            stop.wait(_TIMETABLE_PAUSE)
