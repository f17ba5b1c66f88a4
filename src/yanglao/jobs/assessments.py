"""Timed work of assessments: notices that are over, results that run out."""

from datetime import date
from typing import Any

from yanglao.flows.conclude_assessment import close_notices
from yanglao.flows.remind_assessments import remind_assessments
from yanglao.foundation import clock
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader


@bind("close_assessment_notices")
def run_close_assessment_notices(
    job: Job, report: Progress, *, as_of: str | None = None
) -> dict[str, Any]:
    """Make results final whose notice is over; nothing that is contested."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    return {"final": len(close_notices(acting=system_reader(job.area), as_of=day))}


@bind("remind_assessments")
def run_remind_assessments(
    job: Job, report: Progress, *, as_of: str | None = None
) -> dict[str, Any]:
    """Write down the reminders that are due, each once."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    return {"reminders": len(remind_assessments(acting=system_reader(job.area), as_of=day))}
