"""The desk's lines in the main menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import my_gradings, statements
from yanglao.foundation.scoping import Reader
from yanglao.web.kit import menu


def waiting(request: HttpRequest) -> int:
    """Count the settlements that wait for approval; one query."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if not reader.can(Permission.SEE_INSURANCE):
        return 0
    return statements(reader, state="submitted").count()


def mine(request: HttpRequest) -> int:
    """Count the forms that wait for the reader as a grader; one query."""
    return my_gradings(request.reader).count()  # type: ignore[attr-defined]


menu.add(
    menu.MenuEntry(
        label=_("长护险"),
        url_name="insurance_desk:overview",
        icon="umbrella",
        permission=Permission.ASK_INSURANCE,
        order=46,
        count=waiting,
        area="insurance_desk:",
    ),
    menu.MenuEntry(
        label=_("失能评估表"),
        url_name="insurance_desk:my-sheets",
        icon="clipboard-list",
        permission=Permission.ASSESS,
        order=16,
        count=mine,
        area="insurance_desk:my",
    ),
)
