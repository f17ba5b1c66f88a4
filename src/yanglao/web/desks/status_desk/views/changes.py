"""进入、变化、离开: what was noticed, what follows by itself, and looking again now."""

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.statuses.public import Occasion, StatusChange, changes, task_counts
from yanglao.flows.follow_statuses import standing_rules
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.status_desk.lines import CHANGES, lines_of
from yanglao.web.desks.status_desk.tabs import desk_tabs, waiting_holds
from yanglao.web.desks.status_desk.words import status_names
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "status-changes"


@screen(Permission.SEE_STATUSES)
def changes_page(request: HttpRequest) -> HttpResponse:
    """List what was noticed, the latest first, with what hangs on each status."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    rules = standing_rules(today)
    bar = _bar(request, names)
    rows = _chosen(reader, bar)
    context = {
        "tabs": desk_tabs("changes", task_counts(reader, today)),
        "bar": bar,
        "holds": waiting_holds(request, names),
        "statuses": list(rules.statuses.values()) if rules else [],
        "can_look": reader.can(Permission.RUN_MATCH),
        "part_id": _PART,
        "table": CHANGES.bind(
            request,
            fetch_dressed(rows, partial(lines_of, names=names, today=today)),
            total=rows.count(),
            export_url=reverse("status_desk:changes-export") if reader.can("export") else "",
            empty={
                "title": _("这段时间没有变化"),
                "text": _("每次比对以后自动对照一遍；有人进入、变化、离开，会列在这里。"),
            },
            part_id=_PART,
        ),
    }
    return render_page_or_part(
        request, "status_desk/changes.html", "status_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the changes that match the filters as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    bar = _bar(request, names)
    found = _chosen(reader, bar)
    return excel_response(
        request,
        CHANGES,
        all_dressed(found, CHANGES.order_of(request), partial(lines_of, names=names, today=today)),
        title=_("救助供养进入、变化、离开"),
        file_name=_("救助供养变化 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


@screen(Permission.RUN_MATCH, writes=True)
def look(request: HttpRequest) -> HttpResponse:
    """Ask the worker to hold everybody's statuses against the facts of today."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method == "POST":
        defer("follow_statuses", reader, region=reader.area)
        messages.success(request, _("已经排上，一两分钟后刷新看结果。"))
    return redirect("status_desk:changes")


def _bar(request: HttpRequest, names: dict[str, str]) -> FilterBar:
    return bind_filters(
        request,
        [
            Filter("status", _("身份"), choices=list(names.items())),
            Filter("occasion", _("怎么了"), choices=list(Occasion.choices)),
            Filter("since", _("从哪天起"), "date"),
        ],
        part_id=_PART,
    )


def _chosen(reader: Reader, bar: FilterBar) -> "QuerySet[StatusChange]":
    return changes(reader, status=bar["status"], occasion=bar["occasion"], since=bar.day("since"))
