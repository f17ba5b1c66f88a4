"""One act on one case: asked on a page of its own, then done."""

from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import (
    Bulk,
    Case,
    DisputeKind,
    StopCause,
    SuspendCause,
    WrongMove,
    ask_restart,
    get_case,
    refuse_case,
    resume_case,
    stop_case,
    suspend_case,
    withdraw_case,
)
from yanglao.flows.decide_benefits import approve, object_or_appeal, post, prepare, send_back
from yanglao.flows.open_benefits import take_evidence_again
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.forms import (
    DisputeForm,
    MaybeWordsForm,
    ResumeForm,
    StopForm,
    SuspendForm,
    WordsForm,
)
from yanglao.web.desks.benefits_desk.lines import lines_of
from yanglao.web.desks.benefits_desk.views.case import ACTS, act_words
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_FORMS: dict[str, type[forms.Form]] = {
    "return": WordsForm,
    "refuse": WordsForm,
    "restart": WordsForm,
    "suspend": SuspendForm,
    "resume": ResumeForm,
    "stop": StopForm,
    "object": DisputeForm,
    "appeal": DisputeForm,
}


@screen(Permission.ASK_BENEFITS, writes=True)
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Ask for what an act needs; posted, do it and go back to the case."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if act not in ACTS:
        raise Http404
    if not reader.can(ACTS[act][1]):
        raise PermissionDenied(_("您的角色不能办理这一步。"))
    try:
        found = get_case(reader, pk)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    form = _form(act, request)
    if request.method == "POST" and form.is_valid():
        try:
            _do(act, pk, form.cleaned_data, reader, clock.today())
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办：%(what)s。") % {"what": act_words(act)})
            return redirect("benefits_desk:case", pk)
    line = lines_of([found], clock.today())[0]
    context: dict[str, Any] = {
        "form": form,
        "title": act_words(act),
        "line": line,
        "back": reverse("benefits_desk:case", args=[pk]),
        "trail": [
            Crumb(_("待遇办理"), reverse("benefits_desk:cases")),
            Crumb(f"{line.name} {line.item}", reverse("benefits_desk:case", args=[pk])),
            Crumb(act_words(act)),
        ],
    }
    return render(request, "benefits_desk/act.html", context, status=422 if form.is_bound else 200)


def _form(act: str, request: HttpRequest) -> forms.Form:
    made = _FORMS.get(act, MaybeWordsForm)
    data = request.POST if request.method == "POST" else None
    if made in {SuspendForm, ResumeForm, StopForm}:
        dated: Callable[..., forms.Form] = made
        return dated(data, today=clock.today())
    return made(data)


def _do(act: str, pk: int, said: dict[str, Any], reader: Reader, today: date) -> None:
    words = said.get("words", "")
    common: dict[str, Any] = {"case_id": pk, "as_of": today, "acting": reader}
    many: dict[str, Any] = {"ids": [pk], "as_of": today, "acting": reader}
    done: dict[str, Callable[[], object]] = {
        "prepare": lambda: _through(prepare(**many, words=words), pk),
        "post": lambda: post(**many) or _refuse(_("没有可以公示的：先初审。")),
        "approve": lambda: _through(approve(**many, words=words), pk),
        "return": lambda: send_back(**common, words=words),
        "refuse": lambda: refuse_case(**common, words=words),
        "withdraw": lambda: withdraw_case(**common, words=words),
        "refresh": lambda: take_evidence_again(**common),
        "suspend": lambda: suspend_case(
            **common, first=said["first"], cause=SuspendCause(said["cause"]), words=words
        ),
        "resume": lambda: resume_case(
            **common, end=said["end"], cleared=said["cleared"] == "yes", words=words
        ),
        "stop": lambda: stop_case(
            **common, on=said["on"], cause=StopCause(said["cause"]), words=words
        ),
        "restart": lambda: ask_restart(**common, words=words),
        "object": lambda: object_or_appeal(
            **common, kind=DisputeKind.OBJECTION, asker=said["asker"], words=words
        ),
        "appeal": lambda: object_or_appeal(
            **common, kind=DisputeKind.APPEAL, asker=said["asker"], words=words
        ),
    }
    done[act]()


def _through(bulk: Bulk, pk: int) -> None:
    if bulk.done == 0:
        _refuse(bulk.left.get(pk, _("现在不能办这一步。")))


def _refuse(words: str) -> NoReturn:
    """Say no in words."""
    raise WrongMove(words)
