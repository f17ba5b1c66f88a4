"""Following the facts: asked for after every match, and when somebody's facts change."""

from datetime import date
from typing import Any

from yanglao.domain.accounts.public import reader_of_id
from yanglao.flows.follow_benefits import follow_benefits
from yanglao.flows.standing_region import standing_region
from yanglao.foundation import clock
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader


@bind("follow_benefits")
def run_follow_benefits(
    job: Job,
    report: Progress,
    *,
    people: list[int] | None = None,
    as_of: str | None = None,
    region: str | None = None,
) -> dict[str, Any]:
    """Bring spells and cases in line; whose facts changed is followed wherever his case lies.

    The program does it, in the name of who asked: what follows from facts is nobody's decision.
    """
    day = date.fromisoformat(as_of) if as_of else clock.today()
    asked = reader_of_id(job.asked_by_id) if job.asked_by_id is not None else None
    acting = system_reader(name=f"系统（{asked.name if asked else job.asked_by_name}）"[:80])
    done = follow_benefits(
        region=region or standing_region(day),
        as_of=day,
        acting=acting,
        people=people,
        report=report,
    )
    return {
        "people": done.people,
        "begun": done.begun,
        "ended": done.ended,
        "alerts": done.alerts,
        "moved": done.moved,
    }
