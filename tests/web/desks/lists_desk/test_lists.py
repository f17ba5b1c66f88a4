"""Received lists, their rows, templates, what is missing, remembered names."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.web.desks.lists_desk.conftest import disabled, registered
from tests.web.desks.match_desk.world import (
    COUNTY,
    OTHER_COUNTY,
    REGION,
    TOWN,
    VILLAGE,
    cells,
    status_of,
)
from yanglao.domain.exchange.models import ColumnMapping, ReceivedList
from yanglao.domain.exchange.public import remember_mapping
from yanglao.domain.people.public import Kind
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
Post = Callable[..., Any]


def text(answer: Any) -> str:
    return str(answer.content.decode())


PAGES = ("lists", "export", "kinds", "quality", "quality-export", "mappings")


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("clerk", COUNTY, 200),
        ("county", COUNTY, 200),
        ("prefecture", REGION, 200),
        ("town", TOWN, 403),
        ("village", VILLAGE, 403),
        ("system_admin", REGION, 403),
    ],
)
def test_who_sees_lists(client_as: ClientAs, role: str, area: str, status: int) -> None:
    client = client_as(role, area)
    for name in PAGES:
        assert status_of(client, reverse(f"lists_desk:{name}")) == status, name
    assert client.get(reverse("lists_desk:kind", args=["pension"])).status_code == status
    assert status_of(client, reverse("lists_desk:template", args=["pension"])) == status


def test_an_empty_desk_says_what_to_do_first(client_as: ClientAs) -> None:
    page = text(client_as("county", COUNTY).get(reverse("lists_desk:lists")))
    assert "还没有收到名单" in page
    assert reverse("lists_desk:upload") in page


@pytest.fixture
def three(client_as: ClientAs, take: Post) -> list[ReceivedList]:
    """A register and a disability list of 墨玉县, a register of 和田市."""
    county = client_as("county", COUNTY)
    take(county, [registered(1), registered(2, 姓名="")], sender="墨玉县公安局")
    take(county, [disabled(1)], month="2026-11")
    city = client_as("county", OTHER_COUNTY)
    row = registered(5, 户籍地区划代码="653201001001")
    take(city, [row], division=OTHER_COUNTY, sender="和田市公安局")
    return list(ReceivedList.objects.order_by("pk"))


def test_lists_of_the_area_and_the_department(
    three: list[ReceivedList], client_as: ClientAs
) -> None:
    register, cards, city = (reverse("lists_desk:list", args=[row.pk]) for row in three)
    whole = text(client_as("prefecture", REGION).get(reverse("lists_desk:lists")))
    assert all(url in whole for url in (register, cards, city))
    county = client_as("county", COUNTY)
    page = text(county.get(reverse("lists_desk:lists")))
    assert register in page
    assert city not in page
    assert county.get(city).status_code == 404
    clerk = client_as("clerk", COUNTY, "disabled")
    page = text(clerk.get(reverse("lists_desk:lists")))
    assert cards in page
    assert register not in page
    assert clerk.get(register).status_code == 404
    assert clerk.get(f"{register}returned.xlsx").status_code == 404


def test_received_is_accepted_plus_returned(three: list[ReceivedList], client_as: ClientAs) -> None:
    rows = cells(client_as("county", COUNTY).get(reverse("lists_desk:export")))
    head = next(row for row in rows if "收到" in row)
    at = [head.index(name) for name in ("收到", "接收", "退回")]
    told = [[int(row[i]) for i in at] for row in rows[rows.index(head) + 1 :]]
    assert sorted(told) == [[1, 1, 0], [2, 1, 1]]
    assert all(received == accepted + back for received, accepted, back in told)


def test_filters(three: list[ReceivedList], client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    url = reverse("lists_desk:lists")
    links = [reverse("lists_desk:list", args=[row.pk]) for row in three]

    def shown(**asked: str) -> list[bool]:
        page = text(client.get(url, asked, headers={"HX-Request": "true"}))
        return [link in page for link in links]

    assert shown(kind="disability") == [False, True, False]
    assert shown(sender="和田市") == [False, False, True]
    assert shown(month="2026-11") == [False, True, False]
    assert shown(state="back") == [True, False, False]
    assert shown(state="taken_in") == [True, True, True]
    assert shown(state="refused") == [False, False, False]
    assert "没有这样的名单" in text(client.get(url, {"state": "refused"}))


def test_the_menu_counts_lists_with_rows_to_put_right(
    three: list[ReceivedList], client_as: ClientAs
) -> None:
    client = client_as("county", COUNTY)
    with CaptureQueriesContext(connection) as queries:
        page = text(client.get(reverse("lists_desk:kinds")))
    counting = [q for q in queries if "COUNT(*)" in q["sql"] and "receivedlist" in q["sql"]]
    assert len(counting) == 1
    menu = page.split("名单接收")[1].split("</a>")[0]
    assert ">1<" in menu


def test_rows_that_went_back_and_rows_to_look_at(
    three: list[ReceivedList], client_as: ClientAs
) -> None:
    client = client_as("county", COUNTY)
    url = reverse("lists_desk:list", args=[three[0].pk])
    page = text(client.get(url))
    assert "第 3 行" in page
    assert "姓名" in page
    warned = text(client.get(url, {"show": "warned"}, headers={"HX-Request": "true"}))
    assert "<html" not in warned
    clean = text(client.get(reverse("lists_desk:list", args=[three[1].pk])))
    assert "没有退回的行" in clean
    missing = reverse("lists_desk:returned", args=[three[1].pk])
    assert client.get(missing).status_code == 404
    assert client.get(reverse("lists_desk:list", args=[99999])).status_code == 404
    assert client.get(reverse("lists_desk:batch", args=[99999])).status_code == 404


def test_pages_ask_the_same_for_few_and_many(client_as: ClientAs, take: Post) -> None:
    client = client_as("county", COUNTY)
    first = take(client, [registered(1), registered(2, 姓名="")]).url
    urls = [reverse("lists_desk:lists"), reverse("lists_desk:quality"), first]
    for url in urls:
        client.get(url)
    with CaptureQueriesContext(connection) as few:
        for url in urls:
            client.get(url)
    many = take(
        client,
        [registered(at, 姓名="") for at in range(3, 20)],
        [disabled(1), disabled(2)],
        [registered(at) for at in range(20, 30)],
    ).url
    urls[-1] = many
    with CaptureQueriesContext(connection) as lots:
        for url in urls:
            client.get(url)
    assert len(few) == len(lots)


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_every_kind_has_a_page_and_an_empty_sheet(client_as: ClientAs, kind: str) -> None:
    client = client_as("county", COUNTY)
    page = text(client.get(reverse("lists_desk:kind", args=[kind])))
    sheet = cells(client.get(reverse("lists_desk:template", args=[kind])))
    for header in sheet[0]:
        assert str(header).rstrip("＊") in page
    assert any("示例" in str(cell) for row in sheet[1:] for cell in row) or kind == "relief"


def test_an_unknown_kind_is_not_found(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    for name in ("kind", "template"):
        assert client.get(reverse(f"lists_desk:{name}", args=["nonsense"])).status_code == 404


def test_a_template_names_a_village_of_the_area(client_as: ClientAs) -> None:
    client = client_as("county", OTHER_COUNTY)
    sheet = cells(client.get(reverse("lists_desk:template", args=["household"])))
    assert any(str(cell).startswith("653201") for row in sheet for cell in row)


def test_what_is_missing_is_said_and_can_be_sent(
    three: list[ReceivedList], client_as: ClientAs
) -> None:
    client = client_as("county", COUNTY)
    page = text(client.get(reverse("lists_desk:quality")))
    assert "从来没有" in page
    assert "只有补充" in page
    rows = cells(client.get(reverse("lists_desk:quality-export")))
    asked = {str(row[2]) for row in rows if row and row[0] == "墨玉县"}
    assert "养老保险待遇" in asked
    assert "户籍人口" not in asked
    clerk = client_as("clerk", COUNTY, "disabled")
    mine = cells(clerk.get(reverse("lists_desk:quality-export")))
    assert not any("养老保险待遇" in map(str, row) for row in mine)
    whole = text(client_as("prefecture", REGION).get(reverse("lists_desk:quality")))
    assert "和田市" in whole
    narrow = text(
        client_as("prefecture", REGION).get(reverse("lists_desk:quality"), {"place": TOWN})
    )
    assert "到县市或地区一级看" in narrow or "墨玉县" in narrow


def test_names_are_forgotten_by_those_who_hand_lists_in(
    three: list[ReceivedList], client_as: ClientAs
) -> None:
    for sender, kind in (("墨玉县公安局", "household"), ("和田市公安局", "household")):
        remember_mapping(
            sender=sender, kind=kind, mapping={"落户编码": "户籍地区划代码"}, acting=system_reader()
        )
    client = client_as("county", COUNTY)
    page = text(client.get(reverse("lists_desk:mappings"), {"sender": "墨玉县公安局"}))
    assert "落户编码" in page
    assert "和田市公安局" not in page
    url = reverse("lists_desk:forget-mapping")
    client.post(url, {"what": "household|和田市公安局"})
    assert ColumnMapping.objects.count() == 2
    client_as("clerk", COUNTY, "disabled").post(url, {"what": "household|墨玉县公安局"})
    assert ColumnMapping.objects.count() == 2
    answer = client.post(url, {"what": "household|墨玉县公安局"}, follow=True)
    assert "忘掉了 1 个列名" in text(answer)
    assert ColumnMapping.objects.get().sender == "和田市公安局"
    client.post(url, {"what": "nonsense"})
    assert client.get(url).status_code == 302
