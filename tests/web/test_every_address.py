"""Every address as every role: nobody gets further than his permissions and his area.

The people of two counties stand in the register. Whoever answers for one of them must not meet
the other's on any page, list, count page or sheet, by any address, also when he knows the number
in it.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.desks.factories import OTHER_COUNTY, PREFECTURE, World
from tests.web.standing import (  # noqa: F401  fixtures
    ADDRESSES,
    AREAS,
    FAR_FILE,
    FAR_NAME,
    FAR_OFFICER,
    NARROW,
    Choices,
    Standing,
    choices,
    make_more_far,
    menu_counted_once,
    shut,
    standing,
    words,
    world,
)
from yanglao.domain.accounts.public import ROLE_PERMISSIONS, Role
from yanglao.domain.leads.models import Lead
from yanglao.foundation import clock

pytestmark = pytest.mark.django_db

#: The copy of his data to which a person has a right (个人信息保护法第四十五条): of a right of its
#: own, and each time on record (tests/web/desks/privacy_desk).
_HANDED_OUT = {"privacy_desk:copy-sheet", "privacy_desk:copy-plain"}


@pytest.mark.parametrize("role", [*AREAS])
def test_permission_and_area_hold_at_every_address(
    role: str,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
    standing: Standing,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    client = client_as(role, AREAS[role])
    granted = {str(permission) for permission in ROLE_PERMISSIONS[Role(role)]}
    secret = (FAR_NAME, FAR_OFFICER, FAR_FILE, world.far.id_number, *standing.far.secrets)
    opened, unmasked = 0, []
    for address in ADDRESSES:
        for url in address.urls(choices):
            response = client.get(url)
            assert response.status_code in {200, 302, 303, 403, 404, 405}, (
                url,
                response.status_code,
            )
            if address.permission and address.permission not in granted:
                assert response.status_code == 403, f"{role} opened {url}"
            if response.status_code == 200:
                opened += 1
                shown = words(response)
                met = role in NARROW and any(word in shown for word in secret)
                assert not met, f"{role} met him at {url}"
                unmasked += [
                    f"{what} at {url}"
                    for what, value in standing.near.masked.items()
                    if value in shown and address.name not in _HANDED_OUT
                ]
            shut(response)
    assert not unmasked, f"{role} reads without saying what for: {unmasked}"
    assert opened > 3, "the walk must get somewhere"


@pytest.mark.parametrize("role", [*NARROW])
def test_searching_and_asking_for_another_place_shows_no_one_else(
    role: str,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    client = client_as(role, AREAS[role])
    far_officer = choices["system_desk:close-account:pk"][0]
    questions = (
        f"place={world.far.place_code}",
        f"q={FAR_NAME}",
        f"q={world.far.id_number}",
        f"q={world.far.id_number[-4:]}",
        f"text={FAR_NAME}",
        f"place={PREFECTURE}",
        f"in={world.far.place_code}",
        f"at={OTHER_COUNTY}",
        f"area={OTHER_COUNTY}",
        f"who={far_officer}",
        f"assignee={far_officer}",
        f"person={world.far.pk}",
        f"state=any&who={far_officer}",
    )
    for address in ADDRESSES:
        if address.parameters or address.writes or address.public:
            continue
        for question in questions:
            response = client.get(f"{reverse(address.name)}?{question}")
            if response.status_code != 200:
                continue
            shown = words(response)
            shut(response)
            # What was typed stands in the search box again; a person is told by his link.
            assert f"/people/{world.far.pk}/" not in shown, (address.name, question)
            if FAR_NAME not in question and world.far.id_number not in question:
                assert FAR_NAME not in shown, (address.name, question)
            assert FAR_OFFICER not in shown, (address.name, question)
            assert FAR_FILE not in shown, (address.name, question)


@pytest.mark.parametrize("role", [*NARROW])
def test_nothing_far_can_be_changed(
    role: str,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    client = client_as(role, AREAS[role])
    before = list(Lead.objects.filter(person=world.far).order_by("pk").values())
    far = {"registry_desk": world.far.pk, "leads_desk": world.lead(world.far).pk}
    sent = {
        "to_state": "delivered",
        "state": "delivered",
        "action": "delivered",
        "chosen": [str(lead["id"]) for lead in before],
        "purpose": "核对",
    }
    for address in ADDRESSES:
        desk = address.name.partition(":")[0]
        if not address.writes or desk not in far:
            continue
        for key in address.parameters[:1] or ("",):
            value = world.far.pk if key == "person_pk" else far[desk]
            kwargs: dict[str, Any] = {key: value} if key else {}
            if "kind" in address.parameters:
                kwargs["kind"] = "survey"
            response = client.post(reverse(address.name, kwargs=kwargs), sent)
            assert response.status_code in {200, 302, 303, 400, 403, 404}, address.name
            assert FAR_NAME not in words(response), address.name
    assert list(Lead.objects.filter(person=world.far).order_by("pk").values()) == before


#: What differs from one answer to the next and says nothing about people.
_CHANGING = re.compile(
    r'nonce="[^"]*"|"csrf": *"[^"]*"|'
    r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"|\?v=\w+'
    r"|\b(?:chart|map|menu|kit|confirm)-\d+|<dcterms:.*?</dcterms:\w+>"
)
#: Pages that show the reader's own doings, which opening pages adds to.
_OWN_DOINGS = {"privacy_desk:who-looked", "account", "sessions"}


@pytest.mark.parametrize("role", [*NARROW])
def test_nothing_far_away_changes_anything_here(
    role: str,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
    world: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    menu_counted_once: dict[Any, Any],  # noqa: F811
) -> None:
    """Counts, charts, maps, drop-downs, sheets: all are the same whatever happens elsewhere.

    Two walks over every address; in between people, leads and officers come in the other county.
    A page that tells anything of them, if only by a number, differs.
    """
    client = client_as(role, AREAS[role])
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)

    def walk() -> dict[str, str]:
        seen = {}
        for address in ADDRESSES:
            if address.public or address.name in _OWN_DOINGS:
                continue
            for url in address.urls(choices):
                response = client.get(url)
                if response.status_code == 200:
                    seen[url] = _CHANGING.sub("", words(response))
                shut(response)
        return seen

    before = walk()
    menu_counted_once.clear()
    make_more_far(world)
    after = walk()
    assert len(before) > 5
    assert before.keys() == after.keys()
    for url, shown in before.items():
        assert shown == after[url], f"{role} learns of another county at {url}"


def test_strangers_see_the_public_pages_and_the_door(
    client: Client,
    choices: Choices,  # noqa: F811
) -> None:
    for address in ADDRESSES:
        for url in address.urls(choices):
            response = client.get(url)
            if address.public:
                assert response.status_code in {200, 302, 303, 405}, url
            else:
                assert response.status_code == 302, url
                assert re.match(r"/login/\?next=", response["Location"]), url


@pytest.mark.parametrize("role", [*AREAS])
def test_a_reading_screen_takes_no_post(
    role: str,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
) -> None:
    client = client_as(role, AREAS[role])
    for address in ADDRESSES:
        if address.writes or address.public:
            continue
        for url in address.urls(choices)[:1]:
            assert client.post(url).status_code in {403, 405}, url
