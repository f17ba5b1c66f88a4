"""空表和填法: what each kind of list looks like, and its empty sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import Level, divisions
from yanglao.flows.explain_lists import KindReading, empty_sheet, list_kind, list_kinds
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_LISTS)
def kinds(request: HttpRequest) -> HttpResponse:
    """List the kinds with their senders and what must be there."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    found = [one for one in list_kinds() if not reader.kinds or one.code in reader.kinds]
    context = {
        "kinds": found,
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(_("空表和填法"))],
    }
    return render(request, "lists_desk/kinds.html", context)


@screen(Permission.SEE_LISTS)
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """Explain one kind, column by column."""
    context = {
        "kind": _kind(code),
        "trail": [
            Crumb(_("名单接收"), reverse("lists_desk:lists")),
            Crumb(_("空表和填法"), reverse("lists_desk:kinds")),
            Crumb(_kind(code).label),
        ],
    }
    return render(request, "lists_desk/kind.html", context)


@screen(Permission.SEE_LISTS)
def template(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the empty sheet of a kind, with three invented people."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    found = _kind(code)
    # The last village of the area: a code that a list of this area may really have.
    last = divisions(reader, Level.VILLAGE).last()
    place = last.code if last else reader.area
    return file_response(empty_sheet(code, place_code=place), f"{found.label}-空表.xlsx")


def _kind(code: str) -> KindReading:
    try:
        return list_kind(code)
    except KeyError as problem:
        raise Http404(_("没有这种名单。")) from problem
