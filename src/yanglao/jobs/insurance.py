"""Jobs of the long-term care insurance: who is insured, and everybody's settlements of a month."""

from datetime import date
from typing import Any

from yanglao.domain.accounts.public import reader_of_id
from yanglao.flows.enrol_ltci import enrol_insured
from yanglao.flows.settle_insurance import settle_everybody
from yanglao.foundation import clock
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import Reader, system_reader


def _acting(job: Job) -> Reader:
    """Return on whose behalf a job runs.

    Raises:
        PermissionError: When the account was closed since it asked.
    """
    if job.asked_by_id is None:
        return system_reader(job.area, name=job.asked_by_name)
    reader = reader_of_id(job.asked_by_id)
    if reader is None or not reader.covers(job.area):
        raise PermissionError(f"{job.asked_by_name}的账号已经停用或换了辖区，请重新提出。")
    return reader.narrowed(job.area)


@bind("enrol_insured")
def run_enrol_insured(job: Job, report: Progress, *, as_of: str | None = None) -> dict[str, Any]:
    """Write who is insured in the year of a day."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    return {"people": enrol_insured(acting=_acting(job), as_of=day)}


@bind("settle_insurance_month")
def run_settle_month(job: Job, report: Progress, *, month: str) -> dict[str, Any]:
    """Compute the month of every provider of the area."""
    made, refused = settle_everybody(
        month=date.fromisoformat(month), acting=_acting(job), as_of=clock.today(), report=report
    )
    return {"statements": made, "refused": refused}
