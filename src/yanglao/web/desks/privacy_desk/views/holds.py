"""Legal holds: why a person's data must be kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.rights.public import HoldGround, LegalHold, lift_hold, place_hold
from yanglao.foundation import clock
from yanglao.web.desks.privacy_desk.finding import found_person, put_back, trail_of
from yanglao.web.desks.privacy_desk.forms import HoldForm, LiftForm
from yanglao.web.kit.screens import screen


@screen(Permission.DECIDE_RIGHTS, writes=True)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a person's data must be kept."""
    found = found_person(request, pk)
    form = HoldForm(request.POST or None, initial={"starts_on": clock.today()})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            place_hold(
                person_id=pk,
                ground=HoldGround(data["ground"]),
                basis=data["basis"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                acting=request.reader,  # type: ignore[attr-defined]
            )
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(request, _("已登记依法保留。"))
            return redirect("privacy_desk:person", pk)
    context = {
        "form": form,
        "title": _("登记依法保留"),
        "note": found.name,
        "trail": trail_of(found, _("依法保留")),
        "button": _("登记"),
        "back": reverse("privacy_desk:person", args=[pk]),
    }
    return render(request, "privacy_desk/form.html", context, status=422 if form.is_bound else 200)


@screen(Permission.DECIDE_RIGHTS, writes=True)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the reason to keep data is gone."""
    form = LiftForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            hold = lift_hold(
                hold_id=pk,
                as_of=clock.today(),
                reason=form.cleaned_data["reason"],
                acting=request.reader,  # type: ignore[attr-defined]
            )
        except LegalHold.DoesNotExist as missing:
            raise Http404 from missing
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(request, _("已解除依法保留。"))
            return redirect("privacy_desk:person", hold.person_id)
    context = {
        "form": form,
        "title": _("解除依法保留"),
        "note": "",
        "trail": [],
        "button": _("解除"),
        "back": reverse("privacy_desk:requests"),
    }
    return render(request, "privacy_desk/form.html", context, status=422 if form.is_bound else 200)
