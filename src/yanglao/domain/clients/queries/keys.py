"""Keys of an area, and the reader that a key stands for."""

import hmac
import re

from django.db.models import QuerySet

from yanglao.domain.clients.models import ApiKey
from yanglao.domain.clients.types import SCOPE_PERMISSIONS
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import sm3_hex

_SHAPE = re.compile(r"yl_([0-9a-z]{12})_[A-Za-z0-9_-]{43}")


def keys(reader: Reader) -> QuerySet[ApiKey]:
    """Return the keys whose area lies in the reader's, by place."""
    return within_area(ApiKey.objects.all(), reader, "area_code").order_by("area_code", "id")


def get_key(reader: Reader, pk: int) -> ApiKey:
    """Return one key.

    Raises:
        ApiKey.DoesNotExist: If there is none, or it lies outside the reader's area.
    """
    return keys(reader).get(pk=pk)


def key_shown(secret: str) -> ApiKey | None:
    """Return the key that a request shows, if it is right, in force and not revoked."""
    match = _SHAPE.fullmatch(secret)
    if match is None:
        return None
    key = ApiKey.objects.filter(handle=match[1]).first()
    if key is None or not hmac.compare_digest(key.digest, sm3_hex(secret.encode())):
        return None
    if key.revoked_at is not None or key.expires_on < clock.today():
        return None
    return key


def reader_of_key(key: ApiKey) -> Reader:
    """Return the reader that a key stands for: its area, and what its scopes permit."""
    granted: frozenset[str] = frozenset()
    for scope in key.scopes:
        granted |= SCOPE_PERMISSIONS.get(scope, frozenset())
    return Reader(
        user_id=None,
        name=f"接口 {key.name}"[:80],
        role="client",
        area=key.area_code,
        permissions=granted,
        kinds=frozenset(key.kinds),
    )
