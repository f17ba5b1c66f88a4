"""今天要做的事: every role sees its own work, at its own place, in a fixed number of queries."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import PASSWORD
from tests.web.desks.factories import (
    COUNTY,
    FAR,
    PREFECTURE,
    TOWN,
    VILLAGE,
    World,
    more_leads,
    page_of,
    text_of,
)

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def test_without_sign_in_the_first_page_is_the_login(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/"


def test_an_empty_installation_says_what_to_do_first(places: None, client_as: As) -> None:
    assert "还没有名单：先接收名单" in text_of(client_as("prefecture", PREFECTURE).get("/"))
    assert "还没有比对过" in text_of(client_as("village", VILLAGE).get("/"))


def test_the_county_sees_its_leads_due_first_with_masked_names(world: World, client_as: As) -> None:
    page = page_of(client_as("county", COUNTY).get("/"))
    words = page.get_text(" ")
    assert "今天要做的事" in page.h1.get_text()
    assert "数据截至" in words and "2026-11-01" in words
    assert world.old.name not in words
    assert "高龄津贴" in words
    rows = page.select("ul.k-rows > li")
    assert rows and all("/leads/" in row["data-href"] for row in rows)


def test_the_village_sees_whole_names_and_nobody_elses(world: World, client_as: As) -> None:
    words = text_of(client_as("village", VILLAGE).get("/"))
    assert world.old.name in words
    assert world.poor.name not in words
    assert world.far.name not in words
    # Lists are not a village's work: what was delivered stands in their place.
    assert "本月已送达" in words
    assert "退回名单" not in words


def test_places_one_level_down_open_their_own_workbench(world: World, client_as: As) -> None:
    client = client_as("prefecture", PREFECTURE)
    page = page_of(client.get("/"))
    assert "各县市办到哪一步" in page.get_text()
    assert page.find("a", href=f"/?place={COUNTY}", string="墨玉县")
    inside = text_of(client.get("/", {"place": COUNTY}))
    assert "各乡镇办到哪一步" in inside
    assert "托格拉克社区" not in inside


def test_a_place_outside_the_area_is_not_opened(world: World, client_as: As) -> None:
    words = text_of(client_as("town", TOWN).get("/", {"place": FAR}))
    assert "各村、社区办到哪一步" in words
    assert "托格拉克" not in words


def test_the_prefecture_has_a_map_and_a_chart_with_answers_as_titles(
    world: World, client_as: As
) -> None:
    page = page_of(client_as("prefecture", PREFECTURE).get("/"))
    assert page.select_one("[data-map]")
    assert "漏享最多" in page.get_text()
    assert "漏得最多" in page.get_text()


def test_the_clerk_sees_the_own_department_only(world: World, client_as: As) -> None:
    words = text_of(client_as("clerk", COUNTY, "disabled").get("/"))
    assert "残疾人证" in words and "养老保险待遇" not in words
    assert world.old.name not in words
    # The full list of October came; that of November has not.
    assert "2026 年 10 月" in words and "本月没报" in words


def test_the_administrator_sees_accounts_and_jobs_and_no_person(
    world: World, client_as: As
) -> None:
    words = text_of(client_as("system_admin", PREFECTURE).get("/"))
    assert "在用账号" in words and "后台任务" in words and "在用清单" in words
    assert world.old.name not in words


def test_queries_do_not_grow_with_leads(
    world: World, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    clients = [
        client_as("prefecture", PREFECTURE),
        client_as("county", COUNTY),
        client_as("village", VILLAGE),
    ]

    def look() -> None:
        for client in clients:
            assert client.get("/").status_code == 200

    more_leads(5)
    few = same_number_of_queries(look, look)
    more_leads(30, start=300)
    assert same_number_of_queries(look, look) == few


def test_the_own_password_can_be_changed(client_as: As) -> None:
    client = client_as("village", VILLAGE)
    wrong = client.post("/sign-in/password/", {"old_password": "x", "new_password1": "a"})
    assert wrong.status_code == 422
    fresh = "换一个好记的密码2026"
    done = client.post(
        "/sign-in/password/",
        {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh},
    )
    assert done.status_code == 302
    assert client.get("/").status_code == 200
