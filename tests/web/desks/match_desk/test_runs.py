"""Runs on screen: who sees which, counts of one's own area, exports, constant queries."""

from collections.abc import Callable

import pytest
from django.test import Client
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
)

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]

SEES_RUNS = {"prefecture": REGION, "county": COUNTY, "town": TOWN, "system_admin": REGION}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("prefecture", 200),
        ("county", 200),
        ("town", 200),
        ("system_admin", 200),
        ("village", 403),
        ("clerk", 403),
    ],
)
def test_runs_are_for_those_who_may_see_them(
    world: World, client_as: ClientAs, role: str, status: int
) -> None:
    areas = SEES_RUNS | {"village": VILLAGE, "clerk": COUNTY}
    client = client_as(role, areas[role])
    assert client.get(reverse("match_desk:runs")).status_code == status
    assert client.get(reverse("match_desk:run", args=[world.run.pk])).status_code == status


def test_an_empty_instance_says_what_to_do_first(db: None, client_as: ClientAs) -> None:
    page = client_as("county", COUNTY).get(reverse("match_desk:runs"))
    assert "还没有比对过" in page.content.decode()


def test_a_run_that_never_was_is_not_found(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    assert client.get(reverse("match_desk:run", args=[99999])).status_code == 404
    assert client.get(reverse("match_desk:changes", args=[99999])).status_code == 404


def _yes(client: Client, run_id: int, code: str) -> int:
    rows = cells(client.get(reverse("match_desk:run-export", args=[run_id])))
    return next(int(row[1]) for row in rows if str(row[0]).startswith(f"{code} "))


def test_counts_are_those_of_the_area(world: World, client_as: ClientAs) -> None:
    assert _yes(client_as("prefecture", REGION), world.run.pk, "06") == 2
    assert _yes(client_as("county", COUNTY), world.run.pk, "06") == 1
    assert _yes(client_as("county", OTHER_COUNTY), world.run.pk, "06") == 1


def test_drilling_down_narrows_the_counts(world: World, client_as: ClientAs) -> None:
    client = client_as("prefecture", REGION)
    whole = client.get(reverse("match_desk:run", args=[world.run.pk])).content.decode()
    part = client.get(
        reverse("match_desk:run", args=[world.run.pk]), {"place": OTHER_COUNTY}
    ).content.decode()
    assert whole != part
    assert f"place={OTHER_COUNTY}" in part


def test_the_export_of_a_run_is_for_those_who_see_runs(world: World, client_as: ClientAs) -> None:
    url = reverse("match_desk:run-export", args=[world.run.pk])
    assert client_as("village", VILLAGE).get(url).status_code == 403
    assert client_as("system_admin", REGION).get(url).status_code == 403


def test_the_first_run_leads_to_the_people_and_a_later_one_to_what_changed(
    world: World, client_as: ClientAs
) -> None:
    client = client_as("prefecture", REGION)
    first = client.get(reverse("match_desk:run", args=[world.run.pk])).content.decode()
    assert reverse("policy_room:people", args=["06"]) in first
    assert reverse("match_desk:changes", args=[world.run.pk]) not in first
    p.state(world.young, "assistance")
    later = match()
    page = client.get(reverse("match_desk:run", args=[later.pk])).content.decode()
    assert reverse("match_desk:changes", args=[later.pk]) in page


def test_changes_say_who_what_and_why_in_the_area_only(world: World, client_as: ClientAs) -> None:
    p.state(world.young, "assistance")
    p.state(world.far, "assistance")
    later = match()
    url = reverse("match_desk:changes", args=[later.pk])
    county = client_as("county", COUNTY).get(url).content.decode()
    assert world.young.name in county
    assert world.far.name not in county
    assert "社会救助" in county
    assert world.far.name in client_as("prefecture", REGION).get(url).content.decode()


def test_changes_can_be_filtered_and_exported(world: World, client_as: ClientAs) -> None:
    p.state(world.young, "assistance")
    later = match()
    client = client_as("county", COUNTY)
    url = reverse("match_desk:changes", args=[later.pk])
    lost = client.get(url, {"kind": "lost"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in lost
    rows = cells(client.get(reverse("match_desk:changes-export", args=[later.pk])))
    told = [row for row in rows if world.young.name in map(str, row)]
    assert told
    assert any("低保" in str(cell) for row in told for cell in row)


def test_who_reads_no_file_reads_no_changes(world: World, client_as: ClientAs) -> None:
    """The administrator keeps the machine; names and circumstances are not his business."""
    client = client_as("system_admin", REGION)
    assert client.get(reverse("match_desk:changes", args=[world.run.pk])).status_code == 403
    page = client.get(reverse("match_desk:run", args=[world.run.pk])).content.decode()
    assert reverse("policy_room:people", args=["06"]) not in page


def test_pages_of_runs_ask_the_same_for_few_and_many(
    world: World,
    client_as: ClientAs,
    same_number_of_queries: Callable[..., int],
) -> None:
    client = client_as("prefecture", REGION)
    p.state(world.young, "assistance")
    few = match()
    for name in ("match_desk:run", "match_desk:changes"):
        client.get(reverse(name, args=[few.pk]))
    more_people(15)
    many = match()
    for name in ("match_desk:run", "match_desk:changes"):
        same_number_of_queries(
            lambda name=name: client.get(reverse(name, args=[few.pk])),
            lambda name=name: client.get(reverse(name, args=[many.pk])),
        )
    match()
    same_number_of_queries(
        lambda: client.get(reverse("match_desk:runs")),
        lambda: client.get(reverse("match_desk:runs"), {"sort": "people"}),
    )
