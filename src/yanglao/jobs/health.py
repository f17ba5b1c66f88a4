"""Whose state got worse: asked for on the desk, and once a month."""

from datetime import date
from typing import Any

from yanglao.flows.screen_health import look_for_worse
from yanglao.foundation import clock
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader


@bind("look_for_worse")
def run_look_for_worse(
    job: Job, report: Progress, *, region: str, as_of: str | None = None
) -> dict[str, Any]:
    """Compare everybody of a region with a year ago."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    acting = system_reader(region, name=job.asked_by_name)
    return {"found": look_for_worse(region=region, as_of=day, acting=acting, report=report)}
