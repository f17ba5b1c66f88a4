"""Every text field of every form is given what nobody should type: a clear error or a safe trip.

The walk opens every address, finds the forms on the page as a browser would, fills each text field
with each marker in turn, and sends it. Nothing may break, and nothing may come back as code.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.web.desks.factories import PREFECTURE, World, _fixed_day_and_own_folder, places, world  # noqa: F401  # noqa: F401  fixtures
from tests.web.test_every_address import ADDRESSES, choices, shut, words  # noqa: F401

pytestmark = pytest.mark.django_db

MARKERS = {
    "null": "甲\x00乙",
    "controls": "甲\x01\x08\x1b[31m乙",
    "c1": "甲\x85\x9b乙",
    "newlines": "甲\r\n乙\u2028丙",
    "emoji": "👵🏽👨‍👩‍👧‍👦🏳️‍🌈",
    "rtl": "甲\u202e乙\u2066丙\u200f",
    "uyghur": "ئابدۇللا مەمەت",
    "surrogate": "甲\ud800乙",
    "sql": "'; DROP TABLE people_person; --",
    "html": "<script>alert('xss')</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% load x %}",
    "formula": '=HYPERLINK("http://evil","x")',
    "format": "%s%n%(name)s{0}",
    "long": "长" * 20_000,
}
#: What an answer to such a thing may be.
FINE = {200, 302, 303, 400, 403, 404, 405, 409, 413, 422, 429}
_TEXTS = {"text", "search", "", "tel", "email", "url", "password", "number", "date", "hidden"}
_FORM = "application/x-www-form-urlencoded"
#: Forms that end the walk's own session, or are not of a page but of its frame.
_LEFT_OUT = ("/logout/", "/kit/theme/")


def forms_of(page: str, url: str) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """Yield method, address, values as given, and the text fields of each form of a page."""
    for form in BeautifulSoup(page, "html.parser").find_all("form"):
        action = urljoin(url, str(form.get("action") or url))
        if urlsplit(action).path.startswith(_LEFT_OUT):
            continue
        values: dict[str, Any] = {}
        texts: list[str] = []
        for field in form.find_all(["input", "textarea", "select", "button"]):
            name = str(field.get("name") or "")
            if name and name != "csrfmiddlewaretoken":
                _read(field, name, values, texts)
        yield str(form.get("method") or "get").lower(), action, values, list(dict.fromkeys(texts))


def _read(field: Tag, name: str, values: dict[str, Any], texts: list[str]) -> None:
    kind = str(field.get("type") or "").lower()
    if field.name == "select":
        options = [str(one.get("value") or "") for one in field.find_all("option")]
        values[name] = next((one for one in options if one), "")
        texts.append(name)
    elif field.name == "textarea" or (field.name == "input" and kind in _TEXTS):
        values[name] = str(field.get("value") or ("1" if kind == "number" else "甲"))
        texts.append(name)
    elif field.name == "input" and kind in {"checkbox", "radio"}:
        values.setdefault(name, str(field.get("value") or "on"))


def pages(client: Client, choices: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:  # noqa: F811
    """Yield address and HTML of every page that the client may open."""
    for address in ADDRESSES:
        for url in address.urls(choices)[:1]:
            response = client.get(url)
            html = response.get("Content-Type", "").startswith("text/html")
            if response.status_code == 200 and html:
                yield url, response.content.decode()
            shut(response)


def problem_with(send: Callable[[], HttpResponse]) -> str:
    """Return what is wrong with an answer: it broke, or gives code back as code."""
    try:
        response = send()
    except Exception as problem:
        return f"{type(problem).__name__}: {str(problem)[:160]}"
    found = "" if response.status_code in FINE else f"status {response.status_code}"
    if response.get("Content-Type", "").startswith("text/html"):
        page = words(response)
        if "<script>alert('xss')" in page or "<img src=x" in page:
            found = "came back as it was sent"
    shut(response)
    return found


def test_every_text_field_of_every_form(
    client_as: Callable[..., Client],
    choices: dict[str, list[Any]],  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    client = client_as("prefecture", PREFECTURE)
    found: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
    for url, page in pages(client, choices):
        for method, action, values, texts in forms_of(page, url):
            if texts:
                found.setdefault((method, urlsplit(action).path, tuple(texts)), values)
    assert len(found) > 10, "the walk must get somewhere"
    problems = []
    for (method, path, texts), values in found.items():
        for name, text in MARKERS.items():
            filled = {**values, **dict.fromkeys(texts, text)}
            body = urlencode(filled, errors="surrogatepass", doseq=True)

            def send(path: str = path, body: str = body, method: str = method) -> HttpResponse:
                if method == "get":
                    return client.get(f"{path}?{body}")
                return client.post(path, body, content_type=_FORM)

            if told := problem_with(send):
                problems.append(f"{name} {method} {path} {texts}: {told}")
    assert not problems, "\n".join(problems)


def test_ten_megabytes_are_told_to_be_too_much(
    client_as: Callable[..., Client],
    choices: dict[str, list[Any]],  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    client, asked = client_as("prefecture", PREFECTURE), 0
    huge = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for url, page in pages(client, choices):
        for method, action, _values, texts in forms_of(page, url):
            if method != "post" or not texts:
                continue
            body = urlencode({texts[0]: huge})
            response = client.post(action, body, content_type=_FORM)
            assert response.status_code in {302, 400, 403, 404, 413}, (url, response.status_code)
            asked += 1
            break
        if asked >= 12:
            break
    assert asked
