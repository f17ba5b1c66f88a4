"""Keys of other systems."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.clients.public import ApiKey, Scope, get_key, issue_key, revoke_key
from yanglao.domain.clients.public import keys as keys_of_area
from yanglao.domain.places.public import names_of
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.interfaces_desk.forms import KeyForm, ReasonForm
from yanglao.web.desks.interfaces_desk.tabs import tabs
from yanglao.web.kit.parts import Crumb, Link, Status
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

_SOON_DAYS = 30


def _status(key: ApiKey) -> Status:
    today = clock.today()
    if key.revoked_at is not None:
        return Status(_("已撤销"), "neutral")
    if key.expires_on < today:
        return Status(_("已到期"), "neutral")
    if (key.expires_on - today).days <= _SOON_DAYS:
        return Status(_("快到期"), "warning")
    return Status(_("在用"), "success")


def _can(key: ApiKey) -> str:
    return "；".join(str(Scope(scope).label) for scope in key.scopes)


def _act(key: ApiKey) -> Link | str:
    if key.revoked_at is not None or key.expires_on < clock.today():
        return ""
    return Link(_("撤销"), reverse("interfaces_desk:revoke-key", args=[key.pk]))


KEYS = TableSpec(
    key="api-keys",
    caption=gettext_lazy("接口密钥"),
    columns=(
        Column("name", gettext_lazy("系统"), fixed=True, note=lambda key: f"yl_{key.handle}_…"),
        Column("place", gettext_lazy("辖区")),
        Column("can", gettext_lazy("能做什么"), value=_can, wide=True),
        Column("status", gettext_lazy("状态"), kind="status", value=_status),
        Column("expires_on", gettext_lazy("用到"), kind="date", sort="expires_on"),
        Column("last_used_at", gettext_lazy("上次使用"), kind="moment", sort="last_used_at"),
        Column("made_by", gettext_lazy("开通人"), hidden=True),
        Column("act", gettext_lazy("办理"), kind="link", value=_act),
    ),
    default_sort="expires_on",
)


@screen(Permission.MANAGE_CLIENTS)
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys of the area."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    rows = list(keys_of_area(reader))
    names = names_of(key.area_code for key in rows)
    for key in rows:
        key.place = names.get(key.area_code, key.area_code)  # type: ignore[attr-defined]
    table = KEYS.bind(
        request,
        rows,
        total=len(rows),
        empty={
            "title": _("还没有对接的系统"),
            "text": _("给每个系统开一个密钥：只能读写自己辖区和权限内的内容，随时可以撤销。"),
        },
    )
    return render(request, "interfaces_desk/keys.html", {"table": table, "tabs": tabs("keys")})


@screen(Permission.MANAGE_CLIENTS, writes=True)
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a key, and show it this once."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    form = KeyForm(request.POST or None, reader=reader)
    trail = [Crumb(_("对接系统"), reverse("interfaces_desk:keys")), Crumb(_("开通密钥"))]
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = issue_key(area_code=data.pop("area"), acting=reader, **data)
        except (PermissionError, ValueError) as problem:
            form.add_error(None, str(problem))
        else:
            context = {"secret": made.secret, "name": data["name"], "trail": trail}
            return render(request, "interfaces_desk/shown_once.html", {**context, "hook": False})
    status = 422 if form.is_bound else 200
    context = {"form": form, "trail": trail}
    return render(request, "interfaces_desk/new_key.html", context, status=status)


@screen(Permission.MANAGE_CLIENTS, writes=True)
def revoke(request: HttpRequest, key_pk: int) -> HttpResponseBase:
    """End a key for good."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    try:
        key = get_key(reader, key_pk)
    except ApiKey.DoesNotExist as missing:
        raise Http404 from missing
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            revoke_key(key_id=key.pk, acting=reader, reason=form.cleaned_data["reason"])
        except ValueError as problem:
            form.add_error("reason", str(problem))
        else:
            return redirect("interfaces_desk:keys")
    trail = [Crumb(_("对接系统"), reverse("interfaces_desk:keys")), Crumb(_("撤销密钥"))]
    context = {"key": key, "form": form, "trail": trail}
    status = 422 if form.is_bound else 200
    return render(request, "interfaces_desk/revoke_key.html", context, status=status)
