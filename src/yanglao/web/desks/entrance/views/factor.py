"""One's own second factor: on, off, and new codes for paper."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import (
    Account,
    confirm_second_factor,
    draft_second_factor,
    renew_backup_codes,
    take_off_second_factor,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.entrance.square_code import square_code
from yanglao.web.desks.entrance.views.door import CodeForm
from yanglao.web.kit.screens import screen


class OffForm(forms.Form):
    """The password once more: an open browser alone must not take the second factor off."""

    password = forms.CharField(
        label=gettext_lazy("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@screen(None, writes=True)
def turn_on(request: HttpRequest) -> HttpResponseBase:
    """Show the square code, take the first code, show the codes for paper."""
    account, reader = cast(Account, request.user), _reader(request)
    if account.has_second_factor or request.method != "POST":
        return redirect("my_account")
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            codes = confirm_second_factor(
                account_id=account.pk,
                code=form.cleaned_data["code"],
                now=clock.machine_now(),
                acting=reader,
            )
        except ValidationError as problem:
            form.add_error("code", problem)
        else:
            account.refresh_from_db()
            update_session_auth_hash(request, account)
            context: dict[str, Any] = {"codes": codes, "target": reverse("my_account")}
            return render(request, "entrance/codes.html", context)
    draft = draft_second_factor(
        account_id=account.pk, issuer=_("养老服务平台"), acting=reader, anew=not form.is_bound
    )
    groups = [draft.seed[at : at + 4] for at in range(0, len(draft.seed), 4)]
    context = {"form": form, "square": square_code(draft.uri), "seed": " ".join(groups)}
    return render(request, "entrance/factor_on.html", context)


@screen(None, writes=True)
def turn_off(request: HttpRequest) -> HttpResponseBase:
    """Take the second factor off, with the password."""
    form = OffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reader = _reader(request)
        try:
            account = take_off_second_factor(
                account_id=cast(int, reader.user_id),
                password=form.cleaned_data["password"],
                acting=reader,
            )
        except ValidationError as problem:
            form.add_error("password", problem)
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("已关闭第二道验证，登录时只要密码。"))
            return redirect("my_account")
    return render(request, "entrance/factor_off.html", {"form": form})


@screen(None, writes=True)
def new_codes(request: HttpRequest) -> HttpResponseBase:
    """Throw the codes on paper away and show new ones."""
    account = cast(Account, request.user)
    if request.method != "POST" or not account.has_second_factor:
        return redirect("my_account")
    codes = renew_backup_codes(account_id=account.pk, acting=_reader(request))
    context = {"codes": codes, "target": reverse("my_account")}
    return render(request, "entrance/codes.html", context)


def _reader(request: HttpRequest) -> Reader:
    return cast(Reader, request.full_reader)  # type: ignore[attr-defined]
