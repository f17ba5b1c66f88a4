"""The own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from yanglao.domain.accounts.public import Account
from yanglao.web.kit.screens import screen


@sensitive_post_parameters()
@screen(None, writes=True)
def password_change(request: HttpRequest) -> HttpResponse:
    """Let an officer change the own password; other sessions of the account end."""
    account = request.user
    if not isinstance(account, Account):
        raise TypeError("a screen without reader was opened")
    form = PasswordChangeForm(account, request.POST or None)
    if form.is_bound and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("密码改好了，下次用新密码登录。"))
        return redirect("workbench")
    status = 422 if form.is_bound else 200
    return render(request, "workbench/password.html", {"form": form}, status=status)
