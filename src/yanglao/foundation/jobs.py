"""Deferring work by name: the domain never imports the job that a higher floor runs.

``defer("find_entitled", reader, region=...)`` writes a row inside the caller's transaction; a
worker (``yanglao serve`` starts one) takes it after commit. ``bind`` ties a name to a function, in
``yanglao.jobs``. A job takes plain values, is safe to run twice, and says what it did.
"""

import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from yanglao.foundation import clock, progress
from yanglao.foundation.logs import without_secrets
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader, within_area

JobFunction = Callable[..., dict[str, Any]]

_bound: dict[str, JobFunction] = {}


def bind(name: str) -> Callable[[JobFunction], JobFunction]:
    """Tie ``name`` to the decorated function ``(job: Job, report: Progress, **arguments)``."""

    def tie(function: JobFunction) -> JobFunction:
        if name in _bound and _bound[name] is not function:
            raise ValueError(f"job name {name!r} is bound twice")
        _bound[name] = function
        return function

    return tie


def bound_names() -> frozenset[str]:
    """Return the names that have a function."""
    return frozenset(_bound)


def defer(name: str, acting: Reader, **arguments: Any) -> Job:
    """Ask for a job; it runs after the surrounding transaction has committed."""
    return Job.objects.create(
        name=name,
        arguments=arguments,
        asked_at=clock.now(),
        asked_by_id=acting.user_id,
        asked_by_name=acting.name,
        area=acting.area,
    )


def defer_once(name: str, acting: Reader, **arguments: Any) -> Job:
    """Ask for a job, unless one like it waits for the same area already; return the one that will.

    A job that runs already does not count: it may have read what has changed since.
    """
    rows = Job.objects.filter(name=name, state=Job.State.WAITING, area=acting.area).order_by("id")
    # Arguments lie sealed: the database can't compare them.
    same = next((row for row in rows if row.arguments == arguments), None)
    return same or defer(name, acting, **arguments)


def run_next() -> Job | None:
    """Take the oldest waiting job and run it; return it, or ``None`` when none waits."""
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=_skip_locked())
            .filter(state=Job.State.WAITING)
            .order_by("id")
            .first()
        )
        if job is None:
            return None
        job.state = Job.State.RUNNING
        job.started_at = clock.now()
        job.save(update_fields=["state", "started_at"])
    try:
        job.outcome = _bound[job.name](job, progress.to_file(job.pk), **job.arguments)
        job.state = Job.State.DONE
    except Exception as problem:
        # The worker must outlive any single job; the whole trace goes to the row for the operator,
        # its first line to the page of who asked: neither is to see whom the error stumbled over.
        job.state = Job.State.FAILED
        job.error = without_secrets(f"{problem}\n\n{traceback.format_exc()}")
    job.finished_at = clock.now()
    job.save(update_fields=["outcome", "state", "error", "finished_at"])
    return job


def run_all() -> list[Job]:
    """Run waiting jobs until none is left (tests, the demo, the command line)."""
    done = []
    while (job := run_next()) is not None:
        done.append(job)
    return done


def take_back_abandoned() -> int:
    """Put jobs back that a killed worker left running; called when the one worker starts."""
    return Job.objects.filter(state=Job.State.RUNNING).update(
        state=Job.State.WAITING, started_at=None
    )


def under_way(name: str, reader: Reader) -> Job | None:
    """Return a job of that name of the reader's area that waits or runs; ``None`` when none does.

    For a button that is not to start twice what one run does for everybody.
    """
    states = (Job.State.WAITING, Job.State.RUNNING)
    return jobs_of_area(reader).filter(name=name, state__in=states).first()


def _skip_locked() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


def jobs_of_area(reader: Reader) -> QuerySet[Job]:
    """Return the jobs asked for from within the reader's area, newest first."""
    return within_area(Job.objects.all(), reader, "area").order_by("-id")
