"""The job that compares drafts; the work is in the flow."""

from typing import Any

from yanglao.domain.accounts.public import reader_of_id
from yanglao.flows.compare_drafts import run_comparison
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader


@bind("compare_drafts")
def run_compare_drafts(job: Job, report: Progress, *, comparison: int) -> dict[str, Any]:
    """Count a comparison for who asked, within the area he stood at.

    Raises:
        PermissionError: When his account was closed since.
    """
    if job.asked_by_id is None:
        acting = system_reader(job.area, name=job.asked_by_name)
    else:
        reader = reader_of_id(job.asked_by_id)
        if reader is None:
            raise PermissionError("提出测算的账号已经停用。")
        acting = reader.narrowed(job.area)
    return run_comparison(comparison, acting=acting, report=report)
