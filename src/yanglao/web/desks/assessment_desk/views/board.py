"""能力评估: all assessments of the area with their states and clocks, and as an Excel sheet."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    OPEN_STATES,
    Assessment,
    AssessmentKind,
    AssessmentState,
    StateCounts,
    assessments,
    state_counts,
    waiting_recognitions,
)
from yanglao.domain.places.public import place_choices
from yanglao.flows.ask_assessments import accept
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.assessment_desk.lines import ASSESSMENTS, lines_of
from yanglao.web.desks.assessment_desk.views.asking import chosen, reader_of, tried
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Tab, Text
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "assessments-list"
#: Results that run out within so many days are counted beside the list.
_AHEAD = 60


@screen(Permission.SEE_ASSESSMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """List the assessments that match the filters."""
    reader = reader_of(request)
    today = clock.today()
    bar = _filter_bar(request, reader)
    counts = state_counts(reader, today, ahead=_AHEAD)
    rows = _chosen_rows(request, reader, bar, today)
    table = ASSESSMENTS.bind(
        request,
        fetch_dressed(rows, partial(lines_of, today=today)),
        total=rows.count(),
        export_url=reverse("assessment_desk:export") if reader.can(Permission.EXPORT) else "",
        actions=_actions(request, reader),
        action_url=reverse("assessment_desk:bulk"),
        empty=_empty(request, bar),
        part_id=_PART,
        without=() if reader.can(Permission.REVEAL_IDENTITY) else ("id_number",),
    )
    context: dict[str, Any] = {
        "bar": bar,
        "table": table,
        "tabs": _tabs(request, counts),
        "counts": counts,
        "waiting": waiting_recognitions(reader),
        "part_id": _PART,
        "can_ask": reader.can(Permission.ASK_ASSESSMENTS),
        "can_manage": reader.can(Permission.MANAGE_ASSESSMENTS),
        "can_watch": reader.can(Permission.WATCH_QUALITY),
        "to_plan": counts.by_state[AssessmentState.ACCEPTED],
    }
    return render_page_or_part(
        request, "assessment_desk/board.html", "assessment_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the assessments that match the filters as an Excel sheet."""
    reader = reader_of(request)
    today = clock.today()
    bar = _filter_bar(request, reader)
    rows = _chosen_rows(request, reader, bar, today)
    return excel_response(
        request,
        ASSESSMENTS,
        all_dressed(rows, ASSESSMENTS.order_of(request), partial(lines_of, today=today)),
        title=_("能力评估"),
        file_name=_("能力评估 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=rows,
    )


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def bulk(request: HttpRequest) -> HttpResponse:
    """Accept the chosen applications."""
    if request.method == "POST":
        reader = reader_of(request)
        ids = chosen(request)
        done = tried(
            request,
            lambda: accept(ids=ids, acting=reader, as_of=clock.today()),
            _("选中的申请里，待受理的已经受理。"),
        )
        if done:
            return redirect("assessment_desk:plan")
    return redirect("assessment_desk:board")


def _filter_bar(request: HttpRequest, reader: Reader) -> FilterBar:
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("kind", _("种类"), choices=list(AssessmentKind.choices)),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )


def _tab(request: HttpRequest) -> str:
    tab = request.GET.get("tab", "")
    known = {"late", "closed", *(str(state) for state in OPEN_STATES)}
    return tab if tab in known else ""


def _chosen_rows(
    request: HttpRequest, reader: Reader, bar: FilterBar, today: date
) -> "QuerySet[Assessment]":
    tab = _tab(request)
    narrow = reader.narrowed(bar["place"] or None)
    state = {"": "open", "late": "open", "closed": None}.get(tab, tab)
    rows = assessments(
        narrow,
        state=state,
        kind=bar["kind"] or None,
        due="late" if tab == "late" else None,
        text=bar["q"] or None,
        as_of=today,
    )
    return (
        rows.filter(closed_on__isnull=False).order_by("-closed_on", "-id")
        if (tab == "closed")
        else rows
    )


def _tabs(request: HttpRequest, counts: StateCounts) -> list[Tab]:
    keep = query_without(request, "page", "tab", "sort")
    present = _tab(request)
    states = [(str(state), state.label, counts.by_state[state]) for state in OPEN_STATES]
    rows: list[tuple[str, Text, int | None]] = [
        ("", _("没办完"), sum(counts.by_state.values())),
        ("late", _("已过期"), counts.late),
        *states,
        ("closed", _("已办结"), None),
    ]
    return [
        Tab(text=text, url=f"?{keep}tab={key}", current=key == present, count=count)
        for key, text, count in rows
    ]


def _actions(request: HttpRequest, reader: Reader) -> list[Action]:
    if not reader.can(Permission.MANAGE_ASSESSMENTS) or _tab(request) not in {
        "",
        "late",
        AssessmentState.ASKED,
    }:
        return []
    return [Action(_("受理"), "accept", icon="clipboard-check", tone="primary")]


def _empty(request: HttpRequest, bar: FilterBar) -> dict[str, Any]:
    if bar.active or _tab(request):
        return {
            "title": _("这里现在没有"),
            "text": _("换一个条件，或看全部没办完的评估。"),
            "icon": "list-filter",
        }
    return {
        "title": _("没有要办的评估"),
        "text": _("本人、家属或村里申请后会出现在这里；也可以从“只差能力评估”的线索发起。"),
        "icon": "clipboard-list",
    }
