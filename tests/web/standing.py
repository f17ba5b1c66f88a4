"""Every address, and one world that all walks of a module stand in: built once, put back each time.

The people of two counties stand in the register, with one thing of every sort near and one far.
A module that walks imports ``standing``, ``world`` and ``choices`` as its fixtures.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.conftest import PASSWORD
from tests.web.desks.factories import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    PREFECTURE,
    TODAY,
    TOWN,
    VILLAGE,
    World,
    make_places,
    make_world,
)
from tests.web.far_things import Things, samples, things_of
from yanglao.domain.access.public import DataKind, ask_grant
from yanglao.domain.accounts.public import Role, open_account, reader_of
from yanglao.domain.exchange.models import Batch, ReceivedList
from yanglao.domain.people.models import Person
from yanglao.domain.places.queries import forget_codes
from yanglao.domain.rights.public import (
    Asker,
    Channel,
    HoldGround,
    RequestKind,
    give_consent,
    place_hold,
    publish_text,
    take_request,
)
from yanglao.foundation import clock, jobs
from yanglao.foundation.remembered import forget_remembered
from yanglao.foundation.scoping import system_reader
from yanglao.web.kit import menu

#: Values for the parameters of addresses: by name, or by address and name.
Choices = dict[str, list[Any]]

#: A name nobody else has: where it shows, a wall has a hole.
FAR_NAME = "远县独名人"
FAR_OFFICER = "远县独名官"
FAR_FILE = "远县独名单"
NEAR_WORD = "近县"
AREAS = {
    "prefecture": PREFECTURE,
    "county": COUNTY,
    "town": TOWN,
    "village": VILLAGE,
    "clerk": COUNTY,
    "assessor": COUNTY,
    "system_admin": PREFECTURE,
    "security_admin": PREFECTURE,
    "audit_admin": PREFECTURE,
}
#: Roles that answer for a part of the prefecture only.
NARROW = ("county", "town", "village", "clerk", "assessor")


@dataclass(frozen=True)
class Address:
    """One address of the program with what its screen declares."""

    name: str
    parameters: tuple[str, ...]
    permission: str | None
    writes: bool
    public: bool

    def urls(self, choices: dict[str, list[Any]]) -> list[str]:
        """Return the address filled with each choice for its parameters."""
        values = [choices.get(f"{self.name}:{key}", choices[key]) for key in self.parameters]
        return [
            reverse(self.name, kwargs=dict(zip(self.parameters, chosen, strict=True)))
            for chosen in product(*values)
        ]


def addresses() -> list[Address]:
    """Return all addresses that have a screen."""
    found: list[Address] = []

    def walk(patterns: list[Any], namespace: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.namespace == "api-v1":
                    continue  # no screens: keys and scopes, walked by tests/api/test_doors.py
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                walk(pattern.url_patterns, inner)
            elif isinstance(pattern, URLPattern) and pattern.name:
                info = pattern.callback.screen
                found.append(
                    Address(
                        f"{namespace}{pattern.name}",
                        # Of a path, or of a regular expression.
                        tuple(pattern.pattern.converters or pattern.pattern.regex.groupindex),
                        info.permission,
                        info.writes,
                        info.public,
                    )
                )

    walk(get_resolver().url_patterns, "")
    return found


ADDRESSES = addresses()


def make_far_things(world: World) -> dict[str, int]:
    """Make one thing of every sort in the other county; each carries a name nobody else has."""
    acting = system_reader()
    account = open_account(
        username="far-officer",
        password=PASSWORD,
        role=Role.TOWN,
        area_code=OTHER_TOWN,
        display_name=FAR_OFFICER,
        acting=acting,
        invented=True,
    )
    now = clock.now()
    batch = Batch.objects.create(
        sender=FAR_FILE, division_code=OTHER_COUNTY, full=True, taken_at=now, taken_by=FAR_OFFICER
    )
    received = ReceivedList.objects.create(
        batch=batch, kind="pension", place_code=OTHER_COUNTY, file_name=FAR_FILE, state="taken_in"
    )
    text = publish_text(code="photo", title="拍照同意书", body="正文", acting=acting)
    far, today = world.far.pk, clock.today()
    request = take_request(
        person_id=far,
        kind=RequestKind.CORRECT,
        asker=Asker.SELF,
        identity_seen="身份证",
        wish=FAR_FILE,
        as_of=today,
        answer_days=15,
        acting=acting,
    )
    consent = give_consent(
        person_id=far,
        text_id=text.pk,
        given_by=Asker.SELF,
        channel=Channel.COUNTER,
        as_of=today,
        acting=acting,
        note=FAR_FILE,
    )
    hold = place_hold(
        person_id=far,
        ground=HoldGround.BENEFIT,
        basis=FAR_FILE,
        starts_on=today,
        ends_on=None,
        acting=acting,
    )
    grant = ask_grant(
        acting=reader_of(account),
        owner_area="653223000000",
        person_ids=[],
        numbers_asked=0,
        kinds=[DataKind.FACTS],
        purpose=FAR_FILE,
        starts_on=today,
        ends_on=today,
        as_of=today,
    )
    jobs.defer("take_in_list", reader_of(account), token="f" * 32)
    return {
        "account": account.pk,
        "batch": batch.pk,
        "list": received.pk,
        "request": request.pk,
        "consent": consent.pk,
        "hold": hold.pk,
        "grant": grant.pk,
    }


def make_more_far(world: World) -> None:
    """Add people, leads and an officer far away, without any act that everybody hears of."""
    for number in range(3):
        person = Person.objects.get(pk=world.far.pk)
        lead = world.lead(world.far)
        person.pk, person.id_number = None, f"65320119400505{number}01X"
        person.name = person.name_fold = f"{FAR_NAME}{number}"
        person.save(force_insert=True)
        things_of(person, OTHER_COUNTY, FAR_FILE)
        lead.pk, lead.person = None, person
        lead.save(force_insert=True)


def choices_of(world: World) -> tuple[Choices, Things, Things]:
    """Make things near and far; return the values for parameters, and the things."""
    Person.objects.filter(pk=world.far.pk).update(name=FAR_NAME, name_fold=FAR_NAME)
    far = make_far_things(world)
    other = things_of(world.far, OTHER_COUNTY, FAR_FILE)
    near = things_of(world.old, COUNTY, NEAR_WORD)
    near_list = ReceivedList.objects.order_by("id").values_list("pk", flat=True).first()
    people = [world.old.pk, world.far.pk, 987654]
    leads = [world.lead(world.old).pk, world.lead(world.far).pk, 987654]
    values = {
        "pk": [world.run.run_id, 987654],
        "registry_desk:file:pk": people,
        "registry_desk:sheet:pk": people,
        "registry_desk:reveal:pk": people,
        "registry_desk:record-choose:pk": people,
        "registry_desk:record:pk": people,
        "leads_desk:lead:pk": leads,
        "leads_desk:move:pk": leads,
        "leads_desk:assign:pk": leads,
        "leads_desk:undo:pk": leads,
        "person_pk": people,
        **samples([address.name for address in ADDRESSES], near.numbers, other.numbers),
        "lists_desk:list:pk": [near_list or 1, far["list"], 987654],
        "lists_desk:batch:pk": [far["batch"], 987654],
        "system_desk:close-account:pk": [far["account"], 987654],
        "system_desk:reopen-account:pk": [far["account"], 987654],
        "system_desk:approve-account:pk": [far["account"], 987654],
        "privacy_desk:request:pk": [far["request"], 987654],
        "privacy_desk:withdraw:pk": [far["consent"], 987654],
        "privacy_desk:lift:pk": [far["hold"], 987654],
        "privacy_desk:grant:pk": [far["grant"], 987654],
        **{
            f"privacy_desk:{name}:pk": people
            for name in (
                "person",
                "who-looked",
                "copy-sheet",
                "copy-plain",
                "take",
                "consent",
                "hold",
            )
        },
        "code": ["06", "household", "99"],
        # Open to everybody, whatever county.
        "notice_board_place:code": [COUNTY, OTHER_TOWN],
        "kind": ["survey"],
        # Numbers of a draft's list, entries of its history.
        "name": ["advanced_age", "nothing"],
        "number": [1, 987654],
        # Keys, hooks and deliveries of another county.
        "key_pk": [987654],
        "hook_pk": [987654],
        "delivery_pk": [987654],
        "token": ["0" * 32, "nothing"],
    }
    return values, near, other


@dataclass(frozen=True)
class Standing:
    """What the walks of a module stand in."""

    world: World
    choices: Choices
    near: Things
    far: Things


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """Build the world once, in a transaction that is never committed.

    Each test runs in a savepoint of it, so that the next one finds the world as it was.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("YANGLAO_TODAY", TODAY.isoformat())
        patch.setenv("YANGLAO_HOME", str(tmp_path_factory.mktemp("standing")))
        with transaction.atomic():
            make_places()
            world = make_world()
            choices, near, far = choices_of(world)
            forget_remembered()
            yield Standing(world, choices, near, far)
            transaction.set_rollback(True)
        forget_codes()


