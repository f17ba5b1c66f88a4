"""Several tasks at once: chosen on the board, asked once, then done."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.statuses.public import TaskState, WrongMove, move_tasks, tasks
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.status_desk.lines import lines_of
from yanglao.web.desks.status_desk.words import status_names
from yanglao.web.kit.screens import screen

_STATES = {TaskState.DONE.value, TaskState.NOT_NEEDED.value}
_NAMED = 12
_MOST = 500


@screen(Permission.WORK_STATUSES, writes=True)
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask for the words, then close the chosen tasks and go back to the board."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    back = reverse("status_desk:tasks")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    action = request.POST.get("action", "")
    if action not in _STATES:
        raise BadRequest(_("不知道要对这些事做什么，请回到列表重新选。"))
    sent = request.POST.getlist("chosen")
    if len(sent) > _MOST or not all(text.isascii() and text.isdigit() for text in sent):
        raise BadRequest(_("一次最多办 %(most)d 件。") % {"most": _MOST})
    today = clock.today()
    found = list(tasks(reader, as_of=today).filter(pk__in=[int(text[:18]) for text in sent]))
    if not found:
        messages.warning(request, _("先勾选要办的事；办结的不能再办。"))
        return HttpResponseRedirect(back)
    problem, words = "", request.POST.get("words", "")
    if "confirm" in request.POST:
        try:
            done = move_tasks(
                ids=[one.pk for one in found], to_state=action, acting=reader, words=words
            )
        except WrongMove as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("已登记 %(done)d 件。") % {"done": done})
            return HttpResponseRedirect(back)
    context = {
        "action": action,
        "label": TaskState(action).label,
        "lines": lines_of(found[:_NAMED], status_names(today), today),
        "more": max(0, len(found) - _NAMED),
        "ids": [one.pk for one in found],
        "problem": problem,
        "words": words,
        "back": back,
    }
    return render(request, "status_desk/bulk.html", context, status=422 if problem else 200)
