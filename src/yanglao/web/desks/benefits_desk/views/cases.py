"""All cases of the area: by state and clock, chosen together, and as an Excel sheet."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import Case, CaseCounts, CaseState, case_counts
from yanglao.domain.benefits.public import cases as cases_in
from yanglao.domain.catalogue.public import items
from yanglao.domain.places.public import place_choices
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.lines import CASES, lines_of
from yanglao.web.desks.benefits_desk.words import desk_tabs
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Stat, Text
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "cases-list"


@screen(Permission.SEE_BENEFITS)
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that match the filters."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = _bar(request, reader)
    counts = case_counts(reader, today)
    rows = _chosen(reader, bar, today)
    keep = query_without(request, "page")
    table = CASES.bind(
        request,
        fetch_dressed(rows, partial(lines_of, today=today)),
        export_url=reverse("benefits_desk:export") if reader.can(Permission.EXPORT) else "",
        actions=_actions(reader),
        action_url=f"{reverse('benefits_desk:bulk')}{'?' if keep else ''}{keep}",
        empty=_empty(bar),
        part_id=_PART,
        without=() if reader.can(Permission.REVEAL_IDENTITY) else ("id_number",),
    )
    context: dict[str, Any] = {
        "bar": bar,
        "table": table,
        "tabs": desk_tabs(request, "cases", counts),
        "stats": _stats(counts),
        "part_id": _PART,
        "can_ask": reader.can(Permission.ASK_BENEFITS),
    }
    return render_page_or_part(
        request, "benefits_desk/cases.html", "benefits_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the cases that match the filters as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = _bar(request, reader)
    found = _chosen(reader, bar, today)
    return excel_response(
        request,
        CASES,
        all_dressed(found, CASES.order_of(request), partial(lines_of, today=today)),
        title=_("待遇个案"),
        file_name=_("待遇个案 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


def _bar(request: HttpRequest, reader: Reader) -> FilterBar:
    states: list[tuple[str, Text]] = [("waiting", _("没办结的")), *CaseState.choices]
    dues: list[tuple[str, Text]] = [
        ("late", _("已过期")),
        ("soon", _("三天内到期")),
        ("ready", _("公示期满，可以审批")),
    ]
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("state", _("办到哪一步"), choices=states),
            Filter("due", _("期限"), choices=dues),
            Filter("item", _("待遇"), choices=[(str(i.pk), i.name) for i in items()]),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )


def _chosen(reader: Reader, bar: FilterBar, today: date) -> "QuerySet[Case]":
    return cases_in(
        reader,
        state=bar["state"],
        item=int(bar["item"]) if bar["item"] else None,
        due=bar["due"],
        text=bar["q"],
        as_of=today,
    )


def _stats(counts: CaseCounts) -> list[Stat]:
    def count(*states: CaseState) -> int:
        return sum(counts.by_state.get(state, 0) for state in states)

    return [
        Stat(
            _("等初审"),
            count(CaseState.OPEN, CaseState.RETURNED),
            _("%(late)d 件过期") % {"late": counts.late} if counts.late else "",
            "?state=open",
            "accent" if counts.late else "",
            _("件"),
        ),
        Stat(_("公示期满等审批"), counts.ready, "", "?due=ready", "", _("件")),
        Stat(
            _("在享"),
            count(CaseState.APPROVED),
            _("另有 %(held)d 件暂停") % {"held": count(CaseState.SUSPENDED)},
            "?state=approved",
            "",
            _("件"),
        ),
        Stat(
            _("情况变了要看"),
            counts.alerts,
            _("去世、迁出、等级变化"),
            reverse("benefits_desk:alerts"),
            "accent" if counts.alerts else "",
            _("件"),
        ),
    ]


def _actions(reader: Reader) -> list[Action]:
    found = []
    if reader.can(Permission.PREPARE_BENEFITS):
        found.append(Action(_("初审同意"), "prepare", icon="check", tone="primary"))
        found.append(Action(_("公示"), "post", icon="megaphone"))
    if reader.can(Permission.APPROVE_BENEFITS):
        found.append(Action(_("审批同意"), "approve", icon="check-check", tone="primary"))
    return found


def _empty(bar: FilterBar) -> dict[str, Any]:
    if bar.active:
        return {"title": _("没有符合条件的个案"), "text": _("换一个条件，或清除筛选。")}
    return {
        "title": _("还没有个案"),
        "text": _("老人或家属来窗口时点“受理申请”；比对找到的人到“免申即享”里成批办。"),
        "action_url": reverse("benefits_desk:found"),
        "action_text": _("看看找到了谁"),
    }
