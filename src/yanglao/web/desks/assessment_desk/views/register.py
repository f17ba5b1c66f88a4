"""评估员: who may assess, for which body, with which background, under which account."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, Role, accounts_in_area
from yanglao.domain.assessments.public import (
    Assessor,
    Body,
    WrongMove,
    assessors,
    bodies,
    close_assessor,
    get_assessor,
    keep_assessor,
    keep_body,
    keep_tie,
)
from yanglao.domain.people.public import Person
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.assessment_desk.forms import (
    AssessorForm,
    BodyForm,
    ReasonForm,
    TieForm,
)
from yanglao.web.desks.assessment_desk.views.asking import reader_of, tried
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.MANAGE_ASSESSMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """List assessors and bodies."""
    reader = reader_of(request)
    context = {
        "assessors": assessors(reader),
        "bodies": bodies(reader),
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("评估员"))],
    }
    return render(request, "assessment_desk/register.html", context)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def assessor(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter an assessor, or change one."""
    reader = reader_of(request)
    found = _assessor(reader, pk)
    accounts = accounts_in_area(reader).filter(role=Role.ASSESSOR, is_active=True)
    form = AssessorForm(
        request.POST or None,
        bodies=bodies(reader).filter(active=True),
        accounts=accounts,
        initial=_initial(found),
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            keep_assessor(
                name=sent["name"],
                body_id=int(sent["body"]),
                background=sent["background"],
                place_code=found.place_code if found else reader.area,
                acting=reader,
                account_id=_number(sent["account"]),
                employer_id=_number(sent["employer"]),
                person_id=found.person_id if found else None,
                trained_on=sent["trained_on"],
                certificate=sent["certificate"],
                phone=sent["phone"],
                assessor_id=pk,
            )
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存。"))
            return redirect("assessment_desk:register")
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "reason_form": ReasonForm(),
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("评估员"), reverse("assessment_desk:register")),
            Crumb(found.name if found else _("新登记")),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessment_desk/assessor.html", context, status=status)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an assessor take part no longer."""
    reader = reader_of(request)
    _assessor(reader, pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        tried(
            request,
            lambda: close_assessor(assessor_id=pk, acting=reader, reason=reason),
            _("已停用，他以前的评估不受影响。"),
        )
    return redirect("assessment_desk:register")


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def body(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    reader = reader_of(request)
    form = BodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_body(place_code=reader.area, acting=reader, **form.cleaned_data)
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存。"))
            return redirect("assessment_desk:register")
    context = {
        "form": form,
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("评估员"), reverse("assessment_desk:register")),
            Crumb(_("登记机构")),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessment_desk/body.html", context, status=status)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def tie(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Note that a body delivers services to a person."""
    reader = reader_of(request)
    form = TieForm(request.POST or None, bodies=bodies(reader).filter(active=True))
    if request.method == "POST":
        if form.is_valid():
            sent = form.cleaned_data
            try:
                keep_tie(
                    person_id=person_pk,
                    body_id=int(sent["body"]),
                    since=sent["since"],
                    acting=reader,
                )
            except (Person.DoesNotExist, Body.DoesNotExist) as missing:
                raise Http404 from missing
            except PermissionError as refusal:
                raise PermissionDenied(str(refusal)) from refusal
            except WrongMove as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("已登记，安排评估员时会回避。"))
        else:
            messages.error(request, _("请选择机构并填写日期。"))
    return redirect("assessment_desk:person", person_pk)


def _assessor(reader: Reader, pk: int | None) -> Assessor | None:
    if pk is None:
        return None
    try:
        return get_assessor(reader, pk)
    except Assessor.DoesNotExist as missing:
        raise Http404 from missing


def _initial(found: Assessor | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "name": found.name,
        "body": str(found.body_id),
        "background": found.background,
        "account": str(found.account_id or ""),
        "employer": str(found.employer_id or ""),
        "trained_on": found.trained_on,
        "certificate": found.certificate,
        "phone": found.phone,
    }


def _number(text: str) -> int | None:
    return int(text) if text else None
