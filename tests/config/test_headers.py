"""Every answer of every address says what a browser may do with it; limits; where from."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.web.desks.factories import COUNTY
from tests.web.standing import ADDRESSES, Choices, choices, menu_counted_once, shut, standing  # noqa: F401  fixtures
from yanglao.config.middleware import LimitMiddleware, OriginMiddleware

pytestmark = pytest.mark.django_db


def _check(url: str, response: Any, seen: set[str]) -> None:
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy, url
    assert "*" not in policy, url
    nonce = re.search(r"'nonce-([\w-]{20,})'", policy)
    assert nonce, url
    assert nonce[1] not in seen, "a nonce is for one answer"
    seen.add(nonce[1])
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ):
        assert response[name] == value, (url, name)
    assert "camera=()" in response["Permissions-Policy"], url
    if response.status_code == 200 and "html" in response.get("Content-Type", ""):
        text = response.content.decode()
        for script in re.findall(r"<script\b[^>]*>", text):
            if "application/json" not in script:
                assert f'nonce="{nonce[1]}"' in script, (url, script)
        assert not re.search(r"<[^>]*\sstyle\s*=", text), f"{url}: a style in the page"


@pytest.mark.parametrize("role", ["county", "security_admin", None])
def test_headers_stand_on_every_address(
    role: str | None,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
) -> None:
    client, seen = (client_as(role, COUNTY) if role else Client()), set[str]()
    for address in ADDRESSES:
        for url in address.urls(choices):
            response = client.get(url)
            _check(url, response, seen)
            if role:
                assert "no-store" in response["Cache-Control"] or address.public, url
            shut(response)
    _check("/nowhere/", client.get("/nowhere/"), seen)
    assert len(seen) > 40


def test_by_https_cookies_never_leave_it(client: Client) -> None:
    client.cookies.clear()
    answer = client.get("/login/", secure=True)
    assert all(morsel["secure"] for morsel in answer.cookies.values())
    assert answer.cookies
    assert "max-age=31536000" in answer["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/login/")


def _seen(settings: LazySettings, trusted: list[str], **meta: str) -> HttpRequest:
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", **meta)
    OriginMiddleware(lambda _request: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("trusted", "peer", "said", "address"),
    [
        ([], "10.0.0.5", "1.2.3.4", "10.0.0.5"),
        (["10.0.0.5"], "10.0.0.5", "1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/24"], "10.0.0.5", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (["10.0.0.5"], "10.0.0.5", "", "10.0.0.5"),
        (["10.0.0.5"], "10.0.0.5", "<script>", ""),
        (["10.0.0.5"], "", "1.2.3.4", ""),
    ],
)
def test_only_a_trusted_proxy_says_where_from(
    settings: LazySettings, trusted: list[str], peer: str, said: str, address: str
) -> None:
    request = _seen(settings, trusted, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said)
    assert request.client_address == address  # type: ignore[attr-defined]


def test_only_a_trusted_proxy_says_https(settings: LazySettings) -> None:
    said = {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_FORWARDED_PROTO": "https"}
    assert _seen(settings, ["10.0.0.5"], **said).is_secure()
    assert not _seen(settings, [], **said).is_secure()


def test_too_many_requests_wait(settings: LazySettings, client: Client) -> None:
    settings.REQUESTS_A_MINUTE = {"account": 0, "address": 5}
    client.get("/")  # the middleware of a client is made with its first request
    fresh = Client(REMOTE_ADDR="10.3.3.3")
    codes = [fresh.get("/login/").status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    answer = fresh.get("/login/")
    assert "请求太多" in answer.content.decode()
    assert 1 <= int(answer["Retry-After"]) <= 13
    assert fresh.get("/health/live").status_code == 200
    assert Client(REMOTE_ADDR="10.3.3.4").get("/login/").status_code == 200


def test_an_account_has_a_limit_of_its_own(
    settings: LazySettings, account_for: Callable[..., Any]
) -> None:
    settings.REQUESTS_A_MINUTE = {"account": 3, "address": 0}
    limit = LimitMiddleware(lambda _request: HttpResponse())
    one, other = account_for("village", COUNTY), account_for("village", COUNTY)

    def ask(user: Any) -> int:
        request = RequestFactory().get("/leads/")
        request.user = user
        return limit(request).status_code

    assert [ask(one) for _ in range(4)] == [200, 200, 200, 429]
    assert ask(other) == 200
