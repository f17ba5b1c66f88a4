"""What happened to people with a benefit: what the program did, for somebody to see to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import AlertKind, last_follow, see_alerts
from yanglao.domain.benefits.public import alerts as alerts_in
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.words import alert_status, desk_tabs
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.parts import Action
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART, _MOST = "alerts-list", 500

ALERTS = TableSpec(
    key="benefit-alerts",
    caption=gettext_lazy("情况变动"),
    default_sort="-day",
    row_key=lambda row: row.pk,
    row_url=lambda row: reverse("benefits_desk:case", args=[row.case_id]),
    row_label=lambda row: f"{row.case.person.name} {row.case.item.name}",
    columns=(
        Column("case.person.name", gettext_lazy("姓名"), fixed=True),
        Column(
            "case.item.name",
            gettext_lazy("待遇"),
            note=lambda row: row.effect,
            fixed=True,
            wide=True,
        ),
        Column(
            "kind",
            gettext_lazy("发生了什么"),
            kind="status",
            value=lambda row: alert_status(row.kind),
            sort="kind",
        ),
        Column("day", gettext_lazy("哪天发生"), kind="date", sort="day"),
        Column("found_on", gettext_lazy("哪天发现"), kind="date", sort="found_on"),
    ),
)


@screen(Permission.SEE_BENEFITS, writes=True)
def alerts(request: HttpRequest) -> HttpResponse:
    """List what nobody has seen yet; posted, note that it was seen."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method == "POST":
        sent = request.POST.getlist("chosen")
        if len(sent) > _MOST or not all(text.isascii() and text.isdigit() for text in sent):
            raise BadRequest(_("一次最多办 %(most)d 条。") % {"most": _MOST})
        count = see_alerts(ids=[int(text[:18]) for text in sent], acting=reader)
        messages.success(request, _("已登记看过 %(count)d 条。") % {"count": count})
        return redirect("benefits_desk:alerts")
    bar = bind_filters(
        request,
        [
            Filter("kind", _("发生了什么"), choices=AlertKind.choices),
            Filter("seen", _("看过没有"), choices=[("yes", _("看过的"))]),
        ],
        part_id=_PART,
    )
    run = last_follow(reader)
    when = _("最近一次核对：%(day)s") % {"day": run.as_of.isoformat()} if run else ""
    context: dict[str, Any] = {
        "tabs": desk_tabs(request, "alerts"),
        "bar": bar,
        "table": ALERTS.bind(
            request,
            alerts_in(reader, kind=bar["kind"], seen=bar["seen"] == "yes"),
            actions=[] if bar["seen"] else [Action(_("看过了"), "seen", icon="check")],
            action_url=reverse("benefits_desk:alerts"),
            part_id=_PART,
            empty={
                "title": _("没有要看的变动"),
                "text": _("名单显示有人去世、迁出、等级变化时，会自动停发并列在这里。"),
            },
        ),
        "part_id": _PART,
        "title": _("情况变动"),
        "note": _("名单变了，钱自动停或自动恢复；这里请人再看一眼。") + when,
    }
    return render_page_or_part(
        request, "benefits_desk/list.html", "benefits_desk/parts/table.html", context
    )
