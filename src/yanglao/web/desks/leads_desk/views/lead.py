"""One lead: why, what next, whom to call, what was done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, officers_for
from yanglao.domain.leads.public import (
    Lead,
    LeadAct,
    WrongMove,
    assign_leads,
    get_lead,
    leads_of,
    move_lead,
    moves_of,
    steps_of,
    undo_last_step,
)
from yanglao.flows.open_person import open_file
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.leads_desk.forms import AssignForm, MoveForm, next_steps
from yanglao.web.desks.leads_desk.lines import lines_of
from yanglao.web.desks.leads_desk.steps import step_events
from yanglao.web.desks.leads_desk.words import act_words
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_UNDONE_BY_OFFICER = {LeadAct.MOVE, LeadAct.ASSIGN}


@screen(Permission.SEE_LEADS, leaves_trace=True)
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one lead."""
    return _page(request, _found(request, pk))


@screen(Permission.WORK_LEADS, writes=True)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of a lead."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = _found(request, pk)
    if request.method != "POST":
        return redirect("leads_desk:lead", pk)
    form = MoveForm(request.POST, moves=moves_of(found))
    if not form.is_valid():
        return _page(request, found, move_form=form, status=422)
    try:
        move_lead(lead_id=pk, acting=reader, **form.cleaned_data)
    except WrongMove as refusal:
        messages.error(request, str(refusal))
    else:
        words = act_words(form.cleaned_data["to_state"])
        messages.success(request, _("已登记：%(words)s。可以撤回。") % {"words": words})
    return redirect("leads_desk:lead", pk)


@screen(Permission.ASSIGN_LEADS, writes=True)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a lead to an officer."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = _found(request, pk)
    if request.method != "POST":
        return redirect("leads_desk:lead", pk)
    form = AssignForm(request.POST, officers=officers_for(reader, found.place_code))
    if not form.is_valid():
        return _page(request, found, assign_form=form, status=422)
    try:
        assign_leads(
            ids=[pk],
            assignee_id=form.assignee_id,
            acting=reader,
            note=form.cleaned_data["note"],
        )
    except WrongMove as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已改经办人。可以撤回。"))
    return redirect("leads_desk:lead", pk)


@screen(Permission.WORK_LEADS, writes=True)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last step."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    _found(request, pk)
    if request.method == "POST":
        try:
            undo_last_step(lead_id=pk, acting=reader)
        except WrongMove as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已撤回上一步。"))
    return redirect("leads_desk:lead", pk)


def _found(request: HttpRequest, pk: int) -> Lead:
    try:
        return get_lead(request.reader, pk)  # type: ignore[attr-defined]
    except Lead.DoesNotExist as missing:
        raise Http404 from missing


def _page(
    request: HttpRequest,
    found: Lead,
    *,
    move_form: MoveForm | None = None,
    assign_form: AssignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    others = [
        other
        for other in leads_of(reader, found.person_id)
        if other.pk != found.pk and other.closed_on is None
    ]
    for other in others:
        other.person = found.person
    lines = lines_of([found, *others], today)
    opened = open_file(reader, found.person_id, today, purpose=str(_("办理线索")), at=clock.now())
    view = opened.view
    steps = list(steps_of(found))
    moves = moves_of(found)
    context: dict[str, Any] = {
        "lead": found,
        "line": lines[0],
        "answer": next((one for one in view.answers if one.item_id == found.item_id), None),
        "contacts": view.contacts,
        "can_record": reader.can(Permission.RECORD_FACTS),
        "can_call": reader.can(Permission.REVEAL_IDENTITY),
        "others": lines[1:],
        "visit_url": reverse("leads_desk:visit", args=[found.person_id]) if others else "",
        "trail": [Crumb(_("服务找人"), reverse("leads_desk:board")), Crumb(lines[0].name)],
        "steps": step_events(steps, reader),
        "can_undo": bool(
            steps and steps[0].act in _UNDONE_BY_OFFICER and reader.can(Permission.WORK_LEADS)
        ),
        "next": next_steps(moves, move_form) if reader.can(Permission.WORK_LEADS) else None,
        "assign_form": None,
    }
    if found.closed_on is None and reader.can(Permission.ASSIGN_LEADS):
        context["assign_form"] = assign_form or AssignForm(
            officers=officers_for(reader, found.place_code),
            initial={"assignee": str(found.assignee_id or "")},
        )
    return render(request, "leads_desk/lead.html", context, status=status)
