"""Finds the forms of pages as a browser would, with what it would send if nobody typed anything."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client

from tests.web.desks.factories import TODAY
from tests.web.standing import ADDRESSES, Address, Choices, shut, words

#: What an answer to a thing that nobody should send may be.
FINE = {200, 302, 303, 400, 403, 404, 405, 409, 413, 422, 429}
#: Forms that end the walk's own session, or are not of a page but of its frame.
_LEFT_OUT = ("/logout/", "/kit/theme/")
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_FREE = {"text", "search", "", "tel", "email", "url", "password"}
_STRICT = {"number", "date", "month", "hidden", "range", "time"}
#: What somebody would type, where a page says no value and no more than the kind of a field.
_USUAL = {"number": "1", "date": TODAY.isoformat(), "month": f"{TODAY:%Y-%m}", "time": "09:00"}


@dataclass
class Form:
    """One form of a page.

    Attributes:
        page: Where it stands.
        method, path: Where it goes.
        values: What would be sent, field by field.
        kinds: ``text``, ``choice``, ``strict`` (a number, a day, something hidden) or ``file``.
        options: All values of a choice that the page offers.
    """

    page: str
    method: str
    path: str
    values: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """Names of all fields into which somebody could put words."""
        return [name for name, kind in self.kinds.items() if kind != "file"]


def forms_of(page: str, url: str) -> Iterator[Form]:
    """Yield the forms of a page, and the fields that send themselves (htmx)."""
    for text in _FORM.findall(page):  # forms stand in no forms: the rest need not be parsed
        drawn = BeautifulSoup(text, "html.parser").form
        if drawn is None:
            continue
        action = drawn.get("action") or drawn.get("hx-post") or url
        path = urlsplit(urljoin(url, str(action))).path
        if path.startswith(_LEFT_OUT):
            continue
        method = "post" if drawn.get("hx-post") else str(drawn.get("method") or "get").lower()
        form = Form(url, method, path)
        for one in drawn.find_all(["input", "textarea", "select", "button"]):
            name = str(one.get("name") or "")
            if name and name != "csrfmiddlewaretoken":
                _read(one, name, form)
        yield form


def _read(one: Tag, name: str, form: Form) -> None:
    kind = str(one.get("type") or "").lower()
    values, kinds = form.values, form.kinds
    if one.name == "select":
        options = [str(each.get("value") or "") for each in one.find_all("option")]
        chosen = one.find("option", selected=True)
        first = next((each for each in options if each), "")
        values[name] = str(chosen.get("value") or "") if isinstance(chosen, Tag) else first
        values[name] = values[name] or first
        kinds[name] = "choice"
        form.options.setdefault(name, []).extend(options)
    elif one.name == "textarea":
        values[name] = one.get_text().strip() or "甲"
        kinds[name] = "text"
    elif one.name == "input" and kind in _FREE:
        values[name] = str(one.get("value") or "甲")
        kinds[name] = "text"
    elif one.name == "input" and kind in _STRICT:
        values.setdefault(name, str(one.get("value") or one.get("min") or _USUAL.get(kind, "")))
        kinds[name] = "strict"
    elif one.name == "input" and kind == "file":
        kinds[name] = "file"
    elif one.name == "input" and kind in {"checkbox", "radio"}:
        if one.has_attr("checked") or name not in values:
            values[name] = str(one.get("value") or "on")
        kinds[name] = "choice"
        form.options.setdefault(name, []).append(str(one.get("value") or "on"))
    elif one.name == "button" and one.get("value") and kind in {"", "submit"}:
        if name not in values:
            values[name] = str(one["value"])
        kinds[name] = "choice"
        form.options.setdefault(name, []).append(str(one["value"]))


def pages(
    client: Client, choices: Choices, wanted: Callable[[Address], bool] = lambda _address: True
) -> Iterator[tuple[str, str]]:
    """Yield address and HTML of every page that the client may open."""
    for address in filter(wanted, ADDRESSES):
        for url in address.urls(choices)[:1]:
            response = client.get(url)
            html = response.get("Content-Type", "").startswith("text/html")
            if response.status_code == 200 and html:
                yield url, response.content.decode()
            shut(response)


def fault_of(response: HttpResponse) -> str:
    """Return what is wrong with an answer: it broke, or gives markup back as markup."""
    found = "" if response.status_code in FINE else f"status {response.status_code}"
    if response.get("Content-Type", "").startswith("text/html"):
        page = words(response)
        if "<script>alert('xss')" in page or "<img src=x" in page:
            found = "came back as it was sent"
    shut(response)
    return found
