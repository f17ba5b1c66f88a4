"""告知单: what a person has and could have, on paper, in large type, to leave at the house."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yanglao.domain.accounts.public import Permission
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.registry_desk.views.file import day_asked, file_context, found_view
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_PEOPLE)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet; it carries no ID number and no facts that a neighbour need not read."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    view = found_view(reader, pk, day_asked(request))
    context = file_context(request, view) | {"reader": reader, "hotline": settings.HOTLINE}
    return render(request, "registry_desk/sheet.html", context)
