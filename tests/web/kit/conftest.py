"""Shared by the tests of the kit: requests, readers, rendering a snippet."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.urls import resolve

from yanglao.foundation.scoping import Reader
from yanglao.web.kit.frame import Frame, Place

TODAY = date(2026, 10, 31)


def reader(*permissions: str) -> Reader:
    """Return a county reader with the given permissions."""
    return Reader(
        user_id=1,
        name="阿依古丽",
        role="county",
        area="653222000000",
        permissions=frozenset(permissions),
    )


def frame(request: HttpRequest) -> Frame:
    """Provide a full frame, so that every piece around a page is drawn."""
    return Frame(
        trail=(Place("和田地区", "/?place=653200000000"), Place("墨玉县")),
        below=(
            Place("喀拉喀什镇", "/?place=653222100000"),
            Place("扎瓦镇", "/?place=653222101000"),
        ),
        below_note="16 个乡镇",
        as_of=TODAY,
        run_label="第 23 次比对",
        run_url="/runs/23/",
        carry="place=653222000000",
        search_url="/people/",
        user_name="阿依古丽",
        user_office="县民政局",
        logout_url="/logout/",
        account_url="/password/",
        login_url="/login/",
        demo=True,
        hotline="0903-6512345",
    )


@pytest.fixture(autouse=True)
def _alone(settings: Any) -> None:
    """Test the kit without desks and without their frame."""
    settings.ROOT_URLCONF = "tests.web.kit.urls"
    settings.KIT_FRAME = "tests.web.kit.conftest.frame"
    settings.LOGIN_URL = "login"


@pytest.fixture(autouse=True)
def _no_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with an empty menu; desks that are installed have filled it."""
    monkeypatch.setattr("yanglao.web.kit.menu._entries", {})


@pytest.fixture
def make_request(rf: RequestFactory) -> Callable[..., HttpRequest]:
    """Return ``make(path="/kit/gallery/", *permissions, **headers)``: a request with a reader."""

    def make(path: str = "/kit/gallery/", *permissions: str, **headers: str) -> HttpRequest:
        request = rf.get(path, headers=headers)
        request.reader = reader(*permissions)  # type: ignore[attr-defined]
        request.resolver_match = resolve(request.path)
        return request

    return make


@pytest.fixture
def draw(make_request: Callable[..., HttpRequest]) -> Callable[..., str]:
    """Return ``draw("{% status 'x' %}", **context)``: the HTML of a snippet."""

    def render(snippet: str, **context: Any) -> str:
        template = engines["django"].from_string("{% load kit i18n %}" + snippet)
        return template.render(context, make_request())

    return render
