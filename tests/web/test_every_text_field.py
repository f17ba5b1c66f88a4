"""Every text field of every form is given what nobody should type: a clear error or a safe trip.

The walk opens every address, finds the forms on the page as a browser would, fills each text field
with each marker in turn, and sends it. Nothing may break, and nothing may come back as code.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.web.desks.factories import PREFECTURE
from tests.web.forms_walk import Form, fault_of, forms_of, pages
from tests.web.standing import Choices, choices, menu_counted_once, standing  # noqa: F401  fixtures

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
_FORM = "application/x-www-form-urlencoded"


def test_every_text_field_of_every_form(
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
) -> None:
    client = client_as("prefecture", PREFECTURE)
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for url, page in pages(client, choices):
        for form in forms_of(page, url):
            if form.texts:
                found.setdefault((form.method, form.path, tuple(form.texts)), form)
    assert len(found) > 10, "the walk must get somewhere"
    problems = []
    for (method, path, texts), form in found.items():
        for name, text in MARKERS.items():
            filled = {**form.values, **dict.fromkeys(texts, text)}
            if told := _problem_with(client, method, path, filled):
                problems.append(f"{name} {method} {path} {texts}: {told}")
    assert not problems, "\n".join(problems)


def _problem_with(client: Client, method: str, path: str, filled: dict[str, Any]) -> str:
    """Return what is wrong with the answer to a form."""
    body = urlencode(filled, errors="surrogatepass", doseq=True)
    try:
        response: HttpResponse = (
            client.get(f"{path}?{body}")
            if method == "get"
            else client.post(path, body, content_type=_FORM)
        )
    except Exception as problem:
        return f"{type(problem).__name__}: {str(problem)[:160]}"
    return fault_of(response)


def test_ten_megabytes_are_told_to_be_too_much(
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
) -> None:
    client, asked = client_as("prefecture", PREFECTURE), 0
    huge = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for url, page in pages(client, choices):
        form = next(
            (one for one in forms_of(page, url) if one.method == "post" and one.texts), None
        )
        if form is None:
            continue
        body = urlencode({form.texts[0]: huge})
        response = client.post(form.path, body, content_type=_FORM)
        assert response.status_code in {302, 400, 403, 404, 413}, (url, response.status_code)
        asked += 1
        if asked >= 12:
            break
    assert asked
