"""两个版本差在哪里: what a later version of a catalogue changes, in words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import PackVersion, versions
from yanglao.flows.read_catalogue import compare_versions
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.parts import Crumb, Stat
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_CATALOGUE)
def compare(request: HttpRequest) -> HttpResponse:
    """Ask for two versions (the two newest at first) and show what differs."""
    published = list(versions())
    offered = [(str(row.pk), _words(row)) for row in published]
    bar = bind_filters(
        request,
        [
            Filter("before", _("原来的"), choices=offered),
            Filter("after", _("后来的"), choices=offered),
        ],
    )
    before, after = bar["before"], bar["after"]
    if not before and not after and len(published) > 1:
        before, after = str(published[1].pk), str(published[0].pk)
    found = None
    if before and after and before != after:
        try:
            found = compare_versions(int(before), int(after))
        except LookupError as problem:
            raise Http404(str(problem)) from problem
    context = {
        "bar": bar,
        "found": found,
        "stats": _stats(found.difference) if found else [],
        "few": len(published) < 2,
        "same": bool(before and before == after),
        "titles": (_words(found.before), _words(found.after)) if found else ("", ""),
        "trail": [
            Crumb(_("政策清单"), reverse("policy_room:catalogue")),
            Crumb(_("版本"), reverse("policy_room:versions")),
            Crumb(_("比较")),
        ],
    }
    return render(request, "policy_room/compare.html", context)


def _words(row: PackVersion) -> str:
    return _("%(title)s，%(day)s 起，%(hash)s") % {
        "title": row.title,
        "day": row.in_force_from.isoformat(),
        "hash": row.hash[:8],
    }


def _stats(difference: object) -> list[Stat]:
    counted = (
        ("added", _("新增项目")),
        ("removed", _("取消项目")),
        ("changed", _("改动项目")),
        ("parameters", _("改动数字")),
        ("facts", _("改动含义")),
    )
    return [Stat(label, len(getattr(difference, name))) for name, label in counted]
