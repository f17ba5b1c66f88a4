"""The linking desk: who may, what it shows, that it decides, and that it stays in its area."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.web.desks.linking_desk.conftest import Doubts, number, registered, take
from tests.web.desks.match_desk.world import COUNTY, OTHER_COUNTY, REGION, TOWN, VILLAGE
from yanglao.domain.linkage.models import Conflict, FilePair, WaitingRow
from yanglao.domain.linkage.public import PairState, RowState
from yanglao.domain.people.models import SurveyEntry
from yanglao.flows.check_conflicts import look_for_conflicts
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
PAGES = ("rows", "decided", "pairs", "conflicts", "quality")


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("county", COUNTY, 200),
        ("prefecture", REGION, 200),
        ("clerk", COUNTY, 200),
        ("town", TOWN, 403),
        ("village", VILLAGE, 403),
    ],
)
def test_who_may_open_the_desk(client_as: ClientAs, role: str, area: str, status: int) -> None:
    """Whoever takes lists in."""
    client = client_as(role, area)
    for name in PAGES:
        assert client.get(reverse(f"linking_desk:{name}")).status_code == status, name


def test_an_empty_desk_says_so(client_as: ClientAs) -> None:
    """And what would come here."""
    client = client_as("county", COUNTY)
    assert "没有要确认的行" in text(client.get(reverse("linking_desk:rows")))
    assert "没有疑似重复的档案" in text(client.get(reverse("linking_desk:pairs")))
    assert "没有要处理的矛盾" in text(client.get(reverse("linking_desk:conflicts")))


def addresses(doubts: Doubts) -> list[str]:
    """Return the pages of one of each sort."""
    return [
        reverse("linking_desk:row", args=[doubts.row.pk]),
        reverse("linking_desk:pair", args=[doubts.pair.pk]),
        reverse("linking_desk:conflict", args=[doubts.conflict.pk]),
    ]


def test_another_county_sees_nothing_of_it(doubts: Doubts, client_as: ClientAs) -> None:
    """Not on a list, not in a count, not by address."""
    near, far = client_as("county", COUNTY), client_as("county", OTHER_COUNTY)
    for name in ("rows", "pairs", "conflicts"):
        assert "买买提" in text(near.get(reverse(f"linking_desk:{name}"))), name
        assert "买买提" not in text(far.get(reverse(f"linking_desk:{name}"))), name
    for address in addresses(doubts):
        assert near.get(address).status_code == 200, address
        assert far.get(address).status_code == 404, address
    posts = {
        reverse("linking_desk:decide", args=[doubts.row.pk]): {"decision": "return"},
        reverse("linking_desk:decide-pair", args=[doubts.pair.pk]): {"decision": "different"},
        reverse("linking_desk:settle", args=[doubts.conflict.pk]): {"choice": "none"},
    }
    for address, told in posts.items():
        assert far.post(address, told | {"reason": "x"}).status_code == 404, address


def test_a_departments_clerk_sees_his_kinds_only(doubts: Doubts, client_as: ClientAs) -> None:
    """Rows of his lists; no files, no conflicts."""
    village = client_as("clerk", COUNTY, "village")
    social = client_as("clerk", COUNTY, "social")
    row, pair, conflict = addresses(doubts)
    assert village.get(row).status_code == 200
    assert social.get(row).status_code == 404
    for client in (village, social):
        assert client.get(pair).status_code == 404
        assert client.get(conflict).status_code == 404


def test_a_row_shows_both_sides_and_why(doubts: Doubts, client_as: ClientAs) -> None:
    """Evidence in words; of a number only its ends."""
    page = text(client_as("county", COUNTY).get(addresses(doubts)[0]))
    assert "同一天出生" in page
    assert "同一个村、社区" in page
    assert "1 是同一人" in page
    assert number(1) not in page
    assert number(3) not in page


def test_the_same_then_the_next(doubts: Doubts, client_as: ClientAs) -> None:
    """Deciding goes on to the next row, or back to the list."""
    client = client_as("county", COUNTY)
    person = doubts.row.candidates.get(rank=0).person_id
    answer = client.post(
        reverse("linking_desk:decide", args=[doubts.row.pk]),
        {"decision": "same", "person": person},
    )
    assert answer.headers["Location"] == reverse("linking_desk:rows")
    assert SurveyEntry.objects.get().person_id == person
    page = text(client.get(addresses(doubts)[0]))
    assert "撤回，重新确认" in page
    client.post(reverse("linking_desk:take-back", args=[doubts.row.pk]))
    assert not SurveyEntry.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"decision": "return", "reason": ""},
        {"decision": "number", "number": "12"},
        {"decision": "same", "person": "999999"},
        {"decision": "same", "person": "x"},
        {"decision": "nonsense"},
        {},
    ],
)
def test_a_wrong_decision_is_explained(
    doubts: Doubts, client_as: ClientAs, told: dict[str, str]
) -> None:
    """Nothing is written."""
    client = client_as("county", COUNTY)
    answer = client.post(reverse("linking_desk:decide", args=[doubts.row.pk]), told)
    assert answer.status_code == 422
    assert "没有保存" in text(answer)
    doubts.row.refresh_from_db()
    assert doubts.row.state == RowState.WAITING


def test_after_the_last_candidate_come_number_and_return(
    doubts: Doubts, client_as: ClientAs
) -> None:
    """Nobody is left: type the number, or send the row back."""
    page = text(client_as("county", COUNTY).get(f"{addresses(doubts)[0]}?c=9"))
    assert "列出的人都不是" in page
    assert "退回这一行" in page


def test_two_files_are_merged_and_taken_apart(doubts: Doubts, client_as: ClientAs) -> None:
    """With a reason; merging needs the right number to be named."""
    client = client_as("county", COUNTY)
    url = reverse("linking_desk:decide-pair", args=[doubts.pair.pk])
    assert client.post(url, {"decision": "merge", "reason": "看过"}).status_code == 422
    told = {"decision": "merge", "reason": "看过身份证", "goes_on": doubts.pair.one_id}
    assert client.post(url, told).status_code == 302
    doubts.pair.refresh_from_db()
    assert doubts.pair.state == PairState.MERGED
    client.post(reverse("linking_desk:undo-pair", args=[doubts.pair.pk]))
    doubts.pair.refresh_from_db()
    assert doubts.pair.state == PairState.WAITING


def test_a_conflict_is_settled_and_reopened(doubts: Doubts, client_as: ClientAs) -> None:
    """Which side, and where the clerk knows it from."""
    client = client_as("county", COUNTY)
    url = reverse("linking_desk:settle", args=[doubts.conflict.pk])
    assert client.post(url, {"choice": "0", "reason": ""}).status_code == 422
    assert client.post(url, {"choice": "9", "reason": "x"}).status_code == 422
    client.post(url, {"choice": "none", "reason": "按家庭算"})
    assert "按家庭算" in text(client.get(addresses(doubts)[2]))
    client.post(reverse("linking_desk:reopen", args=[doubts.conflict.pk]))
    doubts.conflict.refresh_from_db()
    assert doubts.conflict.state == "open"


def test_quality_counts_what_became_of_rows(doubts: Doubts, client_as: ClientAs) -> None:
    """Late lists are marked; the sheet says the same."""
    client = client_as("county", COUNTY)
    page = text(client.get(reverse("linking_desk:quality")))
    assert "没有报过" in page
    assert "待确认" in page
    sheet = client.get(reverse("linking_desk:quality-export"))
    assert b"".join(sheet.streaming_content if sheet.streaming else [sheet.content])[:2] == b"PK"


@pytest.mark.parametrize("name", ["rows", "pairs", "quality"])
def test_queries_do_not_grow_with_rows(
    doubts: Doubts, client_as: ClientAs, more_rows: Callable[[int], None], name: str
) -> None:
    """One page, however much waits."""
    client = client_as("county", COUNTY)
    client.get(reverse(f"linking_desk:{name}"))

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"linking_desk:{name}"))
        return len(queries)

    few = counted()
    more_rows(12)
    assert WaitingRow.objects.count() > 10
    assert FilePair.objects.exists()
    assert counted() == few


def test_what_a_rule_decides_and_what_a_clerk_decides_is_shown(
    doubts: Doubts, client_as: ClientAs
) -> None:
    """On the worklist, on its page, and beside the fact in the person's file."""
    take([registered(5)])
    take([{"姓名": "买买提·吐尔逊", "公民身份号码": number(5), "死亡日期": "2026-09-10"}])
    take([registered(5)])
    look_for_conflicts(acting=system_reader(REGION, name="测试"))
    client = client_as("county", COUNTY)
    assert "已按规则取" in text(client.get(reverse("linking_desk:conflicts")))
    found = Conflict.objects.get(rule="alive_and_dead")
    assert "有人核实以前" in text(client.get(reverse("linking_desk:conflict", args=[found.pk])))
    settle = reverse("linking_desk:settle", args=[doubts.conflict.pk])
    client.post(settle, {"choice": "1", "reason": "看了存折"})
    shown = text(client.get(reverse("linking_desk:conflict", args=[doubts.conflict.pk])))
    assert "没有采信" in shown
    person = doubts.conflict.person_id
    file = text(client.get(reverse("registry_desk:file", args=[person])))
    assert "没有采信" in file and "看了存折" in file
    client.post(reverse("linking_desk:reopen", args=[doubts.conflict.pk]))
    assert "没有采信" not in text(client.get(reverse("registry_desk:file", args=[person])))
