"""One assessment: the application, its clock, what to do next, what was done."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    Assessment,
    AssessmentState,
    PlannedPair,
    Result,
    assessors,
    disputes_of,
    refuse_assessment,
    steps_of,
    stop_assessment,
    take_plan_back,
    withdraw_assessment,
)
from yanglao.flows.ask_assessments import accept
from yanglao.flows.conclude_assessment import conclude_assessment
from yanglao.flows.plan_assessments import accept_plan, propose_visits
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.assessment_desk.forms import DisputeForm, PlanForm, ReasonForm
from yanglao.web.desks.assessment_desk.lines import lines_of
from yanglao.web.desks.assessment_desk.views.asking import found_assessment, reader_of, tried
from yanglao.web.desks.assessment_desk.words import dispute_status, level_words, result_status
from yanglao.web.kit.parts import Crumb, Event
from yanglao.web.kit.screens import screen

_CLOSING = {
    "refuse": (refuse_assessment, Permission.MANAGE_ASSESSMENTS),
    "withdraw": (withdraw_assessment, Permission.ASK_ASSESSMENTS),
    "stop": (stop_assessment, Permission.MANAGE_ASSESSMENTS),
}


@screen(Permission.SEE_ASSESSMENTS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one assessment."""
    return page(request, found_assessment(request, pk))


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an application."""
    found_assessment(request, pk)
    if request.method == "POST":
        reader = reader_of(request)
        tried(
            request,
            lambda: accept(ids=[pk], acting=reader, as_of=clock.today()),
            _("已受理，接着安排评估员。"),
        )
    return redirect("assessment_desk:case", pk)


@screen(Permission.ASK_ASSESSMENTS, writes=True)
def close(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """Refuse, withdraw or stop, with a reason."""
    found = found_assessment(request, pk)
    act, permission = _CLOSING[way]
    reader = reader_of(request)
    if not reader.can(permission):
        raise PermissionDenied(_("您的角色不能这样办。"))
    if request.method != "POST":
        return redirect("assessment_desk:case", pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, found, reason_form=form, way=way, status=422)
    reason = form.cleaned_data["reason"]
    tried(request, lambda: act(assessment_id=pk, acting=reader, reason=reason), _("已办结。"))
    return redirect("assessment_desk:case", pk)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Send two assessors."""
    found = found_assessment(request, pk)
    reader = reader_of(request)
    if request.method != "POST":
        return redirect("assessment_desk:case", pk)
    form = PlanForm(request.POST, assessors=assessors(reader, active=True))
    if not form.is_valid():
        return page(request, found, plan_form=form, status=422)
    chosen = form.cleaned_data
    pair = PlannedPair(pk, (int(chosen["first"]), int(chosen["second"])), chosen["on"])
    done = tried(
        request,
        lambda: accept_plan(plans=[pair], acting=reader, as_of=clock.today()) or True,
        _("已安排，两名评估员的手机上会看到。"),
    )
    return redirect("assessment_desk:case", pk) if done else page(request, found, plan_form=form)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def unplan(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a plan back."""
    found_assessment(request, pk)
    if request.method == "POST":
        reader = reader_of(request)
        tried(
            request,
            lambda: take_plan_back(assessment_id=pk, acting=reader),
            _("已取消安排，可以重新派人。"),
        )
    return redirect("assessment_desk:case", pk)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the level be computed and put on notice."""
    found_assessment(request, pk)
    if request.method == "POST":
        reader = reader_of(request)
        tried(
            request,
            lambda: conclude_assessment(assessment_id=pk, acting=reader, as_of=clock.today()),
            _("已算出结果，开始公示。"),
        )
    return redirect("assessment_desk:case", pk)


def page(
    request: HttpRequest,
    found: Assessment,
    *,
    plan_form: PlanForm | None = None,
    reason_form: ReasonForm | None = None,
    way: str = "",
    dispute_form: DisputeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of an assessment, with forms as they were sent."""
    reader = reader_of(request)
    line = lines_of([found], clock.today())[0]
    result: Result | None = getattr(found, "result", None)
    can_manage = reader.can(Permission.MANAGE_ASSESSMENTS)
    context: dict[str, Any] = {
        "assessment": found,
        "line": line,
        "sheet": getattr(found, "sheet", None),
        "result": result,
        "result_state": result_status(result.state) if result else None,
        "level": level_words(result.level) if result else "",
        "told": (result.told or {}) if result else {},
        "steps": _events(found),
        "sent": [one.assessor for one in found.assignments.all()],
        "can_ask": reader.can(Permission.ASK_ASSESSMENTS),
        "can_manage": can_manage,
        "reason_form": reason_form or ReasonForm(),
        "way": way,
        "plan_form": None,
        "plan_note": "",
        "dispute_form": dispute_form or DisputeForm(),
        "dispute_open": dispute_form is not None,
        "disputes": [
            (one, dispute_status(one.state)) for one in (disputes_of([result.pk]) if result else [])
        ],
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(line.name)],
        "can_plan": found.state in {AssessmentState.ACCEPTED, AssessmentState.PLANNED},
    }
    if can_manage and context["can_plan"]:
        proposed, context["plan_note"] = _plan_form(reader, found)
        context["plan_form"] = plan_form or proposed
    return render(request, "assessment_desk/case.html", context, status=status)


def _plan_form(reader: Reader, found: Assessment) -> tuple[PlanForm, str]:
    """Return the form filled with what is planned, or with the proposal; and why there is none."""
    sent = [one.assessor_id for one in found.assignments.all()]
    on, why = found.planned_on, ""
    if found.state == AssessmentState.ACCEPTED:
        for proposal in propose_visits(reader, as_of=clock.today(), ids=[found.pk]):
            sent, on, why = list(proposal.assessors), proposal.on, proposal.why
    initial = {"on": on, **dict(zip(("first", "second"), map(str, sent), strict=False))}
    return PlanForm(assessors=assessors(reader, active=True), initial=initial), why


def _events(found: Assessment) -> list[Event]:
    events = []
    for step in steps_of(found):
        words = AssessmentState(step.to_state).label
        events.append(
            Event(
                on=clock.day_of(step.at),
                title=words,
                text=str(step.words or ""),
                source=step.by_name,
            )
        )
    return events
