"""A small Hetian with people, a match, and two drafts that were compared."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from tests.web.desks.match_desk.world import TODAY, World, make_world
from yanglao.domain.catalogue.public import Comparison, Draft, comparisons, drafts
from yanglao.flows.weigh_drafts import forget_facts
from yanglao.foundation.jobs import run_all
from yanglao.foundation.scoping import system_reader

NEXT = "2027-01-01"


@pytest.fixture(autouse=True)
def _fixed_day_and_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    forget_facts()


@pytest.fixture
def world(db: None) -> World:
    """People, list, match."""
    return make_world()


@dataclass
class Drafted:
    """A prefecture's client, the draft it wrote, and the comparison of it."""

    client: Client
    draft: Draft
    comparison: Comparison


def begin(client: Client, title: str = "高龄津贴从 75 周岁起") -> Draft:
    """Begin a draft on its screen."""
    answer = client.post("/drafting/new/", {"title": title, "in_force_from": NEXT, "words": ""})
    assert answer.status_code == 302, answer.content.decode()
    return drafts(system_reader()).get(pk=int(answer["Location"].split("/")[-2]))


def compare(client: Client, *chosen: Draft) -> Comparison:
    """Compare drafts on their screen and let the worker run."""
    answer = client.post("/drafting/compare/", {"chosen": [draft.pk for draft in chosen]})
    assert "/comparison/" in answer["Location"]
    failed = [job.error for job in run_all() if job.error]
    assert not failed, failed[0]
    return comparisons(system_reader()).get(pk=int(answer["Location"].split("/")[-2]))


@pytest.fixture
def drafted(world: World, client_as: Callable[..., Client]) -> Drafted:
    """高龄津贴 from 75, drafted and compared by the prefecture."""
    client = client_as("prefecture", "653200000000")
    draft = begin(client)
    told = {"value": "70", "first": NEXT, "document": "会议", "article": "一", "base": "0"}
    client.post(f"/drafting/{draft.pk}/numbers/advanced_age/", told)
    return Drafted(client, drafts(system_reader()).get(pk=draft.pk), compare(client, draft))
