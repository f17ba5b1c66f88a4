"""Accounts of one's own area: who may sign in, as what, for where."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import (
    DEPARTMENTS,
    ROLE_LABELS,
    Account,
    Permission,
    Role,
    accounts_in_area,
    approve_account,
    close_account,
    manages,
    open_account,
    reopen_account,
)
from yanglao.domain.leads.public import hand_back
from yanglao.domain.places.public import full_names_of, place_search
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import level_of
from yanglao.web.kit.parts import Link, Status
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

#: The level of the division tree that a role stands on.
_LEVELS = {
    Role.PREFECTURE: "prefecture",
    Role.COUNTY: "county",
    Role.TOWN: "town",
    Role.VILLAGE: "village",
}


def _account(reader: Reader, pk: int) -> Account:
    """Return an account that the reader may close, reopen or approve.

    Raises:
        Http404: If there is none.
    """
    roles = [role.value for role in manages(reader.role)]
    return get_object_or_404(accounts_in_area(reader).filter(role__in=roles), pk=pk)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as listed.

    Attributes:
        account: The account.
        place: Where it answers for.
        managed: The reader may close and reopen it.
        approves: The reader lets accounts in that wait for approval.
    """

    account: Account
    place: str
    managed: bool
    approves: bool

    @property
    def office(self) -> str:
        """Role, with the department in front of it."""
        office = str(ROLE_LABELS[Role(self.account.role)])
        department = DEPARTMENTS.get(self.account.department)
        return f"{department.label} · {office}" if department else office

    @property
    def status(self) -> Status:
        """Whether it can sign in."""
        if self.account.is_active:
            return Status(_("在用"), "success")
        if self.account.awaits_approval:
            return Status(_("等安全管理员批准"), "warning")
        return Status(_("已停用"), "neutral")

    @property
    def act(self) -> Link | str:
        """What can be done about it."""
        if not self.managed:
            return ""
        if self.account.awaits_approval:
            if not self.approves:
                return ""
            url = reverse("system_desk:approve-account", args=[self.account.pk])
            return Link(_("批准"), url)
        if self.account.is_active:
            return Link(_("停用"), reverse("system_desk:close-account", args=[self.account.pk]))
        return Link(_("启用"), reverse("system_desk:reopen-account", args=[self.account.pk]))

    @property
    def way_in(self) -> Link | str:
        """A one-time link for who has no password yet, or lost it."""
        able = self.account.is_active or self.account.awaits_approval
        if not (self.managed and able):
            return ""
        words = _("重设密码") if self.account.has_usable_password() else _("给链接设密码")
        return Link(words, reverse("give_link", args=[self.account.pk]))


ACCOUNTS = TableSpec(
    key="accounts",
    caption=gettext_lazy("账号"),
    columns=(
        Column("account.display_name", gettext_lazy("姓名"), fixed=True),
        Column("account.username", gettext_lazy("登录名"), sort="account.username"),
        Column("office", gettext_lazy("角色"), sort="office"),
        Column("place", gettext_lazy("辖区"), sort="account.area_code"),
        Column("account.last_login", gettext_lazy("上次登录"), kind="moment"),
        Column("status", gettext_lazy("状态"), kind="status"),
        Column("act", gettext_lazy("办理"), kind="link", excel=lambda row: ""),
        Column("way_in", gettext_lazy("密码"), kind="link", excel=lambda row: ""),
    ),
    default_sort="account.area_code",
    row_label=lambda row: str(row.account.display_name),
)


