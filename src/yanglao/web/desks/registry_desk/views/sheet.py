"""告知单: what a person has and could have, on paper, in large type, to leave at the house."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.registry_desk.views.file import day_asked, file_context, found_file
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_PEOPLE, leaves_trace=True)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet; it carries no ID number and no facts that a neighbour need not read."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    opened = found_file(reader, pk, day_asked(request), purpose=str(_("打印告知单")))
    context = file_context(request, opened) | {"reader": reader, "hotline": settings.HOTLINE}
    return render(request, "registry_desk/sheet.html", context)
