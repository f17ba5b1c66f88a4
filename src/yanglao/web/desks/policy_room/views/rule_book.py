"""规则书: the whole catalogue in one page that prints, and the same as a text file."""

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.flows.read_catalogue import NothingInForce, read_catalogue, rule_book_text
from yanglao.foundation import clock
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

MARKDOWN = "text/markdown; charset=utf-8"


@screen(Permission.SEE_CATALOGUE)
def rule_book(request: HttpRequest) -> HttpResponse:
    """Show every item with its conditions, tiers, numbers and sources."""
    try:
        reading = read_catalogue(clock.today())
    except NothingInForce as problem:
        return render(request, "policy_room/nothing.html", {"why": str(problem)})
    context = {
        "reading": reading,
        "trail": [Crumb(_("政策清单"), reverse("policy_room:catalogue")), Crumb(_("规则书"))],
    }
    return render(request, "policy_room/rule_book.html", context)


@screen(Permission.SEE_CATALOGUE)
def text(request: HttpRequest) -> HttpResponseBase:
    """Give the rule book as a Markdown file, for those who check the rules."""
    try:
        version, written = rule_book_text(clock.today())
    except NothingInForce as problem:
        raise Http404(str(problem)) from problem
    name = _("%(title)s 规则书 %(hash)s.md") % {"title": version.title, "hash": version.hash[:8]}
    return file_response(BytesIO(written.encode()), name, MARKDOWN)
