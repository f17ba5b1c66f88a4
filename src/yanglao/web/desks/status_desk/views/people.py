"""现有身份的人: who has which status today, and who had it."""

from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import place_choices
from yanglao.domain.statuses.public import (
    Cause,
    StatusSpell,
    spells,
    status_counts,
    task_counts,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.status_desk.lines import PEOPLE, lines_of
from yanglao.web.desks.status_desk.tabs import desk_tabs, waiting_holds
from yanglao.web.desks.status_desk.words import status_names
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Stat
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "status-people"


@screen(Permission.SEE_STATUSES)
def people(request: HttpRequest) -> HttpResponse:
    """List who has a status, with the numbers of each above."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    bar = _bar(request, reader, names)
    rows = _chosen(reader, bar)
    counted = {one.status: one for one in status_counts(reader, today)}
    stats = []
    for code, name in names.items():
        one = counted.get(code)
        note = (
            _("本月进 %(entered)d、变 %(changed)d、离 %(left)d")
            % {"entered": one.entered, "changed": one.changed, "left": one.left}
            if one
            else _("现在没有人")
        )
        url = f"{reverse('status_desk:people')}?status={code}"
        stats.append(Stat(name, one.people if one else 0, note=note, url=url, unit=_("人")))
    context = {
        "tabs": desk_tabs("people", task_counts(reader, today)),
        "stats": stats,
        "bar": bar,
        "holds": waiting_holds(request, names),
        "part_id": _PART,
        "table": PEOPLE.bind(
            request,
            fetch_dressed(rows, partial(lines_of, names=names, today=today)),
            total=rows.count(),
            export_url=reverse("status_desk:people-export") if reader.can("export") else "",
            empty={
                "title": _("没有这样的人"),
                "text": _(
                    "身份来自民政救助、退役军人、救助站的名单；收到名单、比对以后会出现在这里。"
                ),
            },
            part_id=_PART,
        ),
    }
    return render_page_or_part(
        request, "status_desk/people.html", "status_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the people that match the filters as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    bar = _bar(request, reader, names)
    found = _chosen(reader, bar)
    return excel_response(
        request,
        PEOPLE,
        all_dressed(found, PEOPLE.order_of(request), partial(lines_of, names=names, today=today)),
        title=_("救助供养现有身份的人"),
        file_name=_("救助供养名册 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


def _bar(request: HttpRequest, reader: Reader, names: dict[str, str]) -> FilterBar:
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("status", _("身份"), choices=list(names.items())),
            Filter(
                "ended", _("现在有没有"), choices=[("yes", _("已经结束的")), ("any", _("全部"))]
            ),
            Filter("cause", _("结束原因"), choices=[one for one in Cause.choices if one[0]]),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )


def _chosen(reader: Reader, bar: FilterBar) -> "QuerySet[StatusSpell]":
    ended = {"yes": True, "any": None}.get(bar["ended"], False)
    return spells(
        reader,
        status=bar["status"],
        ended=None if bar["cause"] and ended is False else ended,
        cause=bar["cause"],
        text=bar["q"],
    )
