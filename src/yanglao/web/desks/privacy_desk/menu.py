"""Menu entries of the privacy desk."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.access.public import waiting_grants
from yanglao.domain.accounts.public import Permission
from yanglao.domain.rights.public import open_requests
from yanglao.web.kit.menu import MenuEntry, add


def _requests(request: HttpRequest) -> int:
    """Count the requests that wait for an answer; one query."""
    return open_requests(request.reader)  # type: ignore[attr-defined]


def _grants(request: HttpRequest) -> int:
    """Count the grants that wait for the reader's decision; one query, none for others."""
    reader = request.reader  # type: ignore[attr-defined]
    return waiting_grants(reader) if reader.can(Permission.APPROVE_GRANTS) else 0


add(
    MenuEntry(
        _("个人信息"),
        "privacy_desk:requests",
        "shield-check",
        Permission.KEEP_RIGHTS,
        order=70,
        count=_requests,
        area="privacy_desk:request",
    ),
    MenuEntry(
        _("跨区查看"),
        "privacy_desk:grants",
        "key-round",
        Permission.SEE_GRANTS,
        order=72,
        count=_grants,
        area="privacy_desk:grant",
    ),
)
