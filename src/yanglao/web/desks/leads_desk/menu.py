"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.leads.public import leads
from yanglao.foundation import clock
from yanglao.foundation.remembered import remembered
from yanglao.kernel.division import prefix
from yanglao.web.kit import menu

#: Digits of a prefecture; areas of more are narrow.
_WIDE = 4


def overdue(request: HttpRequest) -> int:
    """Count the leads that are late; one query.

    Counting a whole prefecture takes a while and stands on every page: there it may be a minute
    old. A county or town sees what it did at once.
    """
    reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()

    def count() -> int:
        return leads(reader, state="open", due="overdue", as_of=today).count()

    if len(prefix(reader.area)) > _WIDE:
        return count()
    return remembered(("overdue", reader.area, today), count)


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
