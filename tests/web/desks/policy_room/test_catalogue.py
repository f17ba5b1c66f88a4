"""The catalogue on screen: words, counts of the area, people behind them, versions, rule book."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.flows import population as p
from tests.web.desks.match_desk.world import (
    COUNTY,
    OTHER_COUNTY,
    REGION,
    TOWN,
    VILLAGE,
    World,
    cells,
    match,
    more_people,
    status_of,
)
from yanglao.domain.catalogue.models import PackVersion
from yanglao.domain.catalogue.public import publish_pack
from yanglao.engines.policy.pack import Pack
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]

AREAS = {
    "system_admin": REGION,
    "prefecture": REGION,
    "county": COUNTY,
    "town": TOWN,
    "village": VILLAGE,
    "clerk": COUNTY,
}
PAGES = ("catalogue", "rule-book", "rule-book-text", "versions", "compare", "catalogue-export")


@pytest.mark.parametrize("role", AREAS)
def test_everybody_reads_the_catalogue(world: World, client_as: ClientAs, role: str) -> None:
    client = client_as(role, AREAS[role])
    for name in PAGES:
        assert status_of(client, reverse(f"policy_room:{name}")) == 200, name
    assert client.get(reverse("policy_room:item", args=["06"])).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("village", 200), ("clerk", 403), ("system_admin", 403)]
)
def test_names_are_for_those_who_see_people(
    world: World, client_as: ClientAs, role: str, status: int
) -> None:
    client = client_as(role, AREAS[role])
    assert client.get(reverse("policy_room:people", args=["06"])).status_code == status
    assert status_of(client, reverse("policy_room:people-export", args=["06"])) == status
    page = client.get(reverse("policy_room:item", args=["06"])).content.decode()
    assert (reverse("policy_room:people", args=["06"]) in page) == (status == 200)


def test_no_list_in_force_says_so(db: None, client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    assert "还没有生效的清单" in client.get(reverse("policy_room:catalogue")).content.decode()
    assert "还没有生效的清单" in client.get(reverse("policy_room:rule-book")).content.decode()
    for name in ("rule-book-text", "catalogue-export"):
        assert client.get(reverse(f"policy_room:{name}")).status_code == 404
    assert client.get(reverse("policy_room:item", args=["06"])).status_code == 404


def test_an_item_that_is_not_on_the_list_is_not_found(world: World, client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    for name in ("item", "people", "people-export"):
        assert client.get(reverse(f"policy_room:{name}", args=["99"])).status_code == 404


def test_each_item_is_told_by_its_own_rule(world: World, client_as: ClientAs) -> None:
    page = client_as("county", COUNTY).get(reverse("policy_room:catalogue")).content.decode()
    for code in ("01", "06", "16a", "16b", "17"):
        assert reverse("policy_room:item", args=[code]) in page
    assert "年满 80 周岁" in page


def _yes(client: Client, code: str) -> int:
    rows = cells(client.get(reverse("policy_room:catalogue-export")))
    head = next(row for row in rows if "符合" in row)
    row = next(row for row in rows if str(row[0]).startswith(f"{code} "))
    return int(row[head.index("符合")])


def test_counts_are_those_of_the_area(world: World, client_as: ClientAs) -> None:
    assert _yes(client_as("prefecture", REGION), "06") == 2
    assert _yes(client_as("county", COUNTY), "06") == 1
    assert _yes(client_as("village", p.NEIGHBOUR), "06") == 0


def test_an_item_shows_map_chart_and_numbers(world: World, client_as: ClientAs) -> None:
    page = client_as("prefecture", REGION).get(reverse("policy_room:item", args=["06"]))
    text = page.content.decode()
    assert "墨玉县" in text
    assert "示意图" in text
    assert "规则原文" in text
    assert "未公布" in text
    # One line for a table of which nothing is published, not one for each place and age.
    assert text.count("未公布") == 1


def test_people_are_those_of_the_area(world: World, client_as: ClientAs) -> None:
    url = reverse("policy_room:people", args=["06"])
    county = client_as("county", COUNTY).get(url).content.decode()
    assert world.here.name in county
    assert world.far.name not in county
    assert world.young.name not in county
    assert world.here.id_number not in county
    other = client_as("county", OTHER_COUNTY).get(url).content.decode()
    assert world.far.name in other
    assert world.here.name not in other


def test_people_can_be_filtered(world: World, client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    url = reverse("policy_room:people", args=["06"])
    assert world.here.name in client.get(url, {"status": "1"}).content.decode()
    assert world.here.name not in client.get(url, {"status": "2"}).content.decode()
    assert world.here.name in client.get(url, {"status": "nonsense"}).content.decode()
    part = client.get(url, {"had": "yes"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "这里没有人符合" in part


def test_the_export_of_people_has_reasons_and_no_numbers(world: World, client_as: ClientAs) -> None:
    rows = cells(client_as("county", COUNTY).get(reverse("policy_room:people-export", args=["06"])))
    mine = next(row for row in rows if world.here.name in map(str, row))
    assert any("已满 80 周岁" in str(cell) for cell in mine)
    assert not any(world.here.id_number in str(cell) for row in rows for cell in row)
    assert not any(world.far.name in str(cell) for row in rows for cell in row)


def test_pages_ask_the_same_for_few_and_many(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    urls = [
        reverse("policy_room:catalogue"),
        reverse("policy_room:item", args=["06"]),
        reverse("policy_room:people", args=["11"]),
    ]

    def ask() -> None:
        for url in urls:
            assert client.get(url).status_code == 200

    ask()  # Codes and shapes are read once.
    with CaptureQueriesContext(connection) as few:
        ask()
    more_people(12)
    match()
    with CaptureQueriesContext(connection) as many:
        ask()
    assert len(few) == len(many)


def test_the_rule_book_has_every_item_and_its_source(world: World, client_as: ClientAs) -> None:
    client = client_as("town", TOWN)
    page = client.get(reverse("policy_room:rule-book")).content.decode()
    for code in ("01", "09", "16b", "17"):
        assert f'id="item-{code}"' in page
    assert "hetian/catalogue.yaml:" in page
    assert "经济困难" in page
    answer = client.get(reverse("policy_room:rule-book-text"))
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("# ")
    assert "## 06 高龄津贴" in text


def _second_version(change: Callable[[str], str]) -> PackVersion:
    """Publish the list again with one text of it changed."""
    ready = p.ready("hetian")
    source = {path: change(text) for path, text in ready.source.items()}
    pack = Pack.from_source(source)
    version, _new = publish_pack(
        pack=replace(ready, source=source, hash=pack.hash),
        in_force_from=date(2027, 1, 1),
        acting=system_reader(),
    )
    return version


def test_one_version_has_nothing_to_compare_with(world: World, client_as: ClientAs) -> None:
    page = client_as("county", COUNTY).get(reverse("policy_room:compare")).content.decode()
    assert "只有一个版本" in page


def test_two_versions_are_compared_in_words(world: World, client_as: ClientAs) -> None:
    later = _second_version(lambda text: text.replace("地区民政局", "地区民政局和财政局"))
    client = client_as("county", COUNTY)
    page = client.get(reverse("policy_room:compare")).content.decode()
    assert "地区民政局和财政局" in page
    assert "牵头部门" in page
    same = client.get(reverse("policy_room:compare"), {"before": later.pk, "after": later.pk})
    assert "选的是同一个版本" in same.content.decode()
    half = client.get(reverse("policy_room:compare"), {"before": later.pk})
    assert "请选两个版本" in half.content.decode()
    listed = client.get(reverse("policy_room:versions")).content.decode()
    assert later.hash[:16] in listed
