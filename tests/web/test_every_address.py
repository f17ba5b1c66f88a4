"""Every address as every role: nobody gets further than his permissions and his area.

The people of two counties stand in the register. Whoever answers for one of them must not meet
the other's on any page, list, count page or sheet, by any address, also when he knows the number
in it.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.conftest import PASSWORD
from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    PREFECTURE,
    TOWN,
    VILLAGE,
    World,
    _fixed_day_and_own_folder,
    places,
    world,
)
from tests.web.far_things import samples, things_of
from yanglao.domain.access.public import DataKind, ask_grant
from yanglao.domain.accounts.public import ROLE_PERMISSIONS, Role, open_account, reader_of
from yanglao.domain.exchange.models import Batch, ReceivedList
from yanglao.domain.leads.models import Lead
from yanglao.domain.people.models import Person
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
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

#: A name nobody else has: where it shows, a wall has a hole.
FAR_NAME = "远县独名人"
FAR_OFFICER = "远县独名官"
FAR_FILE = "远县独名单"
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
                        tuple(pattern.pattern.converters),
                        info.permission,
                        info.writes,
                        info.public,
                    )
                )

    walk(get_resolver().url_patterns, "")
    return found


ADDRESSES = addresses()


def make_far_things(world: World) -> dict[str, int]:  # noqa: F811
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


def make_more_far(world: World) -> None:  # noqa: F811
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


@pytest.fixture
def choices(world: World) -> Iterator[dict[str, list[Any]]]:  # noqa: F811
    """Values for parameters: things near (墨玉) and things far (和田市), of every sort."""
    Person.objects.filter(pk=world.far.pk).update(name=FAR_NAME, name_fold=FAR_NAME)
    far = make_far_things(world)
    other = {"person": world.far.pk, **things_of(world.far, OTHER_COUNTY, FAR_FILE)}
    near = {"person": world.old.pk, **things_of(world.old, COUNTY, "近县")}
    near_list = ReceivedList.objects.order_by("id").values_list("pk", flat=True).first()
    people = [world.old.pk, world.far.pk, 987654]
    leads = [world.lead(world.old).pk, world.lead(world.far).pk, 987654]
    yield {
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
        **samples([address.name for address in ADDRESSES], near, other),
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


@pytest.mark.parametrize("role", [*AREAS])
def test_permission_and_area_hold_at_every_address(
    role: str,
    client_as: Callable[..., Client],
    choices: dict[str, list[Any]],
    world: World,  # noqa: F811
) -> None:
    client = client_as(role, AREAS[role])
    granted = {str(permission) for permission in ROLE_PERMISSIONS[Role(role)]}
    secret = (FAR_NAME, FAR_OFFICER, FAR_FILE, world.far.id_number)
    opened = 0
    for address in ADDRESSES:
        for url in address.urls(choices):
            response = client.get(url)
            assert response.status_code in {200, 302, 303, 403, 404, 405}, (
                url,
                response.status_code,
            )
            if address.permission and address.permission not in granted:
                assert response.status_code == 403, f"{role} opened {url}"
            opened += response.status_code == 200
            if role in NARROW and response.status_code == 200:
                shown = words(response)
                assert not any(word in shown for word in secret), f"{role} met him at {url}"
            shut(response)
    assert opened > 3, "the walk must get somewhere"


@pytest.mark.parametrize("role", [*NARROW])
def test_searching_and_asking_for_another_place_shows_no_one_else(
    role: str,
    client_as: Callable[..., Client],
    choices: dict[str, list[Any]],
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
    choices: dict[str, list[Any]],
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
    choices: dict[str, list[Any]],
    world: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
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
    make_more_far(world)
    after = walk()
    assert len(before) > 5
    assert before.keys() == after.keys()
    for url, shown in before.items():
        assert shown == after[url], f"{role} learns of another county at {url}"


def test_strangers_see_the_public_pages_and_the_door(
    client: Client, choices: dict[str, list[Any]]
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
    role: str, client_as: Callable[..., Client], choices: dict[str, list[Any]]
) -> None:
    client = client_as(role, AREAS[role])
    for address in ADDRESSES:
        if address.writes or address.public:
            continue
        for url in address.urls(choices)[:1]:
            assert client.post(url).status_code in {403, 405}, url
