"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import held_items
from yanglao.web.kit import menu


def waiting(request: HttpRequest) -> int:
    """Count items of the newest run that wait for a person; one query."""
    return held_items(request.reader).count()  # type: ignore[attr-defined]


menu.add(
    menu.MenuEntry(
        label=_("比对"),
        url_name="match_desk:runs",
        icon="git-compare",
        permission=Permission.SEE_RUNS,
        order=50,
        count=waiting,
        urgent=True,
        area="match_desk:",
    )
)