@pytest.fixture
def world(standing: Standing, db: None) -> World:
    """The people, and the match."""
    return standing.world


@pytest.fixture
def menu_counted_once(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """Count the numbers of the menu once for each account: no page has others than the next.

    A walk sees hundreds of pages, each with a dozen counts. Whoever changes something far away
    and looks again, clears what is returned.
    """
    known: dict[Any, Any] = {}

    def once(entry: menu.MenuEntry) -> menu.MenuEntry:
        def count(request: Any) -> int | None:
            key = (entry.url_name, request.reader.user_id)
            if key not in known:
                known[key] = entry.count(request) if entry.count else None
            number: int | None = known[key]
            return number

        return replace(entry, count=count) if entry.count else entry

    counted = {name: once(entry) for name, entry in menu._entries.items()}
    monkeypatch.setattr(menu, "_entries", counted)
    return known


@pytest.fixture
def choices(standing: Standing, menu_counted_once: dict[Any, Any], db: None) -> Choices:
    """Values for parameters: things near (墨玉) and things far (和田市), of every sort."""
    return standing.choices


def words(response: HttpResponse) -> str:
    """Return everything readable in an answer, sheets unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return _unpacked(body).decode("utf-8", "replace")


def _unpacked(body: bytes) -> bytes:
    """Return what is in a sheet or a document, and in the sheets behind its charts."""
    if body[:2] != b"PK":
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return b"".join(_unpacked(book.read(name)) for name in book.namelist())


def shut(response: HttpResponse) -> None:
    """Close the file behind a sheet; closing the answer would close the test's database too."""
    for close in response._resource_closers:
        close()
