"""Hooks: who is told of what, what arrived, and what did not."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.clients.public import (
    Delivery,
    DeliveryState,
    EventKind,
    Hook,
    deliveries,
    get_delivery,
    get_hook,
    make_hook,
    send_again,
    switch_hook,
)
from yanglao.domain.clients.public import hooks as hooks_of_area
from yanglao.domain.places.public import names_of
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.interfaces_desk.forms import HookForm
from yanglao.web.desks.interfaces_desk.tabs import tabs
from yanglao.web.kit.parts import Crumb, Status
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

_TONES = {
    DeliveryState.WAITING: "info",
    DeliveryState.SENT: "success",
    DeliveryState.DEAD: "error",
}


def _events(hook: Hook) -> str:
    return "；".join(str(EventKind(kind).label) for kind in hook.events)


HOOKS = TableSpec(
    key="hooks",
    caption=gettext_lazy("推送"),
    columns=(
        Column("name", gettext_lazy("系统"), fixed=True),
        Column("place", gettext_lazy("辖区")),
        Column("events", gettext_lazy("推送什么"), value=_events, wide=True),
        Column("url", gettext_lazy("地址"), wide=True),
        Column("state", gettext_lazy("状态"), kind="status", value=lambda h: _on_off(h)),
    ),
    default_sort="name",
    row_url=lambda hook: reverse("interfaces_desk:hook", args=[hook.pk]),
)

DELIVERIES = TableSpec(
    key="deliveries",
    caption=gettext_lazy("推送记录"),
    columns=(
        Column("kind", gettext_lazy("事件"), value=lambda d: EventKind(d.kind).label, fixed=True),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="status",
            value=lambda d: Status(d.get_state_display(), _TONES[DeliveryState(d.state)]),
        ),
        Column("made_at", gettext_lazy("时间"), kind="moment", sort="id"),
        Column("tries", gettext_lazy("试过"), kind="num"),
        Column("status", gettext_lazy("对方回答"), value=lambda d: d.status or ""),
        Column("note", gettext_lazy("说明"), wide=True),
        Column("next_at", gettext_lazy("下次再试"), kind="moment"),
    ),
    default_sort="-id",
    row_key=lambda delivery: delivery.pk,
)


def _on_off(hook: Hook) -> Status:
    return Status(_("在推送"), "success") if hook.active else Status(_("已停"), "neutral")


@screen(Permission.MANAGE_CLIENTS)
def hooks(request: HttpRequest) -> HttpResponse:
    """List the hooks of the area."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    rows = list(hooks_of_area(reader))
    names = names_of(hook.area_code for hook in rows)
    for hook in rows:
        hook.place = names.get(hook.area_code, hook.area_code)  # type: ignore[attr-defined]
    table = HOOKS.bind(
        request,
        rows,
        total=len(rows),
        empty={
            "title": _("还没有推送"),
            "text": _("名单接收了、结果变了、线索办了，可以推送给别的系统；内容里没有个人信息。"),
        },
    )
    context = {"table": table, "tabs": tabs("hooks")}
    return render(request, "interfaces_desk/hooks.html", context)


@screen(Permission.MANAGE_CLIENTS, writes=True)
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a hook, and show its signing secret this once."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    form = HookForm(request.POST or None, reader=reader)
    trail = [Crumb(_("推送"), reverse("interfaces_desk:hooks")), Crumb(_("新的推送"))]
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = make_hook(area_code=data.pop("area"), acting=reader, **data)
        except (PermissionError, ValueError) as problem:
            form.add_error(None, str(problem))
        else:
            context = {"secret": made.secret, "name": data["name"], "trail": trail, "hook": True}
            return render(request, "interfaces_desk/shown_once.html", context)
    status = 422 if form.is_bound else 200
    context = {"form": form, "trail": trail}
    return render(request, "interfaces_desk/new_hook.html", context, status=status)


@screen(Permission.MANAGE_CLIENTS)
def hook(request: HttpRequest, hook_pk: int) -> HttpResponse:
    """Show what was sent to a hook, the newest first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = _hook(reader, hook_pk)
    rows = deliveries(reader, hook_id=found.pk)
    dead = list(rows.filter(state=DeliveryState.DEAD)[:50])
    table = DELIVERIES.bind(
        request,
        rows,
        empty={"title": _("还没有推送过"), "text": _("有事发生后一分钟内会出现在这里。")},
    )
    trail = [Crumb(_("推送"), reverse("interfaces_desk:hooks")), Crumb(found.name)]
    context = {"hook": found, "table": table, "dead": dead, "trail": trail, "kinds": EventKind}
    return render(request, "interfaces_desk/hook.html", context)


@screen(Permission.MANAGE_CLIENTS, writes=True)
def switch(request: HttpRequest, hook_pk: int) -> HttpResponseBase:
    """Stop a hook or let it go on."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    found = _hook(reader, hook_pk)
    if request.method == "POST":
        switch_hook(hook_id=found.pk, active=not found.active, acting=reader)
    return redirect("interfaces_desk:hook", hook_pk=found.pk)


@screen(Permission.MANAGE_CLIENTS, writes=True)
def again(request: HttpRequest, delivery_pk: int) -> HttpResponseBase:
    """Send a delivery again."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    try:
        found = get_delivery(reader, delivery_pk)
    except Delivery.DoesNotExist as missing:
        raise Http404 from missing
    if request.method == "POST":
        send_again(delivery_id=found.pk, acting=reader)
        messages.success(request, _("一分钟内会再送一次。"))
    return redirect("interfaces_desk:hook", hook_pk=found.hook_id)


def _hook(reader: Reader, pk: int) -> Hook:
    try:
        return get_hook(reader, pk)
    except Hook.DoesNotExist as missing:
        raise Http404 from missing
