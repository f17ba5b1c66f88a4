"""Several cases at once: looked at once more, then decided, with those that were left and why."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import Case, WrongMove, cases
from yanglao.flows.decide_benefits import approve, post, prepare
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.lines import lines_of
from yanglao.web.kit.screens import screen

_MOST, _NAMED = 500, 40
_NEEDS = {
    "prepare": Permission.PREPARE_BENEFITS,
    "post": Permission.PREPARE_BENEFITS,
    "approve": Permission.APPROVE_BENEFITS,
}
_TITLES: dict[str, Any] = {
    "prepare": gettext_lazy("初审同意这 %(number)d 件"),
    "post": gettext_lazy("公示这 %(number)d 件"),
    "approve": gettext_lazy("审批同意这 %(number)d 件"),
}


@screen(Permission.PREPARE_BENEFITS, writes=True)
def bulk(request: HttpRequest) -> HttpResponse:
    """Show the chosen cases; with ``confirm`` decide them, but for those taken out."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    back = f"{reverse('benefits_desk:cases')}?{request.GET.urlencode()}"
    if request.method != "POST":
        return HttpResponseRedirect(back)
    action = request.POST.get("action", "")
    if action not in _NEEDS:
        raise BadRequest(_("不知道要对这些个案做什么，请回到列表重新选。"))
    if not reader.can(_NEEDS[action]):
        raise PermissionDenied(_("您的角色不能审批待遇。"))
    found = list(cases(reader).filter(pk__in=_chosen(request)).order_by("id"))
    if not found:
        messages.warning(request, _("先勾选要办的个案。"))
        return HttpResponseRedirect(back)
    if "confirm" in request.POST:
        return _decided(request, reader, action, found, back)
    return _looked_at(request, action, found, back)


def _looked_at(
    request: HttpRequest, action: str, found: list[Case], back: str, problem: str = ""
) -> HttpResponse:
    """Show what would be decided, once more, with what was wrong with the words."""
    context: dict[str, Any] = {
        "action": action,
        "title": _TITLES[action] % {"number": len(found)},
        "lines": lines_of(found, clock.today()),
        "back": back,
        "left": {},
        "words": request.POST.get("words", ""),
        "problem": problem,
    }
    return render(request, "benefits_desk/bulk.html", context, status=422 if problem else 200)


def _chosen(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("chosen")
    if len(sent) > _MOST or not all(text.isascii() and text.isdigit() for text in sent):
        raise BadRequest(_("一次最多办 %(most)d 件。") % {"most": _MOST})
    return [int(text[:18]) for text in sent]


def _decided(
    request: HttpRequest, reader: Reader, action: str, found: list[Case], back: str
) -> HttpResponse:
    today, ids = clock.today(), [case.pk for case in found]
    words = request.POST.get("words", "")
    if action == "post":
        posted = post(ids=ids, as_of=today, acting=reader)
        number = sum(1 for case in found if case.state == "prepared")
        if posted:
            messages.success(
                request,
                _("已公示 %(number)d 件，分成 %(sheets)d 张公示。")
                % {"number": number, "sheets": len(posted)},
            )
            return HttpResponseRedirect(reverse("benefits_desk:notices"))
        messages.warning(request, _("没有可以公示的：先初审。"))
        return HttpResponseRedirect(back)
    act: Callable[..., Any] = prepare if action == "prepare" else approve
    try:
        done = act(ids=ids, words=words, as_of=today, acting=reader)
    except WrongMove as refusal:
        return _looked_at(request, action, found, back, str(refusal))
    if done.done:
        messages.success(request, _("已办 %(number)d 件。") % {"number": done.done})
    others = len(found) - done.done - len(done.left)
    if others:
        messages.warning(request, _("%(number)d 件不在这一步，没有动。") % {"number": others})
    if not done.left:
        return HttpResponseRedirect(back)
    lines = lines_of([case for case in found if case.pk in done.left][:_NAMED], today)
    context = {
        "action": action,
        "title": _("%(number)d 件没有办") % {"number": len(done.left)},
        "lines": lines,
        "back": back,
        "left": [(line, done.left[line.case.pk]) for line in lines],
    }
    return render(request, "benefits_desk/bulk.html", context)
