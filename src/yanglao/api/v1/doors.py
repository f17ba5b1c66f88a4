"""Who asks: the key, its scope, its quota, and what for."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from yanglao.api.v1.problems import Problem
from yanglao.domain.clients.public import (
    ApiKey,
    Purpose,
    Scope,
    count_use,
    key_shown,
    reader_of_key,
)
from yanglao.flows.pull_records import Asking


class Key(HttpBearer):
    """``Authorization: Bearer yl_…``, with the scope that an operation needs.

    Args:
        scope: Needed scope; ``None``: any key that is in force.
    """

    def __init__(self, scope: Scope | None) -> None:
        """Keep the scope."""
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """Let the request in, or answer why not."""
        scheme, _space, shown = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, shown.strip() if scheme.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """Return the key.

        Raises:
            Problem: No key, not this scope, or too many requests.
        """
        key = key_shown(token)
        if key is None:
            raise Problem(
                "no-key",
                "请在 Authorization 头里写 Bearer 和有效的接口密钥。",
                headers={"WWW-Authenticate": "Bearer"},
            )
        used = count_use(key=key, acting=reader_of_key(key))
        if not used.allowed:
            raise Problem(
                "too-many-requests",
                f"已超过密钥的配额（每分钟 {key.per_minute} 次，每天 {key.per_day} 次），"
                f"请 {used.wait} 秒后再试。",
                headers={"Retry-After": str(used.wait)},
            )
        if self.scope is not None and self.scope not in key.scopes:
            raise Problem("not-allowed", f"密钥没有“{self.scope}”权限，请找管理员开通。")
        return key


def asking(request: HttpRequest, purpose: str | None = None) -> Asking:
    """Return who asks and what for.

    Raises:
        Problem: For a purpose that the key was not issued for.
    """
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if purpose and purpose not in key.purposes:
        label = Purpose(purpose).label
        raise Problem("not-allowed", f"密钥没有登记“{label}”这个用途。")
    return Asking(key, reader_of_key(key), purpose or "")
