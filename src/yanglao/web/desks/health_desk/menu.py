"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.health.public import worsenings
from yanglao.foundation.remembered import remembered
from yanglao.web.kit import menu


def unseen(request: HttpRequest) -> int:
    """Count who got worse and nobody has looked yet; one query, at most a minute old."""
    reader = request.reader  # type: ignore[attr-defined]
    return remembered(("worse", reader.area), lambda: worsenings(reader).count())


menu.add(
    menu.MenuEntry(
        label=_("早期发现"),
        url_name="health_desk:screenings",
        icon="activity",
        permission=Permission.SEE_SCREENINGS,
        order=28,
        count=unseen,
        area="health_desk:",
    )
)
