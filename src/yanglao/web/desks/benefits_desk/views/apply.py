"""An application at the counter: the person, the benefit, what the register says."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import CLOSED_STATES, Applicant, WrongMove, cases_of
from yanglao.domain.people.public import Person, find_people, get_person
from yanglao.domain.places.public import town_and_village
from yanglao.flows.judge_benefit import judge_one, money_items
from yanglao.flows.note_search import note_search
from yanglao.flows.open_benefits import apply_for
from yanglao.flows.open_pack import NoPackInForce
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.benefits_desk.forms import ApplyForm
from yanglao.web.desks.benefits_desk.words import evidence_source, money_words
from yanglao.web.kit.looking import asked_text
from yanglao.web.kit.parts import Crumb, Fact, Status
from yanglao.web.kit.screens import screen

_MOST, _LONGEST = 20, 60
_ANSWERS = {
    "yes": (gettext_lazy("符合条件"), "success"),
    "possible": (gettext_lazy("还缺情况"), "warning"),
    "no": (gettext_lazy("按现有情况不符合"), "neutral"),
}


@screen(Permission.ASK_BENEFITS, leaves_trace=True)
def search(request: HttpRequest) -> HttpResponse:
    """Find the person first; the search is on record, without the words."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    text = asked_text(request)[:_LONGEST]
    people = list(find_people(reader, text)[: _MOST + 1]) if text else []
    if text:
        count, more = min(len(people), _MOST), len(people) > _MOST
        note_search(reader, text, place="", found=count, more=more)
    context: dict[str, Any] = {
        "text": text,
        "people": _people(people[:_MOST]),
        "too_many": len(people) > _MOST,
        "most": _MOST,
        "trail": _trail(),
    }
    return render(request, "benefits_desk/apply.html", context)


def _people(found: list[Person]) -> list[dict[str, Any]]:
    places, today = town_and_village(one.place_code for one in found), clock.today()
    return [
        {
            "person": one,
            "age": whole_years(one.birth_date, today),
            "place": places[one.place_code],
            "url": reverse("benefits_desk:apply-choose", args=[one.pk]),
        }
        for one in found
        if one.died_on is None
    ]


@screen(Permission.ASK_BENEFITS)
def choose(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Choose the benefit: every money item of the catalogue, with what the person has already."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    person = _person(reader, person_pk)
    open_cases = {
        one.item_id: one for one in cases_of(reader, person.pk) if one.state not in CLOSED_STATES
    }
    try:
        items = money_items(clock.today())
    except (NoPackInForce, LookupError):
        items = []
    context: dict[str, Any] = {
        "who": _people([person])[0] if person.died_on is None else None,
        "person": person,
        "items": [
            {
                "item": one,
                "case": open_cases.get(one.item_id),
                "url": reverse("benefits_desk:apply-confirm", args=[person.pk, one.code]),
            }
            for one in items
        ],
        "trail": _trail(person),
    }
    return render(request, "benefits_desk/apply_choose.html", context)


@screen(Permission.ASK_BENEFITS, writes=True)
def confirm(request: HttpRequest, person_pk: int, code: str) -> HttpResponse:
    """Show what the register says before the application is taken; posted, take it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    person = _person(reader, person_pk)
    item = next((one for one in money_items(today) if one.code == code), None)
    if item is None:
        raise Http404
    form = ApplyForm(
        request.POST if request.method == "POST" else None,
        initial={"applicant": Applicant.SELF.value},
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = apply_for(
                person_id=person.pk,
                item_code=code,
                applicant=Applicant(form.cleaned_data["applicant"]),
                words=form.cleaned_data["words"],
                as_of=today,
                acting=reader,
            )
        except WrongMove as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("已受理，证据已从名单里取好。"))
            return redirect("benefits_desk:case", case.pk)
    judged = judge_one(reader, person, code, today)
    words, tone = _ANSWERS[judged.status]
    context: dict[str, Any] = {
        "form": form,
        "who": _people([person])[0] if person.died_on is None else None,
        "person": person,
        "item": item,
        "judged": judged,
        "answer": Status(words, tone),
        "money": money_words(judged.fen),
        "facts": [
            Fact(one.label, one.value or None, evidence_source(one.source, one.on))
            for one in judged.evidence
        ],
        "trail": _trail(person, item.name),
    }
    status = 422 if form.is_bound else 200
    return render(request, "benefits_desk/apply_confirm.html", context, status=status)


def _person(reader: Reader, pk: int) -> Person:
    try:
        return get_person(reader, pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def _trail(person: Person | None = None, *words: str) -> list[Crumb]:
    found = [
        Crumb(_("待遇办理"), reverse("benefits_desk:cases")),
        Crumb(_("受理申请"), reverse("benefits_desk:apply")),
    ]
    if person is not None:
        url = reverse("benefits_desk:apply-choose", args=[person.pk]) if words else ""
        found.append(Crumb(person.name, url))
    return [*found, *(Crumb(word) for word in words)]
