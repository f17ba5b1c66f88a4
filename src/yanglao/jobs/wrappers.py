"""Job names and what they run. The work is in flows; here are only plain values in and out."""

from datetime import date
from typing import Any

from yanglao.domain.accounts.public import reader_of_id, sweep_attempts, sweep_sessions
from yanglao.flows.check_conflicts import ask_to_look, look_for_conflicts
from yanglao.flows.find_entitled import RunSummary, find_entitled, recheck_people
from yanglao.flows.hold_uploads import UploadGone, let_go, sweep, take_in_held
from yanglao.flows.settle_doubts import look_for_twins
from yanglao.flows.standing_region import standing_region
from yanglao.foundation import audit, clock
from yanglao.foundation.jobs import bind, defer
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import Reader, system_reader


class AccountClosed(Exception):
    """The account that asked for a job may no longer do so; the text says what to do."""


class RecordTampered(Exception):
    """The record of acts was changed past the program; the text says where."""


def _acting(job: Job) -> Reader:
    """Return on whose behalf a job runs: the account that asked, with its rights as of now.

    Raises:
        AccountClosed: When the account was closed, or moved to another area, since it asked.
    """
    if job.asked_by_id is None:
        return system_reader(job.area, name=job.asked_by_name)
    reader = reader_of_id(job.asked_by_id)
    if reader is None:
        raise AccountClosed(
            f"{job.asked_by_name}的账号已经停用，他提出的任务不再执行。请由在用的账号重新提出。"
        )
    if not reader.covers(job.area):
        raise AccountClosed(
            f"{job.asked_by_name}的辖区已经变了，他提出的任务不再执行。请重新提出。"
        )
    return reader.narrowed(job.area)


def _numbers(summary: RunSummary) -> dict[str, Any]:
    return {
        "run_id": summary.run_id,
        "trial": summary.trial,
        "people": summary.people,
        "new": summary.new,
        "lost": summary.lost,
        "changed": summary.changed,
        "leads_opened": summary.leads_opened,
        "held": list(summary.held),
    }


@bind("find_entitled")
def run_find_entitled(
    job: Job, report: Progress, *, region: str, as_of: str | None = None
) -> dict[str, Any]:
    """Match everybody of a region; without a day, as of the day it runs."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    summary = find_entitled(region=region, as_of=day, acting=_acting(job), report=report)
    if not summary.trial:
        # Facts that changed may stop money, start it again, or change months that are past.
        defer("follow_statuses", _acting(job), region=region, as_of=day.isoformat())
        defer("follow_benefits", _acting(job), region=region, as_of=day.isoformat())
    return _numbers(summary)


@bind("recheck_people")
def run_recheck_people(
    job: Job, report: Progress, *, person_ids: list[int], as_of: str | None = None
) -> dict[str, Any]:
    """Match a few people again."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    summary = recheck_people(person_ids, as_of=day, acting=_acting(job), report=report)
    region = standing_region(day)
    defer("follow_statuses", _acting(job), region=region, people=person_ids, as_of=day.isoformat())
    defer("follow_benefits", _acting(job), people=person_ids, as_of=day.isoformat())
    return _numbers(summary)


@bind("take_in_list")
def run_take_in_list(job: Job, report: Progress, *, token: str) -> dict[str, Any]:
    """Take a held upload in as one batch; its files go by a job of their own, after this one."""
    acting = _acting(job)
    taken = take_in_held(token, acting=acting, report=report, keep=True)
    defer("let_go_upload", acting, token=token)
    ask_to_look(acting.area)
    return {
        "batch_id": taken.batch_id,
        "lists": [one.list_id for one in taken.lists],
        "received": sum(one.received for one in taken.lists),
        "accepted": sum(one.accepted for one in taken.lists),
        "returned": sum(one.returned for one in taken.lists),
    }


@bind("look_for_twins")
def run_look_for_twins(job: Job, report: Progress) -> dict[str, Any]:
    """Look through an area for files that may be of one person; nothing is merged."""
    found = look_for_twins(acting=_acting(job), report=report)
    return {"files": found.files, "pairs": found.pairs}


@bind("look_for_conflicts")
def run_look_for_conflicts(job: Job, report: Progress) -> dict[str, Any]:
    """Hold what departments say of everybody in an area against each other."""
    new, gone = look_for_conflicts(acting=_acting(job), report=report)
    return {"new": new, "gone": gone}


@bind("anchor_audit")
def run_anchor_audit(job: Job, report: Progress) -> dict[str, Any]:
    """Go over the whole record, then write the anchor of the day.

    A record that was tampered with fails the job: the operator sees it among the jobs, the audit
    administrator on his page.
    """
    before = audit.read_anchors(audit.default_anchors())
    verdict = audit.verify(before, report=report)
    audit.keep_verdict(verdict)
    if not verdict.good:
        raise RecordTampered("；".join(problem.words for problem in verdict.problems[:3]))
    try:
        path, anchor = audit.write_anchor()
    except LookupError:
        return {"entries": 0}
    return {"entries": anchor.number, "late": verdict.late, "file": path.name}


@bind("let_go_upload")
def run_let_go_upload(job: Job, report: Progress, *, token: str) -> dict[str, Any]:
    """Remove the files of an upload that was taken in."""
    try:
        let_go(token, acting=_acting(job))
    except UploadGone:
        return {"removed": 0}
    return {"removed": 1}


@bind("sweep_uploads")
def run_sweep_uploads(job: Job, report: Progress) -> dict[str, Any]:
    """Remove uploads that nobody came back for."""
    return {"removed": sweep()}


@bind("sweep_sign_in")
def run_sweep_sign_in(job: Job, report: Progress) -> dict[str, Any]:
    """Remove sessions that have ended and counts of tries without meaning."""
    now, acting = clock.machine_now(), system_reader(name=job.asked_by_name)
    return {
        "sessions": sweep_sessions(now=now, acting=acting),
        "attempts": sweep_attempts(now=now, acting=acting),
    }
