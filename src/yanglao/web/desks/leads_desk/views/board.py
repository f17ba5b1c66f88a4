"""服务找人: all leads of the area, by lead or by person, and as an Excel sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, officers_of_area
from yanglao.domain.catalogue.public import items
from yanglao.domain.leads.public import (
    Lead,
    LeadCounts,
    LeadKind,
    LeadState,
    lead_counts,
    leads,
)
from yanglao.domain.places.public import place_choices
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.leads_desk.lines import LEADS, LeadLine, lines_of
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import Page, paginate, query_without
from yanglao.web.kit.parts import Action, Tab, Text
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "leads-list"
#: More officers than this are not offered in a list to choose from; narrow the place first.
_MOST_OFFICERS = 60
_PEOPLE_A_PAGE = 25


@screen(Permission.SEE_LEADS)
def board(request: HttpRequest) -> HttpResponse:
    """List the leads that match the filters, one a row or grouped by person."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = filter_bar(request, reader)
    counts = lead_counts(reader, today)
    rows = chosen_leads(request, reader, bar, today)
    context: dict[str, Any] = {
        "bar": bar,
        "counts": counts,
        "tabs": _tabs(request, bar, counts),
        "views": _views(request),
        "part_id": _PART,
    }
    if request.GET.get("by") == "person":
        context["people"] = _by_person(request, rows, today)
        context["table"] = None
    else:
        context["people"] = None
        context["table"] = LEADS.bind(
            request,
            fetch_dressed(rows, partial(lines_of, today=today)),
            total=_total(request, bar, counts, rows),
            export_url=reverse("leads_desk:export") if reader.can(Permission.EXPORT) else "",
            actions=_actions(reader),
            action_url=_with_query(reverse("leads_desk:bulk"), query_without(request, "page")),
            empty=_empty(request, bar, counts),
            part_id=_PART,
            without=() if reader.can(Permission.REVEAL_IDENTITY) else ("id_number",),
        )
    return render_page_or_part(
        request, "leads_desk/board.html", "leads_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the leads that match the filters as an Excel sheet, in the order of the page."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = filter_bar(request, reader)
    found = chosen_leads(request, reader, bar, today)
    rows = all_dressed(found, LEADS.order_of(request), partial(lines_of, today=today))
    return excel_response(
        request,
        LEADS,
        rows,
        title=_("服务找人线索"),
        file_name=_("服务找人线索 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


def filter_bar(request: HttpRequest, reader: Reader) -> FilterBar:
    """Return the filters of the board; a choice that is not offered counts as not chosen."""
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("state", _("办到哪一步"), choices=_state_choices()),
            Filter("item", _("项目"), choices=[(str(i.pk), i.name) for i in items()]),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
            Filter("who", _("经办人"), choices=_officer_choices(reader)),
        ],
        part_id=_PART,
    )


def chosen_leads(
    request: HttpRequest, reader: Reader, bar: FilterBar, today: date
) -> "QuerySet[Lead]":
    """Return the leads that the tab and the filters keep."""
    kind, due = _tab(request)
    who: Any = None
    if bar["who"]:
        who = "none" if bar["who"] == "none" else int(bar["who"])
    return leads(
        reader,
        state=None if bar["state"] == "any" else bar["state"] or "open",
        kind=kind or None,
        item=int(bar["item"]) if bar["item"] else None,
        assignee=who,
        due=due or None,  # type: ignore[arg-type]
        text=bar["q"] or None,
        as_of=today,
    )


def _state_choices() -> list[tuple[str, Text]]:
    return [("open", _("没办完的")), *LeadState.choices, ("any", _("全部，含办结的"))]


def _tab(request: HttpRequest) -> tuple[str, str]:
    """Return the kind and the due words of the tab chosen; anything else counts as none."""
    kind, due = request.GET.get("kind", ""), request.GET.get("due", "")
    return (kind if kind in LeadKind.values else "", due if due in {"overdue", "week"} else "")


def _officer_choices(reader: Reader) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    if reader.user_id is not None:
        found.append((str(reader.user_id), _("我的")))
    found.append(("none", _("未分派")))
    officers = list(officers_of_area(reader)[: _MOST_OFFICERS + 1])
    if len(officers) <= _MOST_OFFICERS:
        found += [
            (str(account.pk), account.display_name)
            for account in officers
            if account.pk != reader.user_id
        ]
    return found


def _tabs(request: HttpRequest, bar: FilterBar, counts: LeadCounts) -> list[Tab]:
    """Return the shortcuts over the list: what is open, of which kind, what is late."""
    keep = query_without(request, "page", "kind", "due", "state", "sort")
    kind, due = _tab(request)
    present = "delivered" if bar["state"] == "delivered" else kind or due
    rows = [
        ("", "", _("没办完"), counts.open),
        ("overdue", "due=overdue", _("已过期"), counts.overdue),
        ("week", "due=week", _("七天内"), counts.due_soon),
        ("entitled", "kind=entitled", _("该享未享"), counts.entitled),
        ("possible", "kind=possible", _("只差信息"), counts.possible),
        ("awaiting_list", "kind=awaiting_list", _("等名单"), counts.awaiting_list),
        ("delivered", "state=delivered", _("已送达"), None),
    ]
    return [
        Tab(text=text, url=f"?{keep}{query}", current=key == present, count=count)
        for key, query, text, count in rows
    ]


def _views(request: HttpRequest) -> list[Tab]:
    keep = query_without(request, "page", "by", "sort")
    grouped = request.GET.get("by") == "person"
    return [
        Tab(_("一条一行"), f"?{keep}", current=not grouped),
        Tab(_("按人归拢"), f"?{keep}by=person", current=grouped),
    ]


def _total(request: HttpRequest, bar: FilterBar, counts: LeadCounts, rows: "QuerySet[Lead]") -> int:
    """Return how many leads match; the counts of the tabs are used where they say it already."""
    kind, due = _tab(request)
    known = {
        ("", ""): counts.open,
        ("", "overdue"): counts.overdue,
        ("", "week"): counts.due_soon,
        (LeadKind.ENTITLED.value, ""): counts.entitled,
        (LeadKind.POSSIBLE.value, ""): counts.possible,
        (LeadKind.AWAITING_LIST.value, ""): counts.awaiting_list,
    }
    if all(item.filter.name == "place" for item in bar.active) and (kind, due) in known:
        return known[kind, due]
    return rows.count()


def _actions(reader: Reader) -> Sequence[Action]:
    found = []
    if reader.can(Permission.ASSIGN_LEADS):
        found.append(Action(_("分派"), "assign", icon="user-plus", tone="primary"))
    if reader.can(Permission.WORK_LEADS):
        found.append(Action(_("登记结果"), "move", icon="clipboard-check"))
    return found


def _empty(request: HttpRequest, bar: FilterBar, counts: LeadCounts) -> dict[str, Any]:
    if bar.active or any(_tab(request)):
        return {
            "title": _("没有符合筛选的线索"),
            "text": _("换一个条件，或清除筛选看全部没办完的线索。"),
            "icon": "list-filter",
        }
    if counts.delivered_this_month:
        return {
            "title": _("线索都办完了"),
            "text": _("下次比对发现新的该享未享，会出现在这里。"),
            "icon": "circle-check",
        }
    return {
        "title": _("还没有线索"),
        "text": _("名单接收并比对以后，该享未享的老人会出现在这里，按到期日排好。"),
    }


@dataclass(frozen=True, slots=True)
class Visit:
    """One person with everything to be settled in one visit."""

    lines: list[LeadLine]

    @property
    def first(self) -> LeadLine:
        """The lead that is due first; its person and place stand for all."""
        return self.lines[0]

    @property
    def url(self) -> str:
        """The page on which all of them are settled together."""
        return reverse("leads_desk:visit", args=[self.first.lead.person_id])


def _by_person(request: HttpRequest, rows: "QuerySet[Lead]", today: date) -> dict[str, Any]:
    """Group the leads by person, who is due first stands first; three queries a page."""
    grouped = (
        rows.order_by()
        .values("person_id")
        .annotate(due=Min("due_on"), number=Count("pk"))
        .order_by("due", "person_id")
    )
    page: Page = paginate(request, grouped, size=_PEOPLE_A_PAGE)
    order = [row["person_id"] for row in page.rows]
    found: dict[int, list[Lead]] = {pk: [] for pk in order}
    for lead in rows.filter(person_id__in=order):
        found[lead.person_id].append(lead)
    lines = lines_of([lead for pk in order for lead in found[pk]], today)
    by_person: dict[int, list[LeadLine]] = {}
    for line in lines:
        by_person.setdefault(line.lead.person_id, []).append(line)
    return {"page": page, "visits": [Visit(by_person[pk]) for pk in order]}


def _with_query(url: str, query: str) -> str:
    return f"{url}?{query.rstrip('&')}" if query else url
