"""The desk's lines in the main menu: for officers, and for assessors."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import assessments
from yanglao.foundation import clock
from yanglao.web.kit import menu


def late(request: HttpRequest) -> int:
    """Count the assessments whose step is late; one query."""
    reader = request.reader  # type: ignore[attr-defined]
    return assessments(reader, due="late", as_of=clock.today()).count()


menu.add(
    menu.MenuEntry(
        label=_("能力评估"),
        url_name="assessment_desk:board",
        icon="clipboard-list",
        permission=Permission.SEE_ASSESSMENTS,
        order=25,
        count=late,
        urgent=True,
        area="assessment_desk:",
    )
)
menu.add(
    menu.MenuEntry(
        label=_("我的评估"),
        url_name="assessment_desk:mine",
        icon="clipboard-pen",
        permission=Permission.ASSESS,
        order=26,
        area="assessment_desk:mine",
    )
)
