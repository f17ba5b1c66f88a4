"""One screening: the questions of six domains, what they tell, and the steps that follow."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.health.public import (
    MOVES,
    CareStep,
    Screening,
    WrongMove,
    get_screening,
    move_care,
    moves_after,
)
from yanglao.domain.people.public import Person, get_person
from yanglao.flows.screen_health import ScreeningScale, screen_person, screening_scale
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.health_desk.lines import lines_of
from yanglao.web.desks.health_desk.words import domain_names, step_status
from yanglao.web.kit.forms import DayField
from yanglao.web.kit.parts import Crumb, Event
from yanglao.web.kit.screens import screen

_ACTS = {
    CareStep.SCREENED: gettext_lazy("本人又愿意了，等深入评估"),
    CareStep.ASSESSED: gettext_lazy("做了深入评估"),
    CareStep.PLANNED: gettext_lazy("定了照护计划"),
    CareStep.REFERRED: gettext_lazy("转诊，正在跟踪"),
    CareStep.CLOSED: gettext_lazy("落实了，结束"),
    CareStep.DECLINED: gettext_lazy("本人不愿意"),
}
_NEXT_DAYS = 30


class CareForm(forms.Form):
    """The next step after a screening."""

    to_step = forms.ChoiceField(label=gettext_lazy("走到哪一步"), widget=forms.RadioSelect)
    due_on = DayField(label=gettext_lazy("再下一步的期限"))
    words = forms.CharField(
        label=gettext_lazy("做了什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("谁、什么时候、结果怎样。"),
    )

    def __init__(self, data: object, *, step: str, today: date) -> None:
        """Offer only the steps that are possible."""
        super().__init__(data, initial={"due_on": today + timedelta(days=_NEXT_DAYS)})  # type: ignore[arg-type]
        self.fields["to_step"].choices = [  # type: ignore[attr-defined]
            (to, _ACTS[CareStep(to)]) for to in MOVES[step]
        ]


class ScreeningForm(forms.Form):
    """The questions, in the order of the scale; what was not asked stays open."""

    screened_on = DayField(label=gettext_lazy("筛查日期"))
    note = forms.CharField(
        label=gettext_lazy("备注"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: object, *, scale: ScreeningScale, today: date) -> None:
        """Make a field of every question."""
        super().__init__(data, initial={"screened_on": today})  # type: ignore[arg-type]
        self.scale = scale
        for code, question in scale.questions.items():
            self.fields[code] = forms.ChoiceField(
                label=question.ask,
                help_text=question.help,
                required=False,
                choices=[("yes", question.yes), ("no", question.no), ("", _("没问"))],
                widget=forms.RadioSelect(attrs={"class": "radio"}),
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the questions by domain."""
        return [
            (domain.name, [self[f"{domain.code}.{one.code}"] for one in domain.questions])
            for domain in self.scale.domains.values()
        ]

    def answers(self) -> dict[str, str]:
        """Return what was answered."""
        return {
            code: self.cleaned_data[code]
            for code in self.scale.questions
            if self.cleaned_data.get(code)
        }


@screen(Permission.RECORD_SCREENINGS, writes=True)
def screen_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the questions; judge and record the answers."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        person = get_person(reader, pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    scale = screening_scale()
    data = request.POST if request.method == "POST" else None
    form = ScreeningForm(data, scale=scale, today=clock.today())
    if form.is_bound and form.is_valid():
        try:
            done = screen_person(
                person_id=pk,
                answers=form.answers(),
                screened_on=form.cleaned_data["screened_on"],
                note=form.cleaned_data["note"],
                acting=reader,
            )
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("筛查已登记。"))
            return redirect("health_desk:screening", done.pk)
    context = {
        "person": person,
        "form": form,
        "groups": form.groups(),
        "scale": scale,
        "trail": [
            Crumb(_("早期发现"), reverse("health_desk:screenings")),
            Crumb(person.name, reverse("health_desk:person", args=[pk])),
            Crumb(_("筛查")),
        ],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "health_desk/screen.html", context, status=status)


@screen(Permission.SEE_SCREENINGS, leaves_trace=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a screening with what follows."""
    return _page(request, _found(request, pk))


@screen(Permission.RECORD_SCREENINGS, writes=True)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the next step."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = _found(request, pk)
    if request.method != "POST":
        return redirect("health_desk:screening", pk)
    form = CareForm(request.POST, step=found.step, today=clock.today())
    if form.is_valid():
        try:
            move_care(screening_id=pk, acting=reader, **form.cleaned_data)
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return redirect("health_desk:screening", pk)
    return _page(request, found, form=form, status=422)


def _found(request: HttpRequest, pk: int) -> Screening:
    try:
        return get_screening(request.reader, pk)  # type: ignore[attr-defined]
    except Screening.DoesNotExist as missing:
        raise Http404 from missing


def _page(
    request: HttpRequest, found: Screening, *, form: CareForm | None = None, status: int = 200
) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    audit.read(
        reader,
        "screening_opened",
        subject_id=found.person_id,
        place_code=found.place_code,
        purpose=_("办理早期发现"),
        fields=("health",),
    )
    ways = MOVES[CareStep(found.step)]
    may = reader.can(Permission.RECORD_SCREENINGS) and found.newest and bool(ways)
    if form is None and may:
        form = CareForm(None, step=found.step, today=today)
    scale = screening_scale(found.scale)
    context: dict[str, Any] = {
        "row": found,
        "line": lines_of([found], today)[0],
        "scale": scale,
        "domains": _domains(found, scale),
        "events": [
            Event(
                on=one.at.astimezone(clock.BEIJING).date(),
                title=str(step_status(one.to_step).text),
                text=str(one.words),
                source=one.by_name,
            )
            for one in moves_after(found)
        ],
        "form": form if may else None,
        "may_screen": reader.can(Permission.RECORD_SCREENINGS),
        "trail": [
            Crumb(_("早期发现"), reverse("health_desk:screenings")),
            Crumb(found.person.name, reverse("health_desk:person", args=[found.person_id])),
            Crumb(_("%(day)s的筛查") % {"day": found.screened_on.isoformat()}),
        ],
    }
    return render(request, "health_desk/screening.html", context, status=status)


def _domains(found: Screening, scale: ScreeningScale) -> list[dict[str, Any]]:
    names, answers = domain_names(), found.answers or {}
    lines = []
    for code, domain in scale.domains.items():
        state = "failed" if code in found.failed else "passed"
        if code in found.unclear:
            state = "unclear"
        lines.append(
            {
                "name": names.get(code, domain.name),
                "state": state,
                "refer": domain.refer,
                "advice": domain.advice,
                "told": [
                    (
                        question.ask,
                        question.words(answers.get(f"{code}.{question.code}", "")) or _("没问"),
                    )
                    for question in domain.questions
                ],
            }
        )
    return lines
