"""The status desk: whose steps, which people, what changed, and what waits for a person."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.flows import population as p
from tests.web.desks.factories import (
    COUNTY,
    FAR,
    NEIGHBOUR,
    OTHER_COUNTY,
    PREFECTURE,
    TODAY,
    TOWN,
    VILLAGE,
    page_of,
    text_of,
)
from yanglao.domain.people.models import Person
from yanglao.domain.statuses.models import StatusHold, StatusTask
from yanglao.flows.follow_statuses import follow_statuses
from yanglao.foundation.models import AuditEntry, Job
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

As = Callable[..., Client]
READER = system_reader(PREFECTURE, name="测试")


def tekun(number: int, place: str = VILLAGE) -> Person:
    said = {"assistance": "tekun", "support_mode": "dispersed", "tekun_care": "self"}
    return p.elder(number, place=place, assistance=said)


def follow(as_of: date = TODAY) -> Any:
    return follow_statuses(region=PREFECTURE, as_of=as_of, acting=READER)


@pytest.fixture
def people(places: None) -> dict[str, Person]:
    """One who had it before; two of a town and one of another county who have it since."""
    p.publish()
    p.cover()
    found = {"before": tekun(1)}
    follow(TODAY - timedelta(days=20))
    found |= {"here": tekun(2), "next": tekun(3, NEIGHBOUR), "far": tekun(4, FAR)}
    follow(TODAY - timedelta(days=12))
    return found


def names(client: Client, url: str = "/status/", **query: str) -> set[str]:
    page = page_of(client.get(url, query))
    return {link.get_text().strip() for link in page.select("tbody th a")}


def test_everybody_sees_the_own_area_only(people: dict[str, Person], client_as: As) -> None:
    for url in ("/status/", "/status/changes/"):
        found = names(client_as("village", VILLAGE), url)
        assert people["here"].name in found
        assert not found & {people["next"].name, people["far"].name}
    town = names(client_as("town", TOWN))
    assert town == {people["here"].name, people["next"].name}
    assert names(client_as("village", VILLAGE), "/status/people/") == {
        people["before"].name,
        people["here"].name,
    }


def test_the_sheet_holds_the_same_people(people: dict[str, Person], client_as: As) -> None:
    answer = client_as("town", TOWN).get("/status/tasks.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    cells = " ".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)
    assert people["next"].name in cells
    assert people["far"].name not in cells


def test_a_clerk_of_a_department_has_no_such_desk(client_as: As, places: None) -> None:
    assert client_as("clerk", COUNTY).get("/status/").status_code == 403


def test_filters_and_shortcuts_narrow(people: dict[str, Person], client_as: As) -> None:
    client = client_as("county", COUNTY)
    late = page_of(client.get("/status/", {"due": "overdue"}))
    assert "签订供养协议" in late.get_text()
    assert "落实照料护理人" not in " ".join(one.get_text() for one in late.select("tbody"))
    assert names(client, level="village", q=people["here"].name) == {people["here"].name}
    assert names(client, status="relief") == set()


def test_the_part_equals_the_same_part_of_the_page(
    people: dict[str, Person], client_as: As
) -> None:
    client = client_as("county", COUNTY)
    whole = page_of(client.get("/status/"))
    part = page_of(client.get("/status/", headers={"HX-Request": "true"}))
    listed = whole.select_one("#status-tasks tbody")
    assert listed is not None and part.select_one("tbody") is not None
    assert listed.get_text() == part.select_one("tbody").get_text()  # type: ignore[union-attr]


def test_queries_do_not_grow_with_rows(
    people: dict[str, Person],
    client_as: As,
    same_number_of_queries: Callable[..., int],
) -> None:
    client = client_as("county", COUNTY)
    for url in ("/status/", "/status/people/", "/status/changes/"):
        client.get(url)

        def more(url: str = url) -> None:
            client.get(url)

        def grown(url: str = url) -> None:
            start = Person.objects.count() + 10
            for number in range(start, start + 15):
                tekun(number)
            follow()
            client.get(url)

        few = same_number_of_queries(more, more)
        grown()
        assert same_number_of_queries(more, more) == few


def test_a_step_is_done_and_opened_again(people: dict[str, Person], client_as: As) -> None:
    client = client_as("village", VILLAGE)
    task = StatusTask.objects.get(person=people["here"], step="carer")
    assert "落实照料护理人" in text_of(client.get(f"/status/{task.pk}/"))
    assert AuditEntry.objects.filter(action="status_opened", kind="read").exists()
    told = client.post(f"/status/{task.pk}/move/", {"to_state": "not_needed", "words": ""})
    assert "写明原因" in text_of(told, 422)
    client.post(f"/status/{task.pk}/move/", {"to_state": "done", "words": "侄子照料，已签"})
    assert "侄子照料" in text_of(client.get(f"/status/{task.pk}/"))
    client.post(f"/status/{task.pk}/move/", {"to_state": "open"})
    task.refresh_from_db()
    assert task.state == "open"


def test_several_steps_at_once(people: dict[str, Person], client_as: As) -> None:
    client = client_as("town", TOWN)
    ids = list(StatusTask.objects.filter(step="agreement").values_list("pk", flat=True))
    asked = client.post("/status/bulk/", {"action": "done", "chosen": ids})
    assert "2 件事" in text_of(asked)  # the one of the other county is not among them
    client.post(
        "/status/bulk/", {"action": "done", "chosen": ids, "confirm": "1", "words": "集中签"}
    )
    states = dict(StatusTask.objects.filter(step="agreement").values_list("person_id", "state"))
    assert states[people["here"].pk] == states[people["next"].pk] == "done"
    assert states[people["far"].pk] == "open"


def test_a_step_of_another_area_is_not_there(people: dict[str, Person], client_as: As) -> None:
    task = StatusTask.objects.filter(person=people["far"]).first()
    assert task is not None
    client = client_as("town", TOWN)
    assert client.get(f"/status/{task.pk}/").status_code == 404
    assert client.post(f"/status/{task.pk}/move/", {"to_state": "done"}).status_code == 404
    assert client.get(f"/status/person/{people['far'].pk}/").status_code == 404


def test_the_person_s_page_tells_what_hangs_on_it(people: dict[str, Person], client_as: As) -> None:
    page = text_of(client_as("town", TOWN).get(f"/status/person/{people['here'].pk}/"))
    assert "特困供养" in page
    assert "随身份开始和停止" in page
    assert "签订供养协议" in page
    had = text_of(client_as("town", TOWN).get(f"/status/person/{people['before'].pk}/"))
    assert "开始使用平台时已有" in had


def test_a_wave_of_endings_waits_for_the_prefecture(places: None, client_as: As) -> None:
    p.publish()
    p.cover()
    crowd = [tekun(number) for number in range(1, 31)]
    follow(TODAY - timedelta(days=20))
    for person in crowd:
        p.forget(person, "assistance")
    follow()
    hold = StatusHold.objects.get()
    client = client_as("prefecture", PREFECTURE)
    assert "一大批人" in text_of(client.get("/status/"))
    assert "30" in text_of(client.get(f"/status/held/{hold.pk}/"))
    assert "写明核对的情况" in text_of(client.post(f"/status/held/{hold.pk}/", {}), 422)
    for wrong, told in (("年审\x00退出", "看不见的控制字符"), ("退" * 201, "最多 200 个字")):
        assert told in text_of(client.post(f"/status/held/{hold.pk}/", {"reason": wrong}), 422)
    done = client.post(f"/status/held/{hold.pk}/", {"reason": "年审后确实退出"}, follow=True)
    assert "30 人的身份结束" in text_of(done)
    assert client_as("county", OTHER_COUNTY).get(f"/status/held/{hold.pk}/").status_code == 403


def test_the_prefecture_can_look_again(people: dict[str, Person], client_as: As) -> None:
    client_as("prefecture", PREFECTURE).post("/status/look/")
    assert Job.objects.filter(name="follow_statuses").exists()
