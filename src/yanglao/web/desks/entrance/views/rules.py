"""The rules of signing in, for the security administrator."""

from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import (
    ROLE_LABELS,
    Permission,
    Role,
    SignInRules,
    change_sign_in_rules,
    sign_in_rules,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.screens import screen


class RulesForm(forms.Form):
    """All rules of signing in."""

    second_factor_roles = forms.MultipleChoiceField(
        label=gettext_lazy("必须使用第二道验证的角色"),
        choices=[(role.value, ROLE_LABELS[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "选中的角色下次登录时要用手机设置动态码；已登录而没有设置的会被退出。"
        ),
    )
    failures_allowed = forms.IntegerField(label=gettext_lazy("同一登录名连错几次要等待"))
    address_failures_allowed = forms.IntegerField(
        label=gettext_lazy("同一地址连错几次要等待"),
        help_text=gettext_lazy("整个单位可能共用一个地址，不要太小。"),
    )
    first_wait_seconds = forms.IntegerField(
        label=gettext_lazy("第一次等待（秒）"), help_text=gettext_lazy("以后每错一次加倍。")
    )
    longest_wait_seconds = forms.IntegerField(label=gettext_lazy("最长等待（秒）"))
    idle_minutes = forms.IntegerField(label=gettext_lazy("多少分钟没有操作就退出"))
    longest_hours = forms.IntegerField(label=gettext_lazy("登录后最多多少小时"))
    sessions_per_account = forms.IntegerField(label=gettext_lazy("一个账号同时登录几处"))
    link_hours = forms.IntegerField(label=gettext_lazy("一次性链接多少小时内有效"))
    passwords_remembered = forms.IntegerField(label=gettext_lazy("最近几次的密码不能再用"))


@screen(Permission.APPROVE_ACCOUNTS, writes=True)
def rules(request: HttpRequest) -> HttpResponseBase:
    """Show the rules and take changes."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    present = sign_in_rules()
    initial = {one.name: getattr(present, one.name) for one in fields(SignInRules)}
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        data["second_factor_roles"] = frozenset(data["second_factor_roles"])
        try:
            change_sign_in_rules(rules=SignInRules(**data), now=clock.machine_now(), acting=reader)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("登录规则已改，从现在起生效。"))
            return redirect("sign_in_rules")
    return render(request, "entrance/rules.html", {"form": form})
