"""A job runs with the rights of the account that asked for it, as they are when it runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yanglao.domain.accounts.public import Account, close_account, reader_of
from yanglao.foundation import audit, jobs
from yanglao.foundation.models import AuditEntry, Job
from yanglao.foundation.scoping import system_reader

REGION, COUNTY = "653200000000", "653222000000"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))


@pytest.mark.django_db(transaction=True)
def test_a_job_of_an_account_that_was_closed_since_fails_clearly(
    account_for: Callable[..., Account],
) -> None:
    account = account_for("prefecture", REGION)
    job = jobs.defer("find_entitled", reader_of(account), region=REGION)
    close_account(account_id=account.pk, acting=system_reader(), reason="调离")
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "账号已经停用" in job.error
    assert not AuditEntry.objects.filter(action="match_run").exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_of_an_account_that_moved_since_fails_clearly(
    account_for: Callable[..., Account],
) -> None:
    account = account_for("prefecture", REGION)
    job = jobs.defer("find_entitled", reader_of(account), region=REGION)
    Account.objects.filter(pk=account.pk).update(area_code=COUNTY)
    jobs.run_all()
    job.refresh_from_db()
    assert "辖区已经变了" in job.error


@pytest.mark.django_db(transaction=True)
def test_the_nightly_anchor_goes_over_the_record(account_for: Callable[..., Account]) -> None:
    account_for("county", COUNTY)
    job = jobs.defer("anchor_audit", system_reader(name="定时任务"))
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert job.outcome["entries"] == AuditEntry.objects.count()
    state = audit.chain_state()
    assert (state.checked, state.problems) == (job.outcome["entries"], ())
    assert state.anchored_on is not None
