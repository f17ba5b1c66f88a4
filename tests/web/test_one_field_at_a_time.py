"""Every field of every form, one at a time: the others are as they should be.

A form that is wrong everywhere is refused at its first field, and what stands behind it is never
reached. So each field alone gets what nobody should send, in forms that are otherwise what the
page itself would send; whatever is written is taken back before the next.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.web.forms_walk import Form, fault_of, forms_of, pages
from tests.web.standing import AREAS, Choices, choices, menu_counted_once, standing  # noqa: F401  fixtures
from yanglao.foundation.remembered import forget_remembered

pytestmark = pytest.mark.django_db

#: What every text field gets: safe to keep, dangerous to draw, look up or open in a sheet.
CODE = (
    "=HYPERLINK(\"x\")'; DROP TABLE people_person; --<script>alert('xss')</script>"
    "<img src=x onerror=alert(1)>{{ 7*7 }}{% load x %}%s%n%(name)s{0}ئابدۇللا👨‍👩‍👧‍👦"
)
#: And one of these, one field after the other.
TEXTS = {
    "null": "甲\x00乙",
    "controls": "甲\x08\x1b[31m\x85乙",
    "directions": "甲\u202e乙\u2066丙\r\n\u2028",
    "long": "长" * 20_000,
}
#: What a field gets whose page lets nobody write words: a choice, a number, a day, a hidden one.
STRICT = {
    "null": "\x00",
    "words": "无此选项<script>alert('xss')</script>",
    "huge": "9" * 30,
    "empty": "",
    "day": "2026-02-30",
    "minus": "-1",
    "digits": "²٣",
    "not a number": "NaN",
    "last day": "9999-12-31",
    "month": "0000-13",
    "place": "659999999999",
}
#: How many of them a field gets, by its kind and how the form is sent.
_HOW_MANY = {("strict", "post"): 2}
_TYPE = "application/x-www-form-urlencoded"
#: Roles whose pages differ; each walks what those before it could not open.
ROLES = ("prefecture", "village", "assessor", "security_admin")
#: Forms of so many kinds keep what was sent, so that it is read back from the page behind them.
_FEWEST_KEPT = 10


def test_one_field_at_a_time(
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
) -> None:
    problems: list[str] = []
    opened: set[str] = set()
    walked: set[tuple[str, str, frozenset[str]]] = set()
    kept: set[str] = set()
    turns = cycle(TEXTS.items()), cycle(STRICT.items())
    for role in ROLES:
        client = client_as(role, AREAS[role])
        for form in forms_to_walk(client, choices, opened, walked):
            for name, kind in form.kinds.items():
                for tried, value in wrong_values(kind, form.method, *turns):
                    told, status = answer_to(client, form, {**form.values, name: value})
                    if told:
                        problems.append(f"{form.method} {form.path} {name} {tried}: {told}")
                    if tried == "code" and status == 302:
                        kept.add(f"{resolve(form.path).view_name} {name}")
    assert len(kept) >= _FEWEST_KEPT, sorted(kept)
    assert not problems, "\n".join(problems)


def forms_to_walk(
    client: Client,
    choices: Choices,  # noqa: F811
    opened: set[str],
    walked: set[tuple[str, str, frozenset[str]]],
) -> list[Form]:
    """Return the forms of pages that nobody opened yet, each kind of form once."""
    found: list[Form] = []
    for url, page in pages(client, choices, lambda address: address.name not in opened):
        opened.add(resolve(url).view_name)
        for form in forms_of(page, url):
            if resolve(form.path).view_name == "kit:look":
                # It leads to its page with what was asked for; the page is what is looked at.
                form = replace(form, method="get", path=form.values["to"])
                form.kinds = {
                    name: kind for name, kind in form.kinds.items() if name not in {"to", "typed"}
                }
            key = (form.method, resolve(form.path).view_name, frozenset(form.kinds))
            if form.kinds and key not in walked:
                walked.add(key)
                found.append(form)
    return found


def wrong_values(
    kind: str, method: str, texts: Iterator[tuple[str, str]], strict: Iterator[tuple[str, str]]
) -> Iterator[tuple[str, Any]]:
    """Yield what a field gets, by a short name."""
    if kind == "file":
        yield "zeroes", SimpleUploadedFile("=甲<b>.xlsx", b"\x00\x01PK\x03\x04" * 9)
        yield "no text", SimpleUploadedFile("甲\u202ecsv.csv", b"\xff\xfe,\x08\n")
    elif kind == "text":
        yield "code", CODE
        yield next(texts)
    else:
        yield from islice(strict, _HOW_MANY.get((kind, method), 1))


def answer_to(client: Client, form: Form, filled: dict[str, Any]) -> tuple[str, int]:
    """Send a form, look where it leads, and take back whatever it wrote."""
    forget_remembered()
    signed_in = deepcopy(client.cookies)
    with transaction.atomic():
        try:
            response = send(client, form, filled)
            told, status = fault_of(response), response.status_code
            if not told and status == 302 and response["Location"].startswith("/"):
                told = fault_of(client.get(response["Location"]))
        except Exception as problem:
            told, status = f"{type(problem).__name__}: {str(problem)[:200]}", 500
        transaction.set_rollback(True)
    client.cookies = signed_in
    return told, status


def send(client: Client, form: Form, filled: dict[str, Any]) -> HttpResponse:
    """Send a form as a browser does."""
    if "file" in form.kinds.values():
        answer: HttpResponse = client.post(form.path, filled)
    elif form.method == "get":
        answer = client.get(f"{form.path}?{urlencode(filled, doseq=True)}")
    else:
        answer = client.post(form.path, urlencode(filled, doseq=True), content_type=_TYPE)
    return answer