class AccountForm(forms.Form):
    """Open an account: who, as what, for where."""

    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,30}$",
        label=gettext_lazy("登录名"),
        help_text=gettext_lazy("3 到 31 位小写字母、数字，字母开头。"),
        error_messages={"invalid": gettext_lazy("登录名只能用小写字母、数字和 . _ -，字母开头。")},
    )
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    area = forms.CharField(
        label=gettext_lazy("辖区"),
        help_text=gettext_lazy("写区划名称（如“墨玉 奎牙”）或 12 位代码。"),
    )
    department = forms.ChoiceField(
        label=gettext_lazy("部门"),
        choices=[("", gettext_lazy("—")), *((d.code, d.label) for d in DEPARTMENTS.values())],
        required=False,
        help_text=gettext_lazy("只有部门经办要选。"),
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        """Keep the reader, whose area limits what may be chosen."""
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, ROLE_LABELS[role]) for role in manages(reader.role)
        ]

    def clean_area(self) -> str:
        """Return the 12-digit code of the one place meant."""
        found = list(place_search(self.reader, self.cleaned_data["area"])[:6])
        exact = [p for p in found if self.cleaned_data["area"] in (p.name, p.code, p.full_name)]
        if len(exact) == 1:
            return exact[0].code
        if len(found) == 1:
            return found[0].code
        if not found:
            raise ValidationError(_("在您的辖区里没有找到这个地方。"))
        names = "、".join(place.full_name for place in found[:5])
        raise ValidationError(
            _("有几个地方叫这个名字：%(names)s。请写得再全一些。") % {"names": names}
        )

    def clean(self) -> dict[str, Any]:
        """Check that role, area and department fit together."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        role, area = data.get("role"), data.get("area")
        wanted = _LEVELS.get(Role(role)) if role else None
        if wanted and area and level_of(area) != wanted:
            self.add_error("area", _("这个角色的辖区应当是另一级的地方。"))
        if role == Role.CLERK and not data.get("department"):
            self.add_error("department", _("部门经办要选部门。"))
        if role and role != Role.CLERK:
            data["department"] = ""
        return data


@screen(Permission.SEE_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts of the area."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    rows = list(accounts_in_area(reader))
    managed = {role.value for role in manages(reader.role)}
    places = full_names_of(row.area_code for row in rows)
    table = ACCOUNTS.bind(
        request,
        [
            AccountLine(
                row,
                places.get(row.area_code, row.area_code),
                row.role in managed and row.pk != reader.user_id,
                reader.can(Permission.APPROVE_ACCOUNTS),
            )
            for row in rows
        ],
        total=len(rows),
        empty={"title": _("还没有账号"), "text": _("先为各县市、乡镇开设账号。")},
    )
    context = {"table": table, "may_open": reader.can(Permission.MANAGE_ACCOUNTS)}
    return render(request, "system_desk/accounts.html", context)


@screen(Permission.MANAGE_ACCOUNTS, writes=True)
def open_new(request: HttpRequest) -> HttpResponseBase:
    """Open an account."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    form = AccountForm(request.POST or None, reader=reader)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            account = open_account(
                username=data["username"],
                role=Role(data["role"]),
                area_code=data["area"],
                display_name=data["display_name"],
                department=data["department"],
                acting=reader,
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            words = _("已开设账号：%(name)s")
            if account.awaits_approval:
                words = _("已开设账号：%(name)s。等安全管理员批准以后才能登录。")
            messages.success(request, words % {"name": account.display_name})
            return redirect("give_link", pk=account.pk)
    return render(request, "system_desk/open_account.html", {"form": form})


@screen(Permission.APPROVE_ACCOUNTS, writes=True)
def approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let an account in that the system administrator opened."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    account = _account(reader, pk)
    if request.method == "POST":
        try:
            approve_account(account_id=pk, acting=reader)
        except PermissionError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已批准 %(name)s。") % {"name": account.display_name})
        return redirect("system_desk:accounts")
    line = AccountLine(account, "", managed=True, approves=True)
    place = full_names_of([account.area_code]).get(account.area_code, account.area_code)
    context = {"account": account, "office": line.office, "place": place}
    return render(request, "system_desk/approve_account.html", context)


@screen(Permission.SEE_ACCOUNTS, writes=True)
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Close an account and hand what it was working on back to its place."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    account = _account(reader, pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        if account.pk == reader.user_id:
            messages.error(request, _("不能停用自己的账号。"))
        elif not reason:
            messages.error(request, _("请写明停用的原因。"))
            return redirect("system_desk:close-account", pk=pk)
        else:
            try:
                with transaction.atomic():
                    close_account(account_id=pk, acting=reader, reason=reason)
                    given = hand_back(account_id=pk, acting=reader)
            except ValidationError as refusal:
                messages.error(request, refusal.messages[0])
                return redirect("system_desk:close-account", pk=pk)
            messages.success(
                request,
                _("已停用 %(name)s，手上的 %(count)s 条线索已退回当地待分派。")
                % {"name": account.display_name, "count": given},
            )
        return redirect("system_desk:accounts")
    return render(request, "system_desk/close_account.html", {"account": account})


@screen(Permission.SEE_ACCOUNTS, writes=True)
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let a closed account sign in again."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    account = _account(reader, pk)
    if request.method == "POST":
        try:
            reopen_account(account_id=pk, acting=reader)
        except PermissionError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已启用 %(name)s。") % {"name": account.display_name})
        return redirect("system_desk:accounts")
    return render(request, "system_desk/reopen_account.html", {"account": account})
