"""The desk of early finding: asked on a page, followed to the end, in one's own area."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.test import Client

from tests.flows import population as p
from tests.web.desks.factories import (
    COUNTY,
    FAR,
    NEIGHBOUR,
    PREFECTURE,
    TODAY,
    TOWN,
    VILLAGE,
    page_of,
    text_of,
)
from yanglao.domain.health.models import Screening, Worsening
from yanglao.domain.health.public import FoundWorse, write_worse
from yanglao.domain.people.models import Person
from yanglao.flows.screen_health import screen_person
from yanglao.foundation.models import AuditEntry, Job
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

As = Callable[..., Client]
READER = system_reader(PREFECTURE, name="测试")


@pytest.fixture
def people(places: None) -> dict[str, Person]:
    """One of the village, one next door, one of another county; all with a problem."""
    p.publish()
    found = {"here": p.elder(1), "next": p.elder(2, place=NEIGHBOUR), "far": p.elder(3, place=FAR)}
    for person in found.values():
        screen(person)
        worse(person)
    return found


def screen(person: Person) -> Screening:
    return screen_person(
        person_id=person.pk,
        answers={"mood.down": "yes"},
        screened_on=date(2026, 10, 1),
        acting=READER,
    )


def worse(person: Person) -> None:
    found = FoundWorse(person.pk, person.place_code, "ability", "1", "3", 10)
    write_worse([found], found_on=TODAY, since=date(2025, 11, 5), region=PREFECTURE, acting=READER)


def names(client: Client, url: str, **query: str) -> set[str]:
    page = page_of(client.get(url, query))
    links = page.select("#screenings tbody th a, #worsenings tbody th a")
    return {link.get_text().strip() for link in links}


def test_everybody_sees_the_own_area_only(people: dict[str, Person], client_as: As) -> None:
    for url in ("/early/", "/early/worse/"):
        assert names(client_as("village", VILLAGE), url) == {people["here"].name}
        town = names(client_as("town", TOWN), url)
        assert town == {people["here"].name, people["next"].name}


def test_another_area_s_rows_are_not_there(people: dict[str, Person], client_as: As) -> None:
    client = client_as("town", TOWN)
    screening = Screening.objects.get(person=people["far"])
    row = Worsening.objects.get(person=people["far"])
    for url in (
        f"/early/{screening.pk}/",
        f"/early/worse/{row.pk}/",
        f"/early/person/{people['far'].pk}/",
        f"/early/person/{people['far'].pk}/screen/",
    ):
        assert client.get(url).status_code == 404


def test_a_clerk_of_a_department_has_no_such_desk(places: None, client_as: As) -> None:
    assert client_as("clerk", COUNTY).get("/early/").status_code == 403


def test_asking_on_the_page_records_what_it_tells(people: dict[str, Person], client_as: As) -> None:
    client = client_as("village", VILLAGE)
    url = f"/early/person/{people['here'].pk}/screen/"
    page = page_of(client.get(url))
    assert len(page.select("fieldset")) >= 9
    sent = {"screened_on": TODAY.isoformat(), "hearing.whisper": "no", "note": "戴助听器"}
    shown = text_of(client.post(url, sent, follow=True))
    assert "听力" in shown
    assert "查耳道和听力" in shown
    newest = Screening.objects.get(person=people["here"], newest=True)
    assert newest.failed == ["hearing"]
    assert "mood" in newest.unclear
    empty = text_of(client.post(url, {"screened_on": TODAY.isoformat()}), 422)
    assert "一题" in empty


def test_a_problem_is_followed_to_the_end(people: dict[str, Person], client_as: As) -> None:
    client = client_as("village", VILLAGE)
    found = Screening.objects.get(person=people["here"])
    board = text_of(client.get("/early/"))
    assert "过期" in board
    sent = {"to_step": "assessed", "due_on": "2026-12-01", "words": "王医生上门，量表 8 分"}
    assert "量表 8 分" in text_of(client.post(f"/early/{found.pk}/move/", sent, follow=True))
    wrong = text_of(client.post(f"/early/{found.pk}/move/", {**sent, "words": ""}), 422)
    assert "做了什么" in wrong
    assert AuditEntry.objects.filter(action="screening_opened", kind="read").exists()


def test_who_got_worse_is_looked_at(people: dict[str, Person], client_as: As) -> None:
    client = client_as("village", VILLAGE)
    row = Worsening.objects.get(person=people["here"])
    assert "重度失能" in text_of(client.get(f"/early/worse/{row.pk}/"))
    client.post(f"/early/worse/{row.pk}/", {"to_state": "acted", "words": "已申请评估"})
    assert names(client, "/early/worse/") == set()
    assert names(client, "/early/worse/", state="any") == {people["here"].name}


def test_the_prefecture_can_look_again(places: None, client_as: As) -> None:
    client_as("prefecture", PREFECTURE).post("/early/worse/look/")
    assert Job.objects.filter(name="look_for_worse").exists()


def test_queries_do_not_grow_with_rows(
    people: dict[str, Person], client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", COUNTY)
    for url in ("/early/", "/early/worse/"):
        client.get(url)
        few = same_number_of_queries(partial(client.get, url), partial(client.get, url))
        start = Person.objects.count() + 10
        for number in range(start, start + 12):
            person = p.elder(number)
            screen(person)
            worse(person)
        many = same_number_of_queries(partial(client.get, url), partial(client.get, url))
        assert many == few


def test_sheets_hold_the_own_area(people: dict[str, Person], client_as: As) -> None:
    client = client_as("village", VILLAGE)
    for url in ("/early/screenings.xlsx", "/early/worse.xlsx"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"PK")
