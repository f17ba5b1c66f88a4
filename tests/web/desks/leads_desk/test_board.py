"""The board: whose leads, which of them, in which order, as rows, by person and as a sheet."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.web.desks.factories import (
    COUNTY,
    FAR,
    NEIGHBOUR,
    PREFECTURE,
    TOWN,
    VILLAGE,
    World,
    more_leads,
    page_of,
    text_of,
)
from yanglao.domain.leads.models import Lead

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def names(client: Client, **query: str) -> set[str]:
    """Return the names listed under a filter."""
    page = page_of(client.get("/leads/", query))
    return {link.get_text().strip() for link in page.select("tbody th a")}


def sheet(answer: Any) -> list[list[Any]]:
    """Return the cells of an Excel answer."""
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_everybody_sees_the_own_area_only(world: World, client_as: As) -> None:
    assert names(client_as("village", VILLAGE)) == {world.old.name}
    assert names(client_as("town", TOWN)) == {world.old.name, world.poor.name}
    assert world.far.name in names(client_as("prefecture", PREFECTURE))


def test_a_place_asked_for_outside_the_area_shows_the_own(world: World, client_as: As) -> None:
    assert world.far.name not in names(client_as("town", TOWN), place=FAR)


def test_choosing_a_place_keeps_it_when_another_filter_is_sent(world: World, client_as: As) -> None:
    client = client_as("town", TOWN)
    assert names(client, place=NEIGHBOUR) == {world.poor.name}
    page = page_of(client.get("/leads/", {"place": NEIGHBOUR}))
    chosen = page.select_one("select[name=place] option[selected]")
    assert chosen is not None and chosen["value"] == NEIGHBOUR


def test_filters_narrow(world: World, client_as: As, account_for: Callable[..., Any]) -> None:
    client = client_as("county", COUNTY)
    lead = world.lead(world.old)
    assert names(client, q=world.old.id_number[-4:]) == {world.old.name}
    assert names(client, item=str(lead.item_id)) == {world.old.name}
    assert names(client, kind="entitled") == {world.old.name, world.poor.name}
    assert names(client, state="delivered") == set()
    officer = account_for("village", VILLAGE)
    Lead.objects.filter(pk=lead.pk).update(assignee=officer)
    assert names(client, who=str(officer.pk)) == {world.old.name}
    assert names(client, who="none") == {world.old.name, world.poor.name}


def test_what_nobody_offers_counts_as_not_chosen(world: World, client_as: As) -> None:
    client = client_as("town", TOWN)
    everybody = {world.old.name, world.poor.name}
    assert names(client, kind="x", due="yesterday", item="999999", who="abc") == everybody


def test_late_leads_stand_in_their_tab_and_in_the_menu(world: World, client_as: As) -> None:
    Lead.objects.filter(person=world.old).update(due_on="2026-11-03")
    client = client_as("village", VILLAGE)
    assert names(client, due="overdue") == {world.old.name}
    assert "已过期 2 天" in text_of(client.get("/leads/", {"due": "overdue"}))
    badge = page_of(client.get("/")).select_one("nav .k-count-urgent")
    assert badge is not None


def test_by_person_everything_of_one_visit_stands_together(world: World, client_as: As) -> None:
    page = page_of(client_as("village", VILLAGE).get("/leads/", {"by": "person"}))
    rows = page.select("ul.k-rows > li")
    assert len(rows) == 1
    assert rows[0]["data-href"] == f"/leads/visit/{world.old.pk}/"
    assert "高龄津贴" in rows[0].get_text()
    assert "件事" in rows[0].get_text()


def test_htmx_gets_the_list_alone_and_the_same(world: World, client_as: As) -> None:
    client = client_as("town", TOWN)
    whole = page_of(client.get("/leads/", {"kind": "entitled"})).select_one("#leads-list")
    part = page_of(client.get("/leads/", {"kind": "entitled"}, headers={"HX-Request": "true"}))
    assert part.find("html") is None
    assert whole is not None
    assert whole.select("tbody th a") == part.select("tbody th a")


def test_the_sheet_has_the_filtered_leads_masked_and_says_who_took_it(
    world: World, client_as: As
) -> None:
    client = client_as("town", TOWN)
    answer = client.get("/leads/export.xlsx", {"place": NEIGHBOUR})
    cells = sheet(answer)
    flat = [str(cell) for row in cells for cell in row]
    assert world.poor.name in flat
    assert world.old.name not in flat
    assert "导出人" in cells[1][0]
    assert world.poor.id_number not in flat
    assert any("**********" in cell for cell in flat)


def test_a_role_without_leads_is_refused(world: World, client_as: As) -> None:
    assert client_as("clerk", COUNTY).get("/leads/").status_code == 403
    assert client_as("system_admin", PREFECTURE).get("/leads/export.xlsx").status_code == 403


def test_the_village_cannot_assign_in_bulk(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    assert "分派" not in [
        button.get_text().strip() for button in page_of(client.get("/leads/")).select("button")
    ]
    data = {"action": "assign", "chosen": [world.lead(world.old).pk]}
    assert client.post("/leads/bulk/", data).status_code == 403


def test_an_empty_board_says_what_will_come(places: None, client_as: As) -> None:
    assert "还没有线索" in text_of(client_as("town", TOWN).get("/leads/"))


def test_progress_counts_places_one_level_down(world: World, client_as: As) -> None:
    Lead.objects.filter(person=world.old).update(state="delivered", closed_on="2026-11-04")
    words = text_of(client_as("county", COUNTY).get("/leads/progress/"))
    assert "喀拉喀什镇" in words and "%" in words
    cells = sheet(client_as("town", TOWN).get("/leads/progress.xlsx"))
    assert {"阔纳巴扎村", "夏普吐鲁克村"} <= {str(row[0]) for row in cells}


def test_leads_of_an_unknown_town_stand_under_a_name_of_their_own(
    world: World, client_as: As
) -> None:
    Lead.objects.filter(person=world.poor).update(place_code=COUNTY)
    client = client_as("county", COUNTY)
    page = page_of(client.get("/leads/progress/"))
    assert "墨玉县（下级地点不详）" in page.get_text()
    # It opens the leads, not this page again.
    assert page.select_one(f'tbody a[href="/leads/?place={COUNTY}"]')
    assert "下级地点不详" in text_of(client.get("/"))


def test_queries_do_not_grow_with_leads(
    world: World, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", COUNTY)

    def look() -> None:
        for query in ({}, {"by": "person"}, {"q": "测试"}, {"place": VILLAGE}):
            assert client.get("/leads/", query).status_code == 200
        assert client.get("/leads/progress/").status_code == 200

    more_leads(4)
    few = same_number_of_queries(look, look)
    more_leads(30, start=300)
    assert same_number_of_queries(look, look) == few
