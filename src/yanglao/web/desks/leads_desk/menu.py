"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.leads.public import leads
from yanglao.foundation import clock
from yanglao.web.kit import menu


def overdue(request: HttpRequest) -> int:
    """Count the leads that are late; one query."""
    reader = request.reader  # type: ignore[attr-defined]
    return leads(reader, state="open", due="overdue", as_of=clock.today()).count()


menu.add(
    menu.MenuEntry(
        label=_("服务找人"),
        url_name="leads_desk:board",
        icon="hand-heart",
        permission=Permission.SEE_LEADS,
        order=20,
        count=overdue,
        urgent=True,
        area="leads_desk:",
    )
)
