"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import cases
from yanglao.foundation import clock
from yanglao.web.kit import menu


def late(request: HttpRequest) -> int:
    """Count the cases whose step is late; one query."""
    reader = request.reader  # type: ignore[attr-defined]
    return cases(reader, state="waiting", due="late", as_of=clock.today()).count()


menu.add(
    menu.MenuEntry(
        label=_("待遇办理"),
        url_name="benefits_desk:cases",
        icon="wallet",
        permission=Permission.SEE_BENEFITS,
        order=32,
        count=late,
        urgent=True,
        area="benefits_desk:",
    )
)
