"""Applications: find the person, write down who asks; or take up leads that miss a level."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import NewRequest
from yanglao.domain.leads.public import Lead
from yanglao.domain.people.public import Person, find_people, get_person
from yanglao.flows.ask_assessments import ask, ask_from_leads, leads_missing_ability
from yanglao.flows.assessment_rules import NoPackInForce
from yanglao.foundation import clock
from yanglao.web.desks.assessment_desk.forms import AskForm
from yanglao.web.desks.assessment_desk.lines import PersonLine, person_lines
from yanglao.web.desks.assessment_desk.views.asking import chosen, reader_of, tried
from yanglao.web.kit.pager import paginate
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_MOST_FOUND = 20
_LEADS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead that only misses a level, with the person."""

    lead: Lead
    whose: PersonLine


@screen(Permission.ASK_ASSESSMENTS)
def find(request: HttpRequest) -> HttpResponse:
    """Find the person who is to be assessed."""
    reader = reader_of(request)
    text = request.GET.get("q", "").strip()[:60]
    found = list(find_people(reader, text)[:_MOST_FOUND]) if text else []
    context = {
        "q": text,
        "lines": person_lines([(one, one.place_code) for one in found], clock.today()),
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("新申请"))],
    }
    return render(request, "assessment_desk/find.html", context)


@screen(Permission.ASK_ASSESSMENTS, writes=True)
def apply(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Write an application down."""
    reader = reader_of(request)
    try:
        person = get_person(reader, person_pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = NewRequest(person_id=person.pk, **form.cleaned_data)
        try:
            asked = ask(requests=[wanted], acting=reader, as_of=clock.today())
        except NoPackInForce as refusal:
            form.add_error(None, str(refusal))
        else:
            if asked.created:
                messages.success(request, _("已登记申请。"))
                return redirect("assessment_desk:case", asked.created[0])
            words = (
                _("这位老人已经有一次没有办完的评估。")
                if asked.open_already
                else _("这份档案登记为已故，不能申请。")
            )
            form.add_error(None, words)
    context = {
        "form": form,
        "line": person_lines([(person, person.place_code)], clock.today())[0],
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("新申请"), reverse("assessment_desk:find")),
            Crumb(person.name),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessment_desk/apply.html", context, status=status)


@screen(Permission.ASK_ASSESSMENTS, writes=True)
def from_leads(request: HttpRequest) -> HttpResponse:
    """Show the leads that miss a level, and turn chosen ones into applications."""
    reader = reader_of(request)
    if request.method == "POST":
        ids = chosen(request)
        lead = request.POST.get("lead", "")
        if lead.isascii() and lead.isdigit():
            ids = [int(lead[:18])]
        if not ids:
            messages.warning(request, _("先勾选要评估的人。"))
            return redirect("assessment_desk:from-leads")
        asked: Any = tried(
            request,
            lambda: ask_from_leads(ids=ids, acting=reader, as_of=clock.today()),
            _("已转为评估申请，已经在办的不会重复。"),
        )
        if asked and len(asked.created) == 1:
            return redirect("assessment_desk:case", asked.created[0])
        return redirect("assessment_desk:from-leads" if len(ids) > 1 else "assessment_desk:board")
    found = leads_missing_ability(reader)
    page = paginate(request, found, size=_LEADS_A_PAGE)
    rows: list[Lead] = list(page.rows)
    whose = person_lines([(one.person, one.place_code) for one in rows], clock.today())
    context = {
        "page": page,
        "rows": [LeadRow(lead, line) for lead, line in zip(rows, whose, strict=True)],
        "number": len(found),
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("只差能力评估的线索")),
        ],
    }
    return render(request, "assessment_desk/from_leads.html", context)
