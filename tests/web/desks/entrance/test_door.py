"""Signing in and out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.conftest import PASSWORD
from tests.web.desks.factories import VILLAGE, text_of

pytestmark = pytest.mark.django_db


def test_in_and_out(account_for: Callable[..., Any], client: Client) -> None:
    account = account_for("village", VILLAGE)
    wrong = client.post("/login/", {"username": account.username, "password": "wrong"})
    assert wrong.status_code == 200
    assert "/login/" in client.get("/")["Location"]
    right = client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert right["Location"] == "/"
    assert client.get("/login/")["Location"] == "/"
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_a_closed_account_stays_out(account_for: Callable[..., Any], client: Client) -> None:
    account = account_for("village", VILLAGE)
    account.is_active = False
    account.save(update_fields=["is_active"])
    answer = client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert answer.status_code == 200


def test_the_way_to_the_public_page_is_offered(client: Client) -> None:
    assert "看我能享受什么" in text_of(client.get("/login/"))


def test_demo_accounts_are_named_in_a_demo_only(
    account_for: Callable[..., Any], client: Client, settings: LazySettings
) -> None:
    account = account_for("village", VILLAGE)
    assert account.username not in text_of(client.get("/login/"))
    settings.DEMO = True
    words = text_of(client.get("/login/"))
    assert account.username in words
    assert PASSWORD not in words
