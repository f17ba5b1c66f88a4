"""一次上门办几件事: all open leads of one person on one page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.leads.public import LeadState, WrongMove, leads, move_lead
from yanglao.domain.people.public import contacts_of
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.leads_desk.forms import VisitForm, lead_field
from yanglao.web.desks.leads_desk.lines import LeadLine, lines_of
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to settle on the visit: its line and its field."""

    line: LeadLine
    field: BoundField


@screen(Permission.WORK_LEADS, writes=True)
def visit(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Show the open leads of a person; take the results of all of them at once."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = list(leads(reader, state="open").filter(person_id=person_pk))
    if not found:
        raise Http404
    form = VisitForm(request.POST if request.method == "POST" else None, leads=found)
    if form.is_bound and form.is_valid():
        try:
            _record(reader, form)
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记 %(number)d 件事。") % {"number": len(form.results)})
            return redirect("registry_desk:file", person_pk)
    lines = lines_of(found, clock.today())
    context: dict[str, Any] = {
        "form": form,
        "first": lines[0],
        "contacts": contacts_of(reader, found[0].person),
        "can_call": reader.can(Permission.REVEAL_IDENTITY),
        "matters": [Matter(line, form[lead_field(line.lead)]) for line in lines],
        "trail": [
            Crumb(_("服务找人"), reverse("leads_desk:board")),
            Crumb(lines[0].name),
        ],
    }
    return render(request, "leads_desk/visit.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _record(reader: Reader, form: VisitForm) -> None:
    """Move every lead that something came of; all of them or none."""
    for lead, state in form.results:
        declined = state == LeadState.DECLINED
        move_lead(
            lead_id=lead.pk,
            to_state=state,
            acting=reader,
            note=form.cleaned_data["note"],
            decline_reason=form.cleaned_data["decline_reason"] if declined else "",
        )
