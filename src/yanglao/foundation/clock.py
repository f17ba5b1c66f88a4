"""The only place that asks what time it is.

Rules never call this: they take ``as_of`` from their caller, so that a run can be repeated.
Tests and the demo set ``YANGLAO_TODAY`` (ISO date) to stand on a fixed day.
"""

import os
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

#: All five regions keep Beijing time officially.
BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment with its zone."""
    pinned = os.environ.get("YANGLAO_TODAY")
    if pinned:
        clock = timezone.now().astimezone(BEIJING).time()
        return datetime.combine(date.fromisoformat(pinned), clock, tzinfo=BEIJING)
    return timezone.now()


def today() -> date:
    """Return the present calendar day in Beijing time."""
    return now().astimezone(BEIJING).date()


def start_of(day: date) -> datetime:
    """Return midnight at the start of ``day``, Beijing time."""
    return datetime.combine(day, time.min, tzinfo=BEIJING)


def machine_now() -> datetime:
    """Return the machine's own moment, never pinned: for codes, sessions, waits and backups.

    A demo that stands on a fixed day must still end its sessions and refuse last minute's code.
    """
    return timezone.now()


def day_of(moment: datetime) -> date:
    """Return the day here on which a moment lies."""
    return timezone.localdate(moment)
