"""Signing in and out: the password, and the code where there is one."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import (
    Account,
    accounts_in_area,
    code_failed,
    code_right,
    confirm_second_factor,
    draft_second_factor,
    needs_second_factor,
    reserve_code,
    take_code,
    try_password,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader
from yanglao.web.desks.entrance.square_code import square_code
from yanglao.web.desks.entrance.way_in import (
    address_of,
    door,
    let_in,
    on_the_way,
    remember,
    safe_target,
    wait_words,
)
from yanglao.web.kit.screens import screen


class PasswordForm(forms.Form):
    """Login name and password."""

    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The code of the telephone, or one of those on paper."""

    code = forms.CharField(
        label=gettext_lazy("动态码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )


@screen(None, writes=True, public=True)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for name and password; somebody who is in already goes to the workbench."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(safe_target(request, target))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tried = try_password(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            address=address_of(request),
            now=clock.machine_now(),
            acting=door(),
        )
        if tried.account is not None:
            return _next_step(request, tried.account, target)
        form.add_error(None, _wrong(tried.wait_seconds))
    context = {
        "form": form,
        "next": target,
        "ended": settings.SESSION_COOKIE_NAME in request.COOKIES and bool(target),
        "demo_accounts": _demo_accounts(),
    }
    return render(request, "entrance/sign_in.html", context)


@screen(None, writes=True, public=True)
def code(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code of the second factor."""
    coming = on_the_way(request)
    if coming is None or not coming.account.has_second_factor:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account, address, now = coming.account, address_of(request), clock.machine_now()
        wait = reserve_code(account=account, address=address, now=now, acting=door())
        if not wait:
            said = form.cleaned_data["code"]
            if take_code(account_id=account.pk, code=said, now=now, acting=door()):
                code_right(account=account, address=address, acting=door())
                return let_in(request, account, coming.next)
            wait = code_failed(account=account, address=address, now=now, acting=door())
        words = _("动态码不对，或者已经用过。请等手机换下一个再试。")
        form.add_error("code", words + (_wrong_wait(wait) if wait else ""))
    return render(request, "entrance/code.html", {"form": form})


@screen(None, writes=True, public=True)
def set_factor(request: HttpRequest) -> HttpResponseBase:
    """Let somebody whose role needs a second factor set it up before he is let in."""
    coming = on_the_way(request)
    if coming is None or coming.account.has_second_factor:
        return redirect("login")
    return set_up_page(request, coming.account, "entrance/factor_needed.html", coming.next)


def set_up_page(request: HttpRequest, account: Account, page: str, target: str) -> HttpResponseBase:
    """Show the square code; take the first code; then show the codes for paper and let in."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = confirm_second_factor(
                account_id=account.pk,
                code=form.cleaned_data["code"],
                now=clock.machine_now(),
                acting=door(),
            )
        except ValidationError as problem:
            form.add_error("code", problem)
        else:
            account.refresh_from_db()
            answer = let_in(request, account, target)
            context: dict[str, Any] = {"codes": codes, "target": answer["Location"]}
            return render(request, "entrance/codes.html", context)
    if request.method != "POST":
        return render(request, page, {"form": None})
    context = {"form": form if "code" in request.POST else CodeForm()}
    draft = draft_second_factor(
        account_id=account.pk, issuer=_("养老服务平台"), acting=door(), anew=False
    )
    groups = [draft.seed[at : at + 4] for at in range(0, len(draft.seed), 4)]
    context |= {"square": square_code(draft.uri), "seed": " ".join(groups)}
    return render(request, page, context)


@screen(None, writes=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go to the login page."""
    if request.method != "POST":
        return HttpResponse(status=405)
    logout(request)
    return redirect("login")


def _next_step(request: HttpRequest, account: Account, target: str) -> HttpResponse:
    if account.has_second_factor:
        remember(request, account, target)
        return redirect("login_code")
    if needs_second_factor(account):
        remember(request, account, target)
        return redirect("login_factor")
    return let_in(request, account, target)


def _wrong(wait: int) -> str:
    """Say that it was wrong; the same for names that exist and names that do not."""
    return _wrong_wait(wait) if wait else _("登录名或密码不对，请再试一次。")


def _wrong_wait(wait: int) -> str:
    return _("试错的次数太多，请等 %(wait)s再试。") % {"wait": wait_words(wait)}


def _demo_accounts() -> list[Account]:
    """Return the invented accounts, so that a visitor of the demo knows whom to be."""
    if not settings.DEMO:
        return []
    return list(accounts_in_area(system_reader()).filter(invented=True, is_active=True)[:12])
