"""Pulling: of one's own area only, masked unless allowed and explained, page by page, on record."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Caller, body_of, problem_of
from tests.web.desks.factories import COUNTY, FAR, OTHER_COUNTY, PREFECTURE, World, more_leads
from yanglao.domain.clients.public import Scope
from yanglao.domain.people.models import Person
from yanglao.foundation.audit import entries_about
from yanglao.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db
Make = Callable[..., Caller]

#: Every operation that tells of people, and the scope it needs.
TELLING = {
    "people": Scope.READ_PEOPLE,
    "findings": Scope.READ_FINDINGS,
    "changes": Scope.READ_FINDINGS,
    "leads": Scope.READ_LEADS,
    "lists": Scope.PUSH_LISTS,
}


def all_rows(caller: Caller, path: str, limit: int = 1, **headers: str) -> list[dict[str, Any]]:
    """Return all rows, page by page."""
    found, cursor = [], ""
    sign = "&" if "?" in path else "?"
    for _ in range(500):
        page = body_of(caller.get(f"{path}{sign}limit={limit}{cursor}", **headers))
        found += page["rows"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
    raise AssertionError("no end")


def test_people_of_the_own_area_only_and_masked(caller: Make, world: World) -> None:
    rows = all_rows(caller(), "people")
    assert {row["id"] for row in rows} == {world.old.pk, world.poor.pk, world.plain.pk}
    told = next(row for row in rows if row["id"] == world.old.pk)
    assert "*" in told["name"] and world.old.id_number not in str(told)
    assert told["birth_date"] is None and told["birth_year"] == 1944


def test_identity_needs_scope_and_purpose(caller: Make, world: World) -> None:
    whole = caller()
    assert "*" in body_of(whole.get(f"people/{world.old.pk}"))["id_number"]
    told = body_of(whole.get(f"people/{world.old.pk}", Purpose="visits"))
    assert told["id_number"] == world.old.id_number and told["name"] == world.old.name
    poor = caller(Scope.READ_PEOPLE)
    told = body_of(poor.get(f"people/{world.old.pk}", Purpose="visits"))
    assert "*" in told["id_number"], "without the scope the purpose opens nothing"
    only = caller(purposes=["statistics"])
    problem_of(only.get("people", Purpose="visits"), 403, "not-allowed")
    problem_of(whole.get("people", Purpose="curiosity"), 422, "invalid")


def test_a_key_without_people_gets_answers_without_names(caller: Make, world: World) -> None:
    rows = all_rows(caller(Scope.READ_FINDINGS), "findings", 50, Purpose="visits")
    assert rows and all(row["name"] is None and row["id_number"] is None for row in rows)


def test_what_was_pulled_is_on_record(caller: Make, world: World) -> None:
    one = caller()
    one.get("people", Purpose="checking")
    entry = AuditEntry.objects.filter(action="api_pulled").order_by("-id").first()
    assert entry is not None
    assert entry.reason == "checking" and entry.detail["what"] == "people"
    assert entry.detail["count"] == 3 and entry.detail["identity"] is True
    assert world.old.id_number not in str(entry.detail)


def test_one_person_pulled_is_on_his_record(caller: Make, world: World) -> None:
    """Which fields, for what; asking for somebody else's people is on record too."""
    one = caller()
    one.get(f"people/{world.old.pk}")
    one.get(f"people/{world.old.pk}", Purpose="visits")
    masked, whole = entries_about(world.old.pk, COUNTY).filter(action="api_pulled").order_by("id")
    assert (masked.subject, masked.kind, masked.reason) == ("person", "read", "")
    assert {"name_masked", "id_number_masked", "sex"} <= set(masked.detail["fields"])
    assert whole.reason == "visits"
    assert {"name", "id_number", "birth_date"} <= set(whole.detail["fields"])
    assert not [name for name in whole.detail["fields"] if name.endswith("_masked")]
    assert world.old.id_number not in str([masked.detail, whole.detail])
    problem_of(one.get(f"people/{world.far.pk}"), 404, "not-found")
    refused = AuditEntry.objects.get(action="file_refused")
    assert (refused.subject_id, refused.result) == (str(world.far.pk), "refused")
    assert refused.detail["key"] == one.pk


def test_a_page_pulled_says_from_whom_to_whom(caller: Make, world: World) -> None:
    """Count, area and first and last id; nothing when nothing was given."""
    one = caller()
    one.get("people?limit=2")
    entry = AuditEntry.objects.filter(action="api_pulled").latest("pk")
    ids = sorted((world.old.pk, world.poor.pk, world.plain.pk))[:2]
    assert entry.detail["ids"] == [[ids[0]], [ids[1]]] and entry.detail["count"] == 2
    assert (entry.place_code, entry.kind) == (COUNTY, "read")
    one.get("findings?changed_since=2026-11-30T00:00:00%2B08:00")
    assert AuditEntry.objects.filter(action="api_pulled").latest("pk").detail["ids"] == []


