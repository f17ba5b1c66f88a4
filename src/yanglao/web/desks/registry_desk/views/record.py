"""A fact learnt by hand: chosen, entered, and the person matched again at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import KIND_LABELS, Kind, Person, get_person
from yanglao.domain.places.public import Level, divisions
from yanglao.flows.follow_leads import enter_and_recheck
from yanglao.flows.open_pack import NoPackInForce
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.web.desks.registry_desk.forms import BY_HAND, HINTS, FactForm
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.RECORD_FACTS)
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the kinds of facts that an officer can enter."""
    person = _found(request, pk)
    context = {
        "person": person,
        "kinds": [
            (KIND_LABELS[kind], HINTS[kind], reverse("registry_desk:record", args=[pk, kind.value]))
            for kind in BY_HAND
        ],
        "trail": _trail(person),
    }
    return render(request, "registry_desk/record_choose.html", context)


@screen(Permission.RECORD_FACTS, writes=True)
def record(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Take what an officer has learnt, match the person again, show what changed."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    person = _found(request, pk)
    if kind not in {known.value for known in BY_HAND}:
        raise Http404
    today = clock.today()
    villages = divisions(system_reader(f"{person.place_code[:6]}000000"), Level.VILLAGE)
    form = FactForm(
        request.POST if request.method == "POST" else None,
        kind=Kind(kind),
        today=today,
        villages=villages if kind == Kind.SURVEY else [],
    )
    if form.is_bound and form.is_valid():
        try:
            run = enter_and_recheck(
                person_id=pk,
                kind=kind,
                values=form.values,
                acting=reader,
                as_of=today,
                reason=form.reason,
            )
        except ValidationError as refusal:
            _put_back(form, refusal)
        except NoPackInForce:
            messages.success(request, _("已登记。还没有在用的清单，等发布以后再比对。"))
            return redirect("registry_desk:file", pk)
        else:
            messages.success(request, _("已登记，并重新比对了这位老人。"))
            return redirect(f"{reverse('registry_desk:file', args=[pk])}?run={run.run_id}")
    context = {
        "person": person,
        "form": form,
        "label": KIND_LABELS[Kind(kind)],
        "final": kind == Kind.DEATHS,
        "trail": [
            *_trail(person)[:-1],
            Crumb(_("登记情况"), reverse("registry_desk:record-choose", args=[pk])),
            Crumb(KIND_LABELS[Kind(kind)]),
        ],
    }
    return render(
        request, "registry_desk/record.html", context, status=422 if form.is_bound else 200
    )


def _put_back(form: FactForm, refusal: ValidationError) -> None:
    """Show what the door refused at its field."""
    for name, sentences in refusal.message_dict.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _found(request: HttpRequest, pk: int) -> Person:
    try:
        return get_person(request.reader, pk)  # type: ignore[attr-defined]
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def _trail(person: Person) -> list[Crumb]:
    return [
        Crumb(_("老人档案"), reverse("registry_desk:search")),
        Crumb(person.name, reverse("registry_desk:file", args=[person.pk])),
        Crumb(_("登记情况")),
    ]
