"""Statuses follow the facts, after a match or when asked for."""

from datetime import date
from typing import Any

from yanglao.flows.follow_statuses import follow_statuses
from yanglao.foundation import clock
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader


@bind("follow_statuses")
def run_follow_statuses(
    job: Job,
    report: Progress,
    *,
    region: str,
    as_of: str | None = None,
    people: list[int] | None = None,
) -> dict[str, Any]:
    """Follow everybody's statuses, or some people's.

    Who asked may have gone since: what follows from the facts does not hang on his account.
    """
    day = date.fromisoformat(as_of) if as_of else clock.today()
    acting = system_reader(region, name=job.asked_by_name)
    found = follow_statuses(region=region, as_of=day, acting=acting, people=people, report=report)
    return {
        "entered": found.written.entered,
        "changed": found.written.changed,
        "left": found.written.left,
        "tasks": found.written.tasks,
        "held": [one.status for one in found.held],
    }
