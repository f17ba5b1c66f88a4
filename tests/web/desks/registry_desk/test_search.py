"""Looking for people: by name, number and village, never everybody, never outside the area."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.flows import population as p
from tests.web.desks.factories import (
    COUNTY,
    NEIGHBOUR,
    PREFECTURE,
    TODAY,
    TOWN,
    VILLAGE,
    World,
    more_leads,
    page_of,
    text_of,
)
from yanglao.domain.people.models import Person
from yanglao.foundation.audit.words import detail_words
from yanglao.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def found(client: Client, **query: str) -> set[str]:
    """Return the names found."""
    page = page_of(client.get("/people/", query))
    return {link.get_text().strip() for link in page.select("tbody th a")}


def test_nobody_is_listed_before_a_search(world: World, client_as: As) -> None:
    client = client_as("county", COUNTY)
    assert found(client) == set()
    assert "输入要找的人" in text_of(client.get("/people/"))


def test_by_name_whatever_the_dots(world: World, client_as: As) -> None:
    Person.objects.filter(pk=world.old.pk).update(name="买买提·吐尔逊", name_fold="买买提吐尔逊")
    client = client_as("town", TOWN)
    for written in ("买买提.吐尔逊", "买买提 吐尔逊", "吐尔逊"):
        assert found(client, q=written) == {"买买提·吐尔逊"}


def test_by_last_four_and_masked(world: World, client_as: As) -> None:
    client = client_as("town", TOWN)
    answer = client.get("/people/", {"q": world.old.id_tail})
    assert world.old.name in text_of(answer)
    assert world.old.id_number not in answer.content.decode()


def test_a_whole_number_opens_the_file(world: World, client_as: As) -> None:
    answer = client_as("town", TOWN).get("/people/", {"q": f" {world.old.id_number} "})
    assert answer["Location"] == f"/people/{world.old.pk}/"


def test_a_number_of_elsewhere_finds_nobody(world: World, client_as: As) -> None:
    client = client_as("town", TOWN)
    assert "没有查到" in text_of(client.get("/people/", {"q": world.far.id_number}))
    assert found(client, q=world.far.name) == set()


def test_a_village_name_leads_to_the_village(world: World, client_as: As) -> None:
    client = client_as("county", COUNTY)
    page = page_of(client.get("/people/", {"q": "阔纳巴扎"}))
    assert page.find("a", href=f"?in={VILLAGE}")
    assert found(client, **{"in": VILLAGE}) == {world.old.name, world.plain.name}


def test_a_village_outside_the_area_is_not_listed(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    assert found(client, **{"in": NEIGHBOUR}) == set()
    # A town is no village: its people are searched, not listed.
    assert found(client_as("county", COUNTY), **{"in": TOWN}) == set()


def test_name_and_village_together(world: World, client_as: As) -> None:
    client = client_as("county", COUNTY)
    assert found(client, q="测试老人 夏普吐鲁克村") == {world.poor.name}


def test_too_many_says_how_to_narrow(world: World, client_as: As) -> None:
    for number in range(200, 260):
        p.elder(number, TODAY.replace(year=1950))
    page = page_of(client_as("town", TOWN).get("/people/", {"q": "测试"}))
    assert "加上村名" in page.get_text()
    assert len(page.select("tbody tr")) == 50


def test_roles_without_people_are_refused(world: World, client_as: As) -> None:
    assert client_as("clerk", COUNTY).get("/people/").status_code == 403
    assert client_as("system_admin", PREFECTURE).get("/people/").status_code == 403


def test_queries_do_not_grow_with_people(
    world: World, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", COUNTY)

    def look() -> None:
        for query in ({"q": "测试"}, {"in": VILLAGE}, {"q": "测试老人 阔纳巴扎村"}):
            assert client.get("/people/", query).status_code == 200

    few = same_number_of_queries(look, look)
    more_leads(30)
    assert same_number_of_queries(look, look) == few


def test_every_search_is_on_record_without_its_words(world: World, client_as: As) -> None:
    """Who, where, what sort and how many; the same words are recognised, never read."""
    client = client_as("town", TOWN)
    asked = (world.old.id_number, world.old.id_tail, world.old.name, "查无此人", world.old.name)
    for text in asked:
        client.get("/people/", {"q": text})
    client.get("/people/", {"in": VILLAGE})
    client.get("/people/")
    entries = list(AuditEntry.objects.filter(action="people_searched").order_by("id"))
    assert [one.detail["kind"] for one in entries] == [
        "by_number",
        "by_digits",
        "by_name",
        "by_name",
        "by_name",
        "by_place",
    ]
    assert [one.detail["found"] > 0 for one in entries] == [True, True, True, False, True, True]
    assert entries[2].detail["asked"] == entries[4].detail["asked"] != entries[3].detail["asked"]
    assert [one.place_code for one in entries] == [TOWN] * 5 + [VILLAGE]
    assert {(one.kind, one.user_name) for one in entries} == {("read", entries[0].user_name)}
    written = str(list(AuditEntry.objects.values()))
    assert not [text for text in (*asked, world.old.id_tail) if text in str(entries[0].detail)]
    assert world.old.id_number not in written and "查无此人" not in written


def test_the_record_tells_a_search_in_words(world: World, client_as: As) -> None:
    """For the auditor, in Chinese."""
    client_as("town", TOWN).get("/people/", {"q": world.old.id_tail})
    entry = AuditEntry.objects.get(action="people_searched")
    told = detail_words(entry).split("；")
    assert {"种类：按号码的几位", "找到：1", "还有没列出的：否"} <= set(told)
