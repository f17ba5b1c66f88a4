"""Jobs of payment months: freezing and writing the bank's file take long for whole regions."""

from datetime import date
from typing import Any

from yanglao.domain.accounts.public import reader_of_id
from yanglao.flows.pay_month import freeze_run
from yanglao.flows.recompute_month import recompute_month
from yanglao.flows.send_payments import make_file
from yanglao.foundation import clock
from yanglao.foundation.jobs import bind
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import Reader, system_reader


def _acting(job: Job) -> Reader:
    """Return on whose behalf a job runs: the account that asked, with its rights as of now.

    Raises:
        PermissionError: When the account was closed or moved since it asked.
    """
    if job.asked_by_id is None:
        return system_reader(job.area, name=job.asked_by_name)
    reader = reader_of_id(job.asked_by_id)
    if reader is None or not reader.covers(job.area):
        raise PermissionError(f"{job.asked_by_name}的账号已经停用或换了辖区，请重新提出。")
    return reader.narrowed(job.area)


@bind("freeze_payment_run")
def run_freeze(
    job: Job, report: Progress, *, run_id: int, as_of: str | None = None
) -> dict[str, Any]:
    """Compute and store a run's month."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    run = freeze_run(run_id=run_id, acting=_acting(job), as_of=day, report=report)
    return {"run_id": run.pk, "payments": run.figures["payments"], "held": run.figures["held"]}


@bind("make_payment_file")
def run_make_file(
    job: Job, report: Progress, *, run_id: int, encoding: str = "utf-8", as_of: str | None = None
) -> dict[str, Any]:
    """Write the bank's file of what a run owes."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    made = make_file(
        run_id=run_id,
        acting=_acting(job),
        as_of=day,
        encoding="gbk" if encoding == "gbk" else "utf-8",
    )
    return {"run_id": run_id, "payments": made.file.payments, "left_out": made.left_out}


@bind("recompute_payment_run")
def run_recompute(job: Job, report: Progress, *, run_id: int) -> dict[str, Any]:
    """Compute a run's month again from its sealed input and hold it against what is stored."""
    done = recompute_month(run_id=run_id, acting=_acting(job), report=report)
    return {"run_id": run_id, "same": done.same, "gaps": done.gaps}