@pytest.mark.parametrize("path", [*TELLING])
def test_each_list_needs_its_scope(path: str, caller: Make, world: World) -> None:
    others = [scope for scope in Scope if scope != TELLING[path]]
    problem_of(caller(*others).get(path), 403, "not-allowed")
    assert caller(TELLING[path]).get(path).status_code == 200


def test_pages_hold_every_row_once_whatever_changes(caller: Make, world: World) -> None:
    more_leads(12)
    one = caller()
    first = body_of(one.get("findings?limit=5"))
    # Somebody moves in before the place where the page ended, somebody leaves.
    Person.objects.filter(pk=world.poor.pk).update(place_code=FAR)
    seen = [(row["person_id"], row["item"]) for row in first["rows"]]
    cursor = first["next"]
    while cursor:
        page = body_of(one.get(f"findings?limit=5&cursor={cursor}"))
        seen += [(row["person_id"], row["item"]) for row in page["rows"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    now = {(row["person_id"], row["item"]) for row in all_rows(one, "findings", 100)}
    assert now <= set(seen)


def test_findings_filter_and_tell_the_reason(caller: Make, world: World) -> None:
    rows = all_rows(caller(), "findings?item=06&status=yes", 10)
    told = next(row for row in rows if row["person_id"] == world.old.pk)
    assert told["item"] == "06" and told["tier"] is not None and told["reason"]
    assert all(row["status"] == "yes" for row in rows)


def test_changed_since(caller: Make, world: World) -> None:
    one = caller()
    page = body_of(one.get("findings?limit=1000"))
    assert body_of(one.get("findings?changed_since=2026-11-30T00:00:00%2B08:00"))["rows"] == []
    early = body_of(one.get("findings?limit=1000&changed_since=2026-11-01T00:00:00%2B08:00"))
    assert early["rows"] == page["rows"]
    assert body_of(one.get("people?changed_since=2026-11-30T00:00:00%2B08:00"))["rows"] == []
    people = body_of(one.get("people?changed_since=2026-01-01T00:00:00%2B08:00"))
    assert len(people["rows"]) == 3
    assert body_of(one.get("leads?changed_since=2026-11-30T00:00:00%2B08:00"))["rows"] == []
    assert body_of(one.get("leads?changed_since=2026-11-01T00:00:00%2B08:00"))["rows"]


def test_number_of_queries_does_not_grow(
    caller: Make, world: World, same_number_of_queries: Callable[..., int]
) -> None:
    one = caller()
    for path in ("people", "findings", "leads", "changes"):

        def few(path: str = path) -> None:
            assert one.get(f"{path}?limit=1").status_code == 200

        def many(path: str = path) -> None:
            assert one.get(f"{path}?limit=500").status_code == 200

        same_number_of_queries(few, many)


def test_a_place_outside_is_refused_not_ignored(caller: Make, world: World) -> None:
    one = caller()
    problem_of(one.get(f"people?division={OTHER_COUNTY}"), 403, "not-allowed")
    problem_of(one.get(f"people?division={PREFECTURE}"), 403, "not-allowed")
    assert len(body_of(one.get(f"people?division={COUNTY}"))["rows"]) == 3


def test_words_to_understand_it(caller: Make, world: World) -> None:
    one = caller()
    assert len(body_of(one.get("kinds"))["kinds"]) == 11
    names = {fact["name"] for fact in body_of(one.get("facts"))["facts"]}
    assert "assistance" in names and "age" not in names
    assert any(item["code"] == "06" for item in body_of(one.get("items"))["items"])
    told = body_of(one.get("key"))
    assert told["area_code"] == COUNTY and "secret" not in told and "digest" not in told


@pytest.mark.parametrize(
    "asked",
    [
        "people?strange=1",
        "people?limit=0",
        "people?limit=abc",
        "people?limit=5&limit=6",
        "people?cursor=AAAA",
        "people?changed_since=2026-11-01",
        "people?changed_since=0001-01-01T00:00:00Z",
        "people/0",
        "people/99999999999999999999999",
        "people/x",
        "findings?status=maybe",
        "leads?state=%00",
        "lists?batch=-1",
        "facts?as_of=1800-01-01",
    ],
)
def test_what_is_wrong_is_told_with_its_place(asked: str, caller: Make, world: World) -> None:
    told = problem_of(caller().get(asked), 422, "invalid")
    assert told["errors"][0]["pointer"]
