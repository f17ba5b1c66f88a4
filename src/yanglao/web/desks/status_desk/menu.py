"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.statuses.public import tasks
from yanglao.foundation import clock
from yanglao.foundation.remembered import remembered
from yanglao.web.kit import menu


def overdue(request: HttpRequest) -> int:
    """Count the tasks that are late; one query, at most a minute old."""
    reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    return remembered(
        ("status tasks overdue", reader.area, today),
        lambda: tasks(reader, due="overdue", as_of=today).count(),
    )


menu.add(
    menu.MenuEntry(
        label=_("救助供养"),
        url_name="status_desk:tasks",
        icon="life-buoy",
        permission=Permission.SEE_STATUSES,
        order=27,
        count=overdue,
        urgent=True,
        area="status_desk:",
    )
)
