"""Looking for somebody: a number never comes into an address."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from yanglao.web.kit.looking import asked_text, for_address

NUMBER = "653222194003050017"


@pytest.mark.parametrize("text", [NUMBER, "0017", "13812345678", "138 1234 5678", "艾力 001X"])
def test_a_number_is_sealed_and_read_again(rf: RequestFactory, text: str) -> None:
    token = for_address(text)
    assert token.startswith("~")
    assert text not in token
    assert for_address(text) != token
    assert asked_text(rf.get("/", {"q": token})) == text


@pytest.mark.parametrize("text", ["艾力", "阔纳巴扎村", "王 2 村", ""])
def test_a_name_stays_readable(rf: RequestFactory, text: str) -> None:
    assert for_address(text) == text
    assert asked_text(rf.get("/", {"q": text})) == text


@pytest.mark.parametrize("token", ["~", "~~~", "~AAAA", "~字", "cut"])
def test_a_damaged_address_asks_for_nothing(rf: RequestFactory, token: str) -> None:
    if token == "cut":
        token = for_address("1234")[:-4]
    assert asked_text(rf.get("/", {"q": token})) == ""


@pytest.mark.django_db
def test_the_form_leads_on_without_the_number(client_as: Callable[..., Client]) -> None:
    """Other fields are kept; nothing leads outside."""
    client = client_as("county", "653222000000")
    asked = {"to": "/people/", "q": NUMBER, "in": "653222102208", "x": ""}
    answer = client.post(reverse("kit:look"), asked)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/people/?q=~")
    assert "in=653222102208" in answer["Location"]
    assert NUMBER not in answer["Location"]
    for target in ("//evil.example/", "https://evil.example/", "/people/?q=1", "javascript:1"):
        location = client.post(reverse("kit:look"), {"to": target, "q": "x"})["Location"]
        assert location in {"/?q=x", "/people/?q=x"}
