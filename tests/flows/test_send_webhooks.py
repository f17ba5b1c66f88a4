"""Webhooks: with the act or not at all, signed, without anybody's name, again until taken."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as national
from django.db import transaction

from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    OTHER_COUNTY,
    PREFECTURE,
    READER,
    World,
    _fixed_day_and_own_folder,
    match,
    places,
    world,
)
from yanglao.adapters.webhooks.sending import HttpSender
from yanglao.domain.clients.models import Delivery
from yanglao.domain.clients.public import EventKind, make_hook, send_again
from yanglao.domain.clients.types import RETRY_MINUTES
from yanglao.domain.leads.public import move_lead
from yanglao.flows.send_webhooks import anything_to_send, send_webhooks
from yanglao.foundation import outbox, ports
from yanglao.foundation.models import OutboxEvent
from yanglao.foundation.ports import RefusedAddress, Sent, WebhookSender
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db


class Other:
    """Another system that keeps what it is sent."""

    def __init__(self) -> None:
        self.answer = 200
        self.got: list[tuple[Mapping[str, str], bytes]] = []

    def check(self, url: str) -> None:
        """Every address is fine."""

    def send(self, *, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        self.got.append((headers, body))
        return Sent(self.answer, "" if self.answer == 200 else "busy")


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    one = Other()
    monkeypatch.setitem(ports._plugged, WebhookSender, one)
    return one


def hook(area: str = COUNTY, signing: str = "sha256", kinds: Any = EventKind.values) -> str:
    return make_hook(
        name="测试",
        url="https://203.0.113.7/in",
        area_code=area,
        events=list(kinds),
        signing=signing,
        acting=system_reader(),
    ).secret


def test_an_event_is_kept_with_its_act_or_not_at_all(world: World) -> None:  # noqa: F811
    before = OutboxEvent.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        move_lead(lead_id=world.lead(world.old).pk, to_state="contacted", acting=READER)
        raise RuntimeError("the act fails")
    assert OutboxEvent.objects.count() == before
    move_lead(lead_id=world.lead(world.old).pk, to_state="contacted", acting=READER)
    assert OutboxEvent.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_no_event_without_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        outbox.append("lead_moved", place_code=COUNTY)


@pytest.mark.parametrize("signing", ["sha256", "sm3"])
def test_signed_and_without_anybody(signing: str, world: World, other: Other) -> None:  # noqa: F811
    secret = hook(signing=signing)
    lead = world.lead(world.old)
    move_lead(lead_id=lead.pk, to_state="contacted", acting=READER, note="王某的电话 13812340000")
    assert anything_to_send()
    send_webhooks()
    told = [json.loads(body) for _headers, body in other.got]
    assert {one["event"] for one in told} == {"findings_changed", "lead_moved"}
    moved = next(one for one in told if one["event"] == "lead_moved")
    assert moved["data"]["leads"] == [lead.pk] and moved["data"]["to"] == "contacted"
    assert moved["link"].startswith("/api/v1/leads?")
    for headers, body in other.got:
        text = f"{headers['Yanglao-Moment']}.".encode() + body
        if signing == "sm3":
            mac = national.HMAC(secret.encode(), hashes.SM3())
            mac.update(text)
            expected = f"sm3={mac.finalize().hex()}"
        else:
            expected = f"sha256={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"
        assert headers["Yanglao-Signature"] == expected
        for word in (world.old.name, world.old.id_number, "13812340000"):
            assert word not in body.decode()
    assert not anything_to_send()
    send_webhooks()
    assert len(other.got) == len(told), "each event once"


def test_only_hooks_of_places_that_are_touched_hear(world: World, other: Other) -> None:  # noqa: F811
    hook(area=OTHER_COUNTY, kinds=["lead_moved"])
    move_lead(lead_id=world.lead(world.old).pk, to_state="contacted", acting=READER)
    send_webhooks()
    assert other.got == []
    move_lead(lead_id=world.lead(world.far).pk, to_state="contacted", acting=READER)
    send_webhooks()
    assert len(other.got) == 1


def test_counts_of_a_run_are_those_of_the_hooks_area(world: World, other: Other) -> None:  # noqa: F811
    from datetime import date

    from yanglao.domain.people.models import Person

    send_webhooks()
    hook(area=OTHER_COUNTY, kinds=["findings_changed"])
    hook(area=COUNTY, kinds=["findings_changed"])
    Person.objects.filter(pk=world.far.pk).update(died_on=date(2026, 10, 30))
    match(date(2027, 3, 1))
    send_webhooks()
    told = [json.loads(body)["data"] for _headers, body in other.got]
    assert all(set(one) == {"run", "new", "lost", "changed"} for one in told)


def test_again_and_again_then_dead_then_sent_again(
    world: World,  # noqa: F811
    other: Other,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send_webhooks()
    hook(kinds=["lead_moved"])
    move_lead(lead_id=world.lead(world.old).pk, to_state="contacted", acting=READER)
    other.answer = 503
    waits = []
    for _ in range(len(RETRY_MINUTES) + 1):
        send_webhooks()
        delivery = Delivery.objects.get()
        if delivery.next_at is not None:
            waits.append(delivery.next_at)
            assert not anything_to_send(), "not before its time"
            Delivery.objects.update(next_at=delivery.next_at - timedelta(days=30))
    assert delivery.state == "dead" and delivery.tries == len(RETRY_MINUTES) + 1
    assert waits == sorted(waits) and (delivery.status, delivery.note) == (503, "busy")
    other.answer = 200
    send_again(delivery_id=delivery.pk, acting=system_reader(PREFECTURE))
    send_webhooks()
    assert Delivery.objects.get().state == "sent"


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """A real server on this machine that keeps bodies and redirects from /away."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(302 if self.path == "/away" else 204)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Be silent."""

    one = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{one.server_port}", got
    one.shutdown()
    thread.join()
    one.server_close()


def test_the_sender_posts_and_follows_nobody(server: tuple[str, list[bytes]]) -> None:
    address, got = server
    inside = HttpSender(inside=True, seconds=2)
    assert inside.send(url=f"{address}/in", headers={}, body=b"{}").arrived and got == [b"{}"]
    away = inside.send(url=f"{address}/away", headers={}, body=b"{}")
    assert (away.status, away.arrived, len(got)) == (302, False, 2)
    outside = HttpSender(inside=False)
    refused = outside.send(url=address.replace("http", "https"), headers={}, body=b"")
    assert refused.status == 0 and "内部网络" in refused.note and len(got) == 2
    assert inside.send(url="http://127.0.0.1:1/", headers={}, body=b"").status == 0


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(address: str) -> Callable[..., list[Any]]:
        return lambda *args, **kwargs: [(2, 1, 6, "", (address, 443))]

    outside = HttpSender(inside=False)
    for address in ("127.0.0.1", "10.0.0.1", "172.16.3.3", "169.254.1.1", "224.0.0.1"):
        monkeypatch.setattr("socket.getaddrinfo", resolve(address))
        with pytest.raises(RefusedAddress):
            outside.check("https://looks-public.example/")
    monkeypatch.setattr("socket.getaddrinfo", resolve("1.1.1.1"))
    outside.check("https://looks-public.example/")
