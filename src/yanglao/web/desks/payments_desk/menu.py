"""The desk's line in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import runs
from yanglao.web.kit import menu


def waiting(request: HttpRequest) -> int:
    """Count the runs that wait for approval; one query."""
    return runs(request.reader, state="submitted").count()  # type: ignore[attr-defined]


menu.add(
    menu.MenuEntry(
        label=_("待遇发放"),
        url_name="payments_desk:runs",
        icon="banknote",
        permission=Permission.SEE_PAYMENTS,
        order=34,
        count=waiting,
        area="payments_desk:",
    )
)
