"""Starting a run, watching it, and letting a held result through."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.flows import population as p
from tests.web.desks.match_desk.world import COUNTY, REGION, World, match, more_people
from yanglao.domain.entitlements.models import RunItem
from yanglao.domain.leads.models import Lead
from yanglao.foundation import jobs, progress
from yanglao.foundation.models import Job

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
START = "match_desk:start"


def test_only_the_platform_starts_a_run(world: World, client_as: ClientAs) -> None:
    assert client_as("county", COUNTY).get(reverse(START)).status_code == 403
    assert client_as("prefecture", REGION).get(reverse(START)).status_code == 200


def test_start_progress_result(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    answer = client.post(reverse(START), {"as_of": "2026-11-05"})
    job = Job.objects.get()
    assert answer.url == reverse("match_desk:job", args=[job.pk])
    page = client.get(answer.url).content.decode()
    assert "等待开始" in page
    assert f'hx-get="{answer.url}"' in page
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    run_url = reverse("match_desk:run", args=[job.outcome["run_id"]])
    assert client.get(answer.url).url == run_url
    part = client.get(answer.url, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == run_url


def test_a_running_job_shows_its_steps(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    url = client.post(reverse(START), {"as_of": "2026-11-05"}).url
    job = Job.objects.get()
    Job.objects.update(state=Job.State.RUNNING)
    progress.to_file(job.pk)(5, 5, "写入结果")
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "写入结果" in part
    assert "<html" not in part


def test_a_failed_run_says_why_and_that_nothing_changed(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    url = client.post(reverse(START), {"as_of": "2026-11-05"}).url
    Job.objects.update(state=Job.State.FAILED, error="磁盘满了\n\nTraceback")
    page = client.get(url).content.decode()
    assert "磁盘满了" in page
    assert "没有改动任何结果" in page
    assert "Traceback" not in page


def test_a_day_without_a_list_in_force_is_refused(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    page = client.post(reverse(START), {"as_of": "1999-01-01"})
    assert page.status_code == 200
    assert "这一天还没有生效的政策清单" in page.content.decode()
    assert not Job.objects.exists()


def test_somebody_elses_job_is_not_found(world: World, client_as: ClientAs) -> None:
    url = client_as("prefecture", REGION).post(reverse(START), {"as_of": "2026-11-05"}).url
    other = client_as("prefecture", "654000000000")
    assert other.get(url).status_code == 404


@pytest.fixture
def held(world: World) -> RunItem:
    """A run whose result for 高龄津贴 waits for a person: many more than last time."""
    more_people(120)
    run = match()
    waiting = RunItem.objects.filter(run=run).exclude(held_reason="")
    assert waiting.exists(), "the guard did not hold a sudden growth"
    return waiting.get(item__code="06")


def test_a_held_result_is_shown_and_released(held: RunItem, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    page = client.get(reverse("match_desk:run", args=[held.run_id])).content.decode()
    assert held.held_reason in page
    url = reverse("match_desk:release", args=[held.pk])
    assert url in page
    assert "放行" in client.get(url).content.decode()
    before = Lead.objects.filter(item_id=held.item_id).count()
    answer = client.post(url, follow=True)
    assert "已放行" in answer.content.decode()
    assert Lead.objects.filter(item_id=held.item_id).count() > before
    held.refresh_from_db()
    assert held.released_at is not None
    assert client.get(url).status_code == 404


def test_the_menu_counts_what_waits(held: RunItem, client_as: ClientAs) -> None:
    waiting = RunItem.objects.filter(run_id=held.run_id).exclude(held_reason="").count()
    page = client_as("prefecture", REGION).get(reverse("match_desk:runs")).content.decode()
    assert f">{waiting}<" in page.replace("\n", "")


def test_a_county_may_not_release(held: RunItem, client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    url = reverse("match_desk:release", args=[held.pk])
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    page = client.get(reverse("match_desk:run", args=[held.run_id])).content.decode()
    assert "等地区平台放行" in page


def test_a_trial_says_that_it_is_one(world: World, client_as: ClientAs) -> None:
    trial = match(p.AS_OF.replace(month=10))
    page = client_as("prefecture", REGION).get(reverse("match_desk:run", args=[trial.pk]))
    assert "这是一次试算" in page.content.decode()
