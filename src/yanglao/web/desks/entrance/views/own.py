"""One's own account: when last, from where, which browsers are in, the password."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import (
    Account,
    backup_codes_left,
    change_password,
    end_other_sessions,
    end_session,
    needs_second_factor,
    sessions_of,
    sign_in_rules,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.entrance.forms import NewPasswordForm
from yanglao.web.kit.screens import screen


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One browser that is in."""

    number: str
    device: str
    address: str
    started_at: datetime
    seen_at: datetime
    here: bool


class PasswordForm(NewPasswordForm):
    """The present password and the new one, twice."""

    old_password = forms.CharField(
        label=gettext_lazy("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ("old_password", "new_password1", "new_password2")


@screen(None)
def account(request: HttpRequest) -> HttpResponse:
    """Show what concerns one's own account."""
    reader, now = _reader(request), clock.machine_now()
    own = cast(Account, request.user)
    here = getattr(getattr(request.session, "row", None), "session_key", "")
    lines = [
        SessionLine(
            one.session_key,
            one.device or _("未知设备"),
            one.address or _("未知地址"),
            one.started_at,
            one.seen_at,
            one.session_key == here,
        )
        for one in sessions_of(reader, now)
    ]
    told = request.session.get("last_at")
    context = {
        "account": own,
        "sessions": lines,
        "others": [line for line in lines if not line.here],
        "last_at": datetime.fromisoformat(told) if told else None,
        "last_from": request.session.get("last_from", ""),
        "ended_others": request.session.get("ended_others", 0),
        "needs_factor": needs_second_factor(own),
        "codes_left": backup_codes_left(reader) if own.has_second_factor else 0,
        "rules": sign_in_rules(),
    }
    return render(request, "entrance/account.html", context)


@screen(None, writes=True)
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    if request.method == "POST":
        reader, here = _reader(request), getattr(request.session, "row", None)
        number = request.POST.get("number", "")
        if number:
            ended = int(end_session(account_id=_id(reader), number=number, acting=reader))
        else:
            keep = here.session_key if here is not None else ""
            ended = end_other_sessions(account_id=_id(reader), keep=keep, acting=reader)
        messages.success(request, _("已退出 %(count)d 个登录。") % {"count": ended})
    return redirect("my_account")


@screen(None, writes=True)
def password(request: HttpRequest) -> HttpResponseBase:
    """Let an officer change the own password; other sessions of the account end."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reader = _reader(request)
        try:
            changed = change_password(
                account_id=_id(reader),
                old=form.cleaned_data["old_password"],
                new=form.cleaned_data["new_password1"],
                now=clock.machine_now(),
                acting=reader,
            )
        except ValidationError as problem:
            old = getattr(problem, "code", "") == "old"
            form.add_error("old_password" if old else "new_password1", problem)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("密码已改。其他设备上的登录已经退出。"))
            return redirect("my_account")
    status = 422 if request.method == "POST" else 200
    return render(request, "entrance/password.html", {"form": form}, status=status)


def _reader(request: HttpRequest) -> Reader:
    return cast(Reader, request.full_reader)  # type: ignore[attr-defined]


def _id(reader: Reader) -> int:
    return cast(int, reader.user_id)
