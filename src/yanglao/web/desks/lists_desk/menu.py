"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.desks.lists_desk.received import went_back_lately
from yanglao.web.kit import menu


def went_back(request: HttpRequest) -> int:
    """Count the lists of the last weeks that have rows to put right; one query."""
    return went_back_lately(request.reader).count()  # type: ignore[attr-defined]


menu.add(
    menu.MenuEntry(
        label=_("名单接收"),
        url_name="lists_desk:lists",
        icon="file-spreadsheet",
        permission=Permission.SEE_LISTS,
        order=40,
        count=went_back,
        area="lists_desk:",
    )
)
