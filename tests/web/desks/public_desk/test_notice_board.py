"""公示栏: for everybody, names masked, only while it hangs out, at an address that stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.flows import population as p
from tests.web.desks.factories import COUNTY, FAR, TODAY, TOWN, World, page_of, text_of
from yanglao.domain.benefits.models import Case, Notice
from yanglao.domain.catalogue.public import items, versions
from yanglao.kernel.names import mask_name

pytestmark = pytest.mark.django_db


def masked(name: str) -> str:
    """A name as the board shows it."""
    return mask_name(name).replace("*", "＊")


def posted(person: Any, **more: Any) -> Case:
    """A case of a person on a notice that hangs out today."""
    item = items("hetian").get(code="06")
    days: dict[str, Any] = {"from_on": TODAY - timedelta(days=2), "to_on": TODAY}
    notice = Notice.objects.create(
        place_code=f"{person.place_code[:9]}000",
        item=item,
        made_at="2026-11-01T00:00:00+08:00",
        made_by="试",
        **(days | more),
    )
    return Case.objects.create(
        person=person,
        item=item,
        version=versions()[0],
        benefit="nursing",
        place_code=person.place_code,
        state="noticed",
        status="yes",
        fen=11000,
        applied_on=TODAY,
        judged_on=TODAY,
        state_on=TODAY,
        notice=notice,
    )


def test_everybody_reads_masked_names_and_nothing_else(world: World) -> None:
    posted(world.old)
    page = text_of(Client().get(f"/board/{TOWN}/"))
    assert masked(world.old.name) in page and world.old.name not in page
    assert world.old.id_number not in page and "110" in page
    assert "有意见" in page and "拟享受人员公示" in page
    answer = Client().get(f"/board/{TOWN}/")
    assert "noindex" in answer.headers["X-Robots-Tag"] and not answer.cookies.get("sessionid")
    county = page_of(Client().get(f"/board/{COUNTY}/"))
    assert [one["href"] for one in county.select("main .k-choice")] == [f"/board/{TOWN}/"]
    start = page_of(Client().get("/board/"))
    assert [one["href"] for one in start.select("main .k-choice")] == [f"/board/{COUNTY}/"]


@pytest.mark.parametrize(
    "days",
    [
        {"from_on": TODAY - timedelta(days=9), "to_on": TODAY - timedelta(days=1)},
        {"from_on": TODAY + timedelta(days=1), "to_on": TODAY + timedelta(days=7)},
    ],
)
def test_a_notice_is_there_on_its_days_only(world: World, days: dict[str, Any]) -> None:
    posted(world.old, **days)
    for address in ("/board/", f"/board/{COUNTY}/", f"/board/{TOWN}/"):
        page = text_of(Client().get(address))
        assert "现在没有正在公示" in page and masked(world.old.name) not in page


def test_who_was_sent_back_or_approved_hangs_no_more(world: World) -> None:
    case = posted(world.old)
    Case.objects.filter(pk=case.pk).update(state="returned")
    assert "现在没有正在公示" in text_of(Client().get(f"/board/{TOWN}/"))


def test_another_town_or_an_unknown_place_shows_nothing_of_it(world: World) -> None:
    posted(world.old)
    page = text_of(Client().get(f"/board/{FAR[:9]}000/"))
    assert masked(world.old.name) not in page
    assert Client().get("/board/999999999999/").status_code == 404
    assert Client().get("/board/12/").status_code == 404


def test_many_on_the_board_cost_the_same(
    world: World, same_number_of_queries: Callable[..., int]
) -> None:
    posted(world.old)
    client = Client()

    def number() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/board/{TOWN}/").status_code == 200
        return len(queries)

    number()
    before = number()
    for one in range(40, 60):
        posted(p.elder(one))
    assert number() == before


def test_officers_print_the_address_on_the_sheet(
    world: World, client_as: Callable[..., Client]
) -> None:
    case = posted(world.old)
    sheet = text_of(client_as("county", COUNTY).get(f"/benefits/notices/{case.notice_id}/"))
    assert f"/board/{TOWN}/" in sheet
