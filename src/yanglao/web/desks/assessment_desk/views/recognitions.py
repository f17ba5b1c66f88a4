"""互认: results made elsewhere are taken over with their source, or refused with a reason."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    Recognition,
    RecognitionState,
    SourceKind,
    WrongMove,
    bring_result,
    get_recognition,
    recognitions,
    refuse_recognition,
)
from yanglao.domain.people.public import Person, get_person
from yanglao.flows.recognise_assessments import recognise
from yanglao.foundation import clock
from yanglao.web.desks.assessment_desk.forms import ReasonForm, RecognitionForm
from yanglao.web.desks.assessment_desk.lines import person_lines
from yanglao.web.desks.assessment_desk.views.asking import reader_of, tried
from yanglao.web.desks.assessment_desk.words import (
    recognition_status,
    said_words,
)
from yanglao.web.kit.pager import paginate
from yanglao.web.kit.parts import Crumb, Tab
from yanglao.web.kit.screens import screen

_A_PAGE = 50


@screen(Permission.SEE_ASSESSMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """List what was brought from elsewhere."""
    reader = reader_of(request)
    tab = request.GET.get("tab", "")
    state = tab if tab in RecognitionState.values else ""
    rows = recognitions(reader, state=state or None)
    page = paginate(request, rows, size=_A_PAGE)
    found: list[Recognition] = list(page.rows)
    whose = person_lines([(one.person, one.place_code) for one in found], clock.today())
    context = {
        "page": page,
        "rows": [
            (one, line, recognition_status(one.state), said_words(one.standard, one.said))
            for one, line in zip(found, whose, strict=True)
        ],
        "tabs": [
            Tab(_("全部"), "?", current=not state),
            *(
                Tab(one.label, f"?tab={one.value}", current=state == one)
                for one in RecognitionState
            ),
        ],
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("外来结果"))],
    }
    return render(request, "assessment_desk/recognitions.html", context)


@screen(Permission.ASK_ASSESSMENTS, writes=True)
def bring(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Write a result made elsewhere down."""
    reader = reader_of(request)
    try:
        person = get_person(reader, person_pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    form = RecognitionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            brought = bring_result(
                person_id=person.pk, acting=reader, as_of=clock.today(), **form.cleaned_data
            )
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("assessment_desk:recognition", brought.pk)
    context = {
        "form": form,
        "line": person_lines([(person, person.place_code)], clock.today())[0],
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(person.name, reverse("assessment_desk:person", args=[person.pk])),
            Crumb(_("登记外来结果")),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessment_desk/bring.html", context, status=status)


@screen(Permission.SEE_ASSESSMENTS)
def recognition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one result made elsewhere."""
    return _page(request, _found(request, pk))


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def decide(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """Accept or refuse."""
    found = _found(request, pk)
    if request.method != "POST":
        return redirect("assessment_desk:recognition", pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    reader = reader_of(request)
    today = clock.today()
    reason = form.cleaned_data["reason"]
    if way == "accept":
        tried(
            request,
            lambda: recognise(recognition_id=pk, reason=reason, acting=reader, as_of=today),
            _("已采信。"),
        )
    else:
        tried(
            request,
            lambda: refuse_recognition(
                recognition_id=pk, reason=reason, acting=reader, as_of=today
            ),
            _("已登记为不采信。"),
        )
    return redirect("assessment_desk:recognition", pk)


def _found(request: HttpRequest, pk: int) -> Recognition:
    try:
        return get_recognition(reader_of(request), pk)
    except Recognition.DoesNotExist as missing:
        raise Http404 from missing


def _page(
    request: HttpRequest, found: Recognition, *, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    reader = reader_of(request)
    context: dict[str, Any] = {
        "one": found,
        "line": person_lines([(found.person, found.place_code)], clock.today())[0],
        "state": recognition_status(found.state),
        "told": said_words(found.standard, found.said),
        "is_level": found.standard == SourceKind.GBT42195,
        "form": form or ReasonForm(),
        "can_decide": found.state == RecognitionState.WAITING
        and reader.can(Permission.MANAGE_ASSESSMENTS),
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("外来结果"), reverse("assessment_desk:recognitions")),
            Crumb(found.person.name),
        ],
    }
    return render(request, "assessment_desk/recognition.html", context, status=status)
