"""Acts are recorded with their transaction; jobs run once, after commit, and survive failures."""

from typing import Any

import pytest
from django.db import transaction

from yanglao.foundation import audit, jobs, progress
from yanglao.foundation.models import AuditEntry, Job
from yanglao.foundation.scoping import system_reader


@pytest.fixture(autouse=True)
def own_home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    names: dict[str, Any] = {}
    monkeypatch.setattr(jobs, "_bound", names)
    return names


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(system_reader(), "nothing_happened")
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_record_goes_when_the_act_is_undone() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(system_reader(), "tried")
        _ = 1 / 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_once_and_keeps_what_it_did(bound: dict[str, Any]) -> None:
    calls = []

    @jobs.bind("count")
    def count(job: Job, report: progress.Progress, *, upto: int) -> dict[str, Any]:
        calls.append(upto)
        report(upto, upto, "数完")
        return {"counted": upto}

    job = jobs.defer("count", system_reader(), upto=3)
    assert [done.pk for done in jobs.run_all()] == [job.pk]
    assert jobs.run_all() == []
    job.refresh_from_db()
    assert (job.state, job.outcome, calls) == ("done", {"counted": 3}, [3])
    state = progress.read(job.pk)
    assert state is not None
    assert (state.percent, state.what) == (100, "数完")


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_says_why_and_the_worker_goes_on(bound: dict[str, Any]) -> None:
    @jobs.bind("break")
    def fail(job: Job, report: progress.Progress) -> dict[str, Any]:
        raise ValueError("名单读不出来")

    @jobs.bind("fine")
    def fine(job: Job, report: progress.Progress) -> dict[str, Any]:
        return {}

    broken = jobs.defer("break", system_reader())
    after = jobs.defer("fine", system_reader())
    jobs.run_all()
    broken.refresh_from_db()
    after.refresh_from_db()
    assert broken.state == "failed"
    assert broken.error.startswith("名单读不出来")
    assert after.state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_job_deferred_in_a_failed_transaction_never_was(bound: dict[str, Any]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.defer("never", system_reader())
        _ = 1 / 0
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_is_taken_up_again(bound: dict[str, Any]) -> None:
    @jobs.bind("again")
    def again(job: Job, report: progress.Progress) -> dict[str, Any]:
        return {"again": True}

    job = jobs.defer("again", system_reader())
    Job.objects.update(state="running")
    assert jobs.run_all() == []
    assert jobs.take_back_abandoned() == 1
    jobs.run_all()
    job.refresh_from_db()
    assert job.outcome == {"again": True}


def test_a_name_has_one_function(bound: dict[str, Any]) -> None:
    def one(job: Job, report: progress.Progress) -> dict[str, Any]:
        return {}

    def two(job: Job, report: progress.Progress) -> dict[str, Any]:
        return {}

    jobs.bind("same")(one)
    jobs.bind("same")(one)
    with pytest.raises(ValueError, match="twice"):
        jobs.bind("same")(two)


def test_time_left_follows_the_pace() -> None:
    state = progress.ProgressState(done=25, total=100, what="", seconds=10)
    assert (state.percent, state.seconds_left) == (25, 30)
    assert progress.ProgressState(0, 0, "", 1).seconds_left is None
