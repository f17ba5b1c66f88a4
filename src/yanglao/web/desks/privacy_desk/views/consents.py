"""Consents: given, taken back, and the versions of their texts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.rights.public import (
    Asker,
    Channel,
    Consent,
    give_consent,
    newest_texts,
    publish_text,
    withdraw_consent,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.privacy_desk.finding import found_person, put_back, trail_of
from yanglao.web.desks.privacy_desk.forms import ConsentForm, TextForm, WithdrawForm
from yanglao.web.kit.screens import screen


@screen(Permission.KEEP_RIGHTS, writes=True)
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a person consents to the newest version of a text."""
    found = found_person(request, pk)
    texts = newest_texts()
    form = ConsentForm(
        request.POST or None,
        texts=[(text.pk, f"{text.title}（第 {text.version} 版）") for text in texts],
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            give_consent(
                person_id=pk,
                text_id=data["text"],
                given_by=Asker(data["given_by"]),
                channel=Channel(data["channel"]),
                note=data["note"],
                as_of=clock.today(),
                acting=request.reader,  # type: ignore[attr-defined]
            )
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(request, _("已记下本人的同意。随时可以撤回。"))
            return redirect("privacy_desk:person", pk)
    context = {
        "form": form,
        "texts": texts,
        "person": found,
        "trail": trail_of(found, _("登记同意")),
    }
    return render(
        request, "privacy_desk/consent.html", context, status=422 if form.is_bound else 200
    )


@screen(Permission.KEEP_RIGHTS, writes=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a person takes a consent back."""
    form = WithdrawForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            consent = withdraw_consent(
                consent_id=pk,
                channel=Channel(form.cleaned_data["channel"]),
                as_of=clock.today(),
                acting=request.reader,  # type: ignore[attr-defined]
            )
        except Consent.DoesNotExist as missing:
            raise Http404 from missing
        messages.success(request, _("已记下撤回。撤回以前按同意做过的事仍然有效。"))
        return redirect("privacy_desk:person", consent.person_id)
    context = {
        "form": form,
        "title": _("撤回同意"),
        "note": _("撤回和同意一样方便；不能因为撤回就不给依法应有的服务。"),
        "trail": [],
        "button": _("记下撤回"),
        "back": reverse("privacy_desk:requests"),
    }
    return render(request, "privacy_desk/form.html", context, status=422 if form.is_bound else 200)


@screen(Permission.DECIDE_RIGHTS, writes=True)
def texts(request: HttpRequest) -> HttpResponse:
    """Show the texts people consent to, and publish a new version."""
    form = TextForm(request.POST or None)
    if form.is_bound and form.is_valid():
        reader: Reader = request.reader  # type: ignore[attr-defined]
        try:
            text = publish_text(acting=reader, **form.cleaned_data)
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(
                request,
                _("已发布《%(title)s》第 %(version)d 版。以前的同意仍按当时的文本。")
                % {"title": text.title, "version": text.version},
            )
            return redirect("privacy_desk:texts")
    return render(
        request,
        "privacy_desk/texts.html",
        {"form": form, "texts": newest_texts()},
        status=422 if form.is_bound else 200,
    )
