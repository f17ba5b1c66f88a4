"""查找一遍、核对一遍: in the background, once at a time, with a page to watch."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.desks.linking_desk.conftest import Doubts, number, registered, take
from tests.web.desks.match_desk.world import COUNTY, OTHER_COUNTY
from yanglao.domain.linkage.models import Conflict, FilePair
from yanglao.foundation.jobs import run_all
from yanglao.foundation.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
ClientAs = Callable[..., Client]
LOOKS = [("look", "pairs", "查找一遍"), ("look-conflicts", "conflicts", "核对一遍")]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(("address", "page", "button"), LOOKS)
def test_a_second_press_watches_the_first(
    address: str, page: str, button: str, client_as: ClientAs
) -> None:
    """The button rests while a job is under way, for everybody of the county; not for another."""
    client, colleague = client_as("county", COUNTY), client_as("county", COUNTY)
    far = client_as("county", OTHER_COUNTY)
    assert button in text(client.get(reverse(f"linking_desk:{page}")))
    first = client.post(reverse(f"linking_desk:{address}"))
    again = colleague.post(reverse(f"linking_desk:{address}"))
    job = Job.objects.get()
    watch = reverse("linking_desk:job", args=[job.pk])
    assert first["Location"] == again["Location"] == watch
    for seen in (client, colleague):
        told = text(seen.get(reverse(f"linking_desk:{page}")))
        assert watch in told and "disabled" in told
        assert "等待开始" in text(seen.get(watch))
    assert watch not in text(far.get(reverse(f"linking_desk:{page}")))
    assert far.get(watch).status_code == 404
    run_all()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert watch not in text(client.get(reverse(f"linking_desk:{page}")))
    assert client.get(watch)["Location"] == reverse(f"linking_desk:{page}")


def test_what_was_found_is_said_and_listed(client_as: ClientAs) -> None:
    """As the last answer to the page that asks every second."""
    take([registered(1), registered(3)])
    FilePair.objects.all().delete()
    paid = {"险种": "城乡居民基本养老保险", "待遇状态": "正常", "月待遇": "3000"}
    take([{"姓名": "买买提·吐尔逊", "公民身份号码": number(5)} | paid])
    aid = {"救助类别": "低保", "保障起始日期": "2020-01-01"}
    take([{"姓名": "买买提·吐尔逊", "公民身份号码": number(5)} | aid])
    FilePair.objects.all().delete()
    client = client_as("county", COUNTY)
    for address, page, said in (
        ("look", "pairs", "新列出 2 对"),
        ("look-conflicts", "conflicts", "新发现 1 处矛盾"),
    ):
        watch = client.post(reverse(f"linking_desk:{address}"))["Location"]
        (job,) = run_all()
        assert job.state == Job.State.DONE, job.error
        answer = client.get(watch, headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == reverse(f"linking_desk:{page}")
        assert said in text(client.get(reverse(f"linking_desk:{page}")))
    assert FilePair.objects.exists() and Conflict.objects.exists()


def test_a_job_that_failed_says_why_and_may_be_asked_for_again(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worklist is as before."""

    def refuse(**_: Any) -> None:
        raise OSError("磁盘已满")

    monkeypatch.setattr("yanglao.jobs.wrappers.look_for_twins", refuse)
    client = client_as("county", COUNTY)
    watch = client.post(reverse("linking_desk:look"))["Location"]
    run_all()
    assert "磁盘已满" in text(client.get(watch))
    assert client.post(reverse("linking_desk:look"))["Location"] != watch


def test_a_departments_clerk_starts_nothing(doubts: Doubts, client_as: ClientAs) -> None:
    """Whole files, and what others say of a person, are not his."""
    client = client_as("clerk", COUNTY)
    for address, _, _ in LOOKS:
        assert client.post(reverse(f"linking_desk:{address}")).status_code == 302
    assert not Job.objects.exists()
    job = Job.objects.get(pk=_of_the_county(client_as))
    assert client.get(reverse("linking_desk:job", args=[job.pk])).status_code == 404


def _of_the_county(client_as: ClientAs) -> int:
    client_as("county", COUNTY).post(reverse("linking_desk:look"))
    return Job.objects.get().pk
