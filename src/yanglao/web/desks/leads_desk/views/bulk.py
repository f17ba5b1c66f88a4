"""Several leads at once: chosen on the board, asked once, then done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, officers_of_area
from yanglao.domain.leads.public import (
    LeadState,
    WrongMove,
    assign_leads,
    in_area,
    leads,
    move_leads,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.leads_desk.forms import AssignForm, MoveForm
from yanglao.web.desks.leads_desk.lines import lines_of
from yanglao.web.kit.screens import screen

_ACTIONS = {"assign": Permission.ASSIGN_LEADS, "move": Permission.WORK_LEADS}
_MOVES = (
    LeadState.CONTACTED,
    LeadState.CONFIRMED,
    LeadState.DELIVERED,
    LeadState.DECLINED,
)
#: The page names so many people; the rest is counted.
_NAMED = 12
_MOST = 500


@screen(Permission.WORK_LEADS, writes=True)
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask what to do with the chosen leads; with ``confirm`` do it and go back to the board."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    back = _board_url(request)
    if request.method != "POST":
        return HttpResponseRedirect(back)
    action = request.POST.get("action", "")
    if action not in _ACTIONS:
        raise BadRequest(_("不知道要对这些线索做什么，请回到列表重新选。"))
    if not reader.can(_ACTIONS[action]):
        raise PermissionDenied(_("您的角色不能分派线索。"))
    ids = in_area(reader, _chosen(request))
    if not ids:
        messages.warning(request, _("先勾选要办的线索。"))
        return HttpResponseRedirect(back)
    form = _form(request, reader, action)
    if form.is_bound and form.is_valid():
        try:
            done = _do(reader, ids, form)
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, done, len(ids))
            return HttpResponseRedirect(back)
    context: dict[str, Any] = {
        "form": form,
        "action": action,
        "ids": ids,
        "lines": lines_of(list(leads(reader).filter(pk__in=ids)[:_NAMED]), clock.today()),
        "more": max(0, len(ids) - _NAMED),
        "back": back,
    }
    return render(request, "leads_desk/bulk.html", context, status=422 if form.is_bound else 200)


def _chosen(request: HttpRequest) -> list[int]:
    """Return the ids sent.

    Raises:
        BadRequest: When something else than ids was sent, or too many.
    """
    sent = request.POST.getlist("chosen")
    if len(sent) > _MOST or not all(text.isascii() and text.isdigit() for text in sent):
        raise BadRequest(_("一次最多办 %(most)d 条。") % {"most": _MOST})
    return [int(text[:18]) for text in sent]


def _form(request: HttpRequest, reader: Reader, action: str) -> AssignForm | MoveForm:
    data = request.POST if "confirm" in request.POST else None
    if action == "assign":
        return AssignForm(data, officers=officers_of_area(reader))
    return MoveForm(data, moves=_MOVES)


def _do(reader: Reader, ids: list[int], form: AssignForm | MoveForm) -> int:
    if isinstance(form, AssignForm):
        return assign_leads(
            ids=ids,
            assignee_id=form.assignee_id,
            acting=reader,
            note=form.cleaned_data["note"],
        )
    return move_leads(ids=ids, acting=reader, **form.cleaned_data)


def _say(request: HttpRequest, done: int, asked: int) -> None:
    if done:
        messages.success(
            request, _("已办 %(done)d 条。要改可以在每条线索里撤回。") % {"done": done}
        )
    if done < asked:
        messages.warning(
            request,
            _("%(left)d 条没有动：已经是这样，或者现在不能这样办。") % {"left": asked - done},
        )


def _board_url(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse('leads_desk:board')}{'?' if query else ''}{query}"
