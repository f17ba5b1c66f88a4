"""A small Hetian with keys: what the API is asked about in tests."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    PREFECTURE,
    World,
    _fixed_day_and_own_folder,
    places,
    world,
)
from yanglao.domain.clients.public import ApiKey, Purpose, Scope, issue_key
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader


class Caller:
    """Another system with a key."""

    def __init__(self, secret: str, pk: int) -> None:
        self.secret = secret
        self.pk = pk
        self.client = Client(raise_request_exception=False)

    @property
    def key(self) -> ApiKey:
        return ApiKey.objects.get(pk=self.pk)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(
        self, path: str, body: Any, kind: str = "application/json", **headers: str
    ) -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/api/v1/{path}", data, content_type=kind, headers=self._headers(headers)
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}", **named}


@pytest.fixture
def caller(places: None) -> Callable[..., Caller]:  # noqa: F811
    """Return ``caller(*scopes, area=…, …)``: another system with a new key."""

    def make(*scopes: str, area: str = COUNTY, **more: Any) -> Caller:
        given: dict[str, Any] = {"purposes": list(Purpose.values), "per_minute": 10_000, **more}
        made = issue_key(
            name="测试系统",
            area_code=area,
            scopes=scopes or list(Scope.values),
            expires_on=clock.today() + timedelta(days=30),
            acting=system_reader(PREFECTURE),
            **given,
        )
        return Caller(made.secret, made.pk)

    return make


def body_of(response: HttpResponse) -> Any:
    """Return the JSON of an answer, streamed ones too."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return json.loads(data)


def problem_of(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """Return a problem, after looking at its form."""
    assert response.status_code == status, response.content[:500].decode()
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told["type"] == f"/api/v1/problems/{code}", told
    assert told["status"] == status
    assert any("一" <= letter <= "鿿" for letter in told["detail"])
    return told
