"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.linkage.public import waiting_rows
from yanglao.web.kit import menu


def waiting(request: HttpRequest) -> int:
    """Count the rows that wait for the reader; one query."""
    return waiting_rows(request.reader).count()  # type: ignore[attr-defined]


menu.add(
    menu.MenuEntry(
        label=_("对人核实"),
        url_name="linking_desk:rows",
        icon="user-round-search",
        permission=Permission.TAKE_IN_LISTS,
        order=42,
        count=waiting,
        area="linking_desk:",
    )
)
