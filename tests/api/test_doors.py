"""Keys: shown once, of one area, for some acts, so often, so long."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.api.conftest import Caller, body_of, problem_of
from tests.web.desks.factories import (
    COUNTY,
    FAR,
    OTHER_COUNTY,
    PREFECTURE,
    TOWN,
    VILLAGE,
    World,
)
from yanglao.api.v1.api import api
from yanglao.domain.clients.models import ApiKey
from yanglao.domain.clients.public import Scope, issue_key, revoke_key
from yanglao.domain.people.models import Person
from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db
Make = Callable[..., Caller]
FAR_NAME = "远县独名人"


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation of the API."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    return [
        (method, path, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


OPERATIONS = operations()
QUERIES = {
    told["operationId"]: "as_of=2026-11-01" if "evaluate" in path else "division={area}"
    for method, path, told in OPERATIONS
    if method == "post"
}


def call(
    one: Caller, method: str, path: str, told: dict[str, Any], ids: dict[str, int], area: str
) -> Any:
    """Make a request to an operation that is in order."""
    query = QUERIES.get(told["operationId"], "").format(area=area)
    address = path.removeprefix("/api/v1/").format(**ids)
    if method == "get":
        return one.get(f"{address}?{query}", Purpose="checking")
    body = {"people": [{"id": "1"}]} if "evaluate" in path else {"rows": [{"姓名": "虚构人"}]}
    return one.post(f"{address}?{query}", body)


@pytest.mark.parametrize("area", [COUNTY, TOWN, VILLAGE])
def test_walk_every_operation_scope_and_area(area: str, caller: Make, world: World) -> None:
    """Nobody reads a person out of his area, by any operation, with any scope."""
    Person.objects.filter(pk=world.far.pk).update(name=FAR_NAME, name_fold=FAR_NAME)
    far_key = caller(area=OTHER_COUNTY)
    row = {"姓名": FAR_NAME, "公民身份号码": world.far.id_number, "户籍地区划代码": FAR}
    pushed = body_of(far_key.post(f"lists/household?division={OTHER_COUNTY}", {"rows": [row]}))
    assert pushed["accepted"] == 1
    ids = {"person_id": world.far.pk, "list_id": pushed["list_id"]}
    met = 0
    for scope in Scope:
        one = caller(scope, Scope.IDENTITY, area=area)
        for method, path, told in OPERATIONS:
            needed = told["security"][0]["Key"]
            answer = call(one, method, path, told, ids, area)
            allowed = not needed or needed[0] in (scope, Scope.IDENTITY)
            text = json.dumps(body_of(answer), ensure_ascii=False)
            where = (path, scope, answer.status_code)
            assert FAR_NAME not in text and world.far.id_number not in text, where
            assert FAR not in text or "rows" not in path, where
            assert (answer.status_code == 403) == (not allowed), where
            if "_id}" in path and allowed:
                assert answer.status_code == 404, where
            met += answer.status_code == 200
    assert met > 20, "the walk must get somewhere"
    whole = caller(area=PREFECTURE)
    assert FAR_NAME in str(body_of(whole.get("people", Purpose="checking"))), "he can be read"


def test_every_operation_names_its_scope() -> None:
    free = {"this_key", "list_kinds", "list_facts", "list_items"}
    for _method, path, told in OPERATIONS:
        named = told["security"][0]["Key"]
        assert named or told["operationId"] in free, path
        assert not named or named[0] in Scope.values


def test_no_key_no_answer(caller: Make, world: World) -> None:
    for method, path, _told in OPERATIONS:
        address = path.format(person_id=1, list_id=1)
        for shown in (
            "",
            "Bearer",
            "Bearer yl_aaaaaaaaaaaa_" + "A" * 43,
            "Basic eDp5",
            "Bearer 键",
        ):
            headers = {"Authorization": shown.encode("utf-8").decode("latin-1")} if shown else {}
            answer = getattr(Client(), method)(address, headers=headers)
            problem_of(answer, 401, "no-key")
            assert answer["WWW-Authenticate"] == "Bearer"


def test_signing_in_opens_nothing_here(client_as: Callable[..., Client], world: World) -> None:
    problem_of(client_as("county", COUNTY).get("/api/v1/people"), 401, "no-key")


def test_only_a_digest_is_kept(caller: Make) -> None:
    one = caller()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clients_apikey")
        kept = str(cursor.fetchall())
    assert one.secret not in kept and one.secret[16:] not in kept
    entry = AuditEntry.objects.get(action="api_key_issued")
    assert one.secret[16:] not in str(entry.detail)


def test_expired_and_revoked_keys_are_dead(caller: Make) -> None:
    one, two = caller(), caller()
    assert one.get("key").status_code == 200
    revoke_key(key_id=one.pk, acting=system_reader(), reason="丢失")
    problem_of(one.get("key"), 401, "no-key")
    ApiKey.objects.filter(pk=two.pk).update(expires_on=clock.today() - timedelta(days=1))
    problem_of(two.get("key"), 401, "no-key")


def test_quota_of_the_minute_and_of_the_day(caller: Make) -> None:
    one = caller(per_minute=3)
    assert [one.get("key").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = one.get("key")
    problem_of(answer, 429, "too-many-requests")
    assert 1 <= int(answer["Retry-After"]) <= 60
    # A new minute begins: counted afresh, and the day goes on.
    ApiKey.objects.filter(pk=one.pk).update(minute=f"{clock.today()}T00:00")
    assert one.get("key").status_code in {200, 429}
    day = caller(per_day=2)
    assert [day.get("key").status_code for _ in range(3)] == [200, 200, 429]
    assert int(day.get("key")["Retry-After"]) > 0
    assert day.key.last_used_at is not None


def test_a_key_cannot_reach_further_than_who_makes_it(
    reader_for: Callable[..., Reader], places: None
) -> None:
    until = clock.today() + timedelta(days=1)
    county = reader_for("county", COUNTY)
    with pytest.raises(PermissionError):
        issue_key(
            name="x",
            area_code=PREFECTURE,
            scopes=[Scope.READ_PEOPLE],
            purposes=[],
            expires_on=until,
            acting=county,
        )
    with pytest.raises(PermissionError):
        issue_key(
            name="x",
            area_code=VILLAGE,
            scopes=[Scope.PUSH_LISTS],
            purposes=[],
            expires_on=until,
            acting=reader_for("village", VILLAGE),
        )
    for wrong in ({"scopes": ["all"]}, {"scopes": []}, {"purposes": ["fun"]}):
        given: dict[str, Any] = {"scopes": [Scope.READ_PEOPLE], "purposes": [], **wrong}
        with pytest.raises(ValueError):
            issue_key(name="x", area_code=COUNTY, expires_on=until, acting=county, **given)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/people", "/api/v1/people/"])
def test_wrong_addresses_are_problems_too(path: str, client: Client, db: None) -> None:
    answer = client.get(path)
    if path == "/api/v1/people/":
        assert answer.status_code in {401, 404}
    else:
        problem_of(answer, 404, "not-found")


def test_nothing_but_the_named_methods(caller: Make, world: World) -> None:
    one = caller()
    for method in ("put", "patch", "delete", "options", "head", "post"):
        answer = getattr(one.client, method)("/api/v1/people", headers=one._headers({}))
        assert answer.status_code == 405, method
        assert "GET" in answer["Allow"]


def test_what_goes_wrong_inside_shows_nothing_of_it(
    caller: Make, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("yanglao.flows.pull_records.pull_people", broken)
    answer = caller().get("people")
    problem_of(answer, 500, "server-error")
    assert b"secret of the house" not in answer.content


def test_documentation_loads_nothing_from_outside(client: Client, db: None) -> None:
    page = client.get("/api/v1/").content.decode()
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "")
    assert "/api/v1/people" in page and "公民身份号码" in page
