"""What the addresses answer: errors of shape, forged forms, methods, the record."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.web.desks.assessor_phone.visits import Visits
from yanglao.domain.assessments.models import SheetEdit

HOME = "/assessor-phone/"


def client_of(visits: Visits, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(visits.nurse)
    return client


def post(client: Client, name: str, body: object, **headers: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"{HOME}{name}.json", text, content_type="application/json", **headers)


def one_edit(visits: Visits) -> dict[str, Any]:
    edit = {
        "edit_id": str(uuid4()),
        "sheet_id": visits.sheets[0],
        "field": "b1_1",
        "value": 3,
        "at": "2026-11-05T10:00:00+08:00",
        "base": 0,
        "device": "d",
    }
    return {"device": "d", "edits": [edit]}


@pytest.mark.parametrize("name", ["edits", "acts", "contact"])
@pytest.mark.parametrize("body", ["", "{", "[]", "7", '"x"', "[" * 20_000, "{}", '{"edits": 1}'])
def test_what_is_no_request_is_answered_in_words(visits: Visits, name: str, body: str) -> None:
    answer = post(client_of(visits), name, body)
    assert answer.status_code in {400, 404}
    assert answer.json()["why"]
    assert SheetEdit.objects.count() == 0


def test_an_edit_needs_the_word_of_the_work(visits: Visits) -> None:
    """A page elsewhere cannot send in the assessor's name."""
    client = client_of(visits, enforce_csrf_checks=True)
    assert post(client, "edits", one_edit(visits)).status_code == 403
    word = client.get(f"{HOME}work.json").json()["csrf"]
    answer = post(client, "edits", one_edit(visits), HTTP_X_CSRFTOKEN=word)
    assert answer.status_code == 200
    assert len(answer.json()["accepted"]) == 1


def test_answers_are_kept_by_no_cache(visits: Visits) -> None:
    client = client_of(visits)
    for answer in (client.get(f"{HOME}work.json"), post(client, "edits", one_edit(visits))):
        assert "no-store" in answer["Cache-Control"]


def test_reading_addresses_do_not_write(visits: Visits) -> None:
    client = client_of(visits)
    assert client.post(f"{HOME}work.json").status_code == 405
    for name in ("edits", "acts", "contact"):
        assert client.get(f"{HOME}{name}.json").status_code == 405


def test_other_roles_cannot_send(visits: Visits, client_as: Callable[..., Client]) -> None:
    for role in ("county", "clerk", "village"):
        client = client_as(role, "653222000000")
        for name in ("edits", "acts", "contact"):
            assert post(client, name, one_edit(visits)).status_code == 403
    assert SheetEdit.objects.count() == 0


def test_contact_is_for_ones_own_sheets(visits: Visits, client_as: Callable[..., Client]) -> None:
    body = {"sheet_id": visits.sheets[0], "purpose": "上门评估，联系本人或家属"}
    found = post(client_of(visits), "contact", body).json()
    assert found["phones"][0].startswith("1399031")
    assert post(client_as("assessor", "653222000000"), "contact", body).status_code == 404
    assert post(client_of(visits), "contact", {**body, "purpose": ""}).status_code == 400
