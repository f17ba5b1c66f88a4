"""The worker: runs waiting jobs one after another, and asks for timed ones."""

import logging
import os
import time
from threading import Event

from django.db import close_old_connections
from django.db.utils import OperationalError

from yanglao.foundation import clock, jobs
from yanglao.jobs import schedule

logger = logging.getLogger(__name__)

#: Seconds between two looks when nothing waits, and between two looks at the timetable.
_PAUSE, _TIMETABLE_PAUSE = 0.5, 30.0


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
                schedule.ask_due(clock.now())
            if jobs.run_next() is None:
                stop.wait(_PAUSE)
        except OperationalError:
            # The database is away or busy for longer than it waits: the next look may succeed.
            logger.exception("the worker could not reach the database")
            stop.wait(_TIMETABLE_PAUSE)
