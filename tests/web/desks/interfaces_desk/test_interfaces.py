"""Keys are shown once, nobody gives more than he has; hooks and what did not arrive."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    OTHER_COUNTY,
    TOWN,
    _fixed_day_and_own_folder,
    places,
    text_of,
)
from yanglao.domain.clients.models import ApiKey, Delivery, Hook
from yanglao.domain.clients.public import make_hook
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
ClientAs = Callable[..., Client]
KEY = {
    "name": "县医保系统",
    "area": COUNTY,
    "scopes": ["people.read", "evaluate"],
    "per_minute": "60",
    "per_day": "1000",
    "expires_on": "2027-03-01",
}
HOOK = {
    "name": "数据局",
    "url": "https://1.1.1.1/in",
    "area": COUNTY,
    "events": ["lead_moved"],
    "signing": "sm3",
}


def test_a_key_is_shown_once_and_works(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    page = text_of(client.post("/interfaces/keys/new/", KEY))
    secret = re.search(r"yl_\w{12}_[\w-]{43}", page)
    assert secret is not None
    answer = Client().get("/api/v1/key", headers={"Authorization": f"Bearer {secret[0]}"})
    assert answer.json()["area_code"] == COUNTY
    listed = client.get("/interfaces/").content.decode()
    assert "县医保系统" in listed and secret[0] not in listed
    pk = ApiKey.objects.get().pk
    assert client.post(f"/interfaces/keys/{pk}/revoke/", {"reason": "下线"}).status_code == 302
    answer = Client().get("/api/v1/key", headers={"Authorization": f"Bearer {secret[0]}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": OTHER_COUNTY},
        {"scopes": []},
        {"scopes": ["people.identity"]},
        {"expires_on": "2026-11-05"},
        {"expires_on": "2030-01-01"},
        {"per_minute": "0"},
        {"name": "x" * 41},
    ],
)
def test_what_is_wrong_is_told(wrong: dict[str, Any], client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    assert client.post("/interfaces/keys/new/", {**KEY, **wrong}).status_code == 422
    assert not ApiKey.objects.exists()


def test_only_who_manages_clients_sees_the_desk(client_as: ClientAs) -> None:
    for role, area in (("town", TOWN), ("clerk", COUNTY), ("system_admin", COUNTY)):
        assert client_as(role, area).get("/interfaces/").status_code == 403


def test_a_hook_and_its_dead_letters(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    page = text_of(client.post("/interfaces/hooks/new/", HOOK))
    secret = re.search(r"ylh_[\w-]{43}", page)
    assert secret is not None
    hook = Hook.objects.get()
    assert secret[0].encode() not in bytes(hook.sealed_secret)
    dead = Delivery.objects.create(
        hook=hook, event_id=1, kind="lead_moved", state="dead", tries=8, made_at=clock.now()
    )
    assert "送不到" in text_of(client.get(f"/interfaces/hooks/{hook.pk}/"))
    assert client.post(f"/interfaces/deliveries/{dead.pk}/again/").status_code == 302
    dead.refresh_from_db()
    assert (dead.state, dead.tries) == ("waiting", 0)
    client.post(f"/interfaces/hooks/{hook.pk}/switch/")
    hook.refresh_from_db()
    assert hook.active is False


@pytest.mark.parametrize(
    "url",
    [
        "http://203.0.113.7/",
        "https://127.0.0.1/",
        "https://localhost:8000/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://user:pass@203.0.113.7/",
        "ftp://203.0.113.7/",
        "javascript:alert(1)",
        "https://203.0.113.7/ x",
    ],
)
def test_addresses_inside_are_refused(url: str, client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    assert client.post("/interfaces/hooks/new/", {**HOOK, "url": url}).status_code == 422
    assert not Hook.objects.exists()


def test_nothing_of_another_county(client_as: ClientAs) -> None:
    made = make_hook(
        name="远县独名系统",
        url="https://203.0.113.7/",
        area_code=OTHER_COUNTY,
        events=["lead_moved"],
        signing="sha256",
        acting=system_reader(),
    )
    client = client_as("county", COUNTY)
    assert "远县独名系统" not in client.get("/interfaces/hooks/").content.decode()
    assert client.get(f"/interfaces/hooks/{made.pk}/").status_code == 404
    assert client.post(f"/interfaces/hooks/{made.pk}/switch/").status_code == 404
    assert Hook.objects.get(pk=made.pk).active is True
