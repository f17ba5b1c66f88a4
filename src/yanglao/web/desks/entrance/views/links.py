"""One-time links: spending one, and giving one to an officer of one's own area."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import (
    Permission,
    accounts_in_area,
    link_digest,
    live_link,
    make_link,
    sign_in_rules,
    use_link,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.entrance.forms import NewPasswordForm
from yanglao.web.desks.entrance.way_in import door
from yanglao.web.kit.screens import screen

_LINK = "link"


class TokenForm(forms.Form):
    """The one-time token, typed in from paper or a message."""

    token = forms.CharField(
        label=gettext_lazy("一次性口令"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


@screen(None, public=True)
def arrive(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the token out of the address at once: it must not stay in a history or a log."""
    request.session[_LINK] = link_digest(token)
    return redirect("login_link")


@screen(None, writes=True, public=True)
def spend(request: HttpRequest) -> HttpResponseBase:
    """Ask for the token, then for the new password."""
    typed = TokenForm(request.POST if "token" in request.POST else None)
    if typed.is_bound and typed.is_valid():
        request.session[_LINK] = link_digest(typed.cleaned_data["token"])
    digest, now = request.session.get(_LINK, ""), clock.machine_now()
    link = live_link(digest, now) if digest else None
    if link is None:
        if digest:
            typed.full_clean()
            context = {"form": TokenForm(), "spent": True}
        else:
            context = {"form": typed, "spent": False}
        return render(request, "entrance/token.html", context)
    form = NewPasswordForm(request.POST if "new_password1" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            use_link(
                digest=digest, password=form.cleaned_data["new_password1"], now=now, acting=door()
            )
        except ValidationError as problem:
            form.add_error("new_password1", problem)
        else:
            request.session.flush()
            messages.success(request, _("密码设好了，请登录。"))
            return redirect("login")
    return render(request, "entrance/first_password.html", {"form": form, "link": link})


@screen(Permission.SEE_ACCOUNTS, writes=True)
def give(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a one-time link for an officer who has no password yet, or lost it or his telephone."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    account = get_object_or_404(accounts_in_area(reader), pk=pk)
    context: dict[str, object] = {"account": account, "hours": sign_in_rules().link_hours}
    if request.method == "POST":
        try:
            token = make_link(
                account_id=pk,
                now=clock.machine_now(),
                acting=reader,
                clears_factor=request.POST.get("clears_factor") == "yes",
            )
        except PermissionError as problem:
            raise PermissionDenied(str(problem)) from problem
        address = request.build_absolute_uri(reverse("login_link_token", args=[token]))
        context |= {"token": token, "address": address}
        # Shown once, on this very page: it stands nowhere else.
        return render(request, "entrance/link_made.html", context)
    return render(request, "entrance/give_link.html", context)
