"""筛查和跟踪: the latest screening of each person, and where those with a problem stand."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.health.public import (
    CareStep,
    Screening,
    domain_counts,
    health_counts,
    screenings,
)
from yanglao.domain.places.public import place_choices
from yanglao.flows.screen_health import screening_scale
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.health_desk.lines import SCREENINGS, lines_of
from yanglao.web.desks.health_desk.tabs import desk_tabs
from yanglao.web.desks.health_desk.words import domain_names
from yanglao.web.kit.charts import bar_chart
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Stat, Text
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "screenings"


@screen(Permission.SEE_SCREENINGS)
def board(request: HttpRequest) -> HttpResponse:
    """List the latest screenings, what waits for a next step first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = _bar(request, reader)
    rows = _chosen(reader, bar)
    counts = health_counts(reader, today)
    names = domain_names()
    counted = domain_counts(reader, today)
    url = reverse("health_desk:screenings")
    context: dict[str, Any] = {
        "tabs": desk_tabs("screenings", counts),
        "stats": [
            Stat(_("等下一步"), counts.waiting, url=f"{url}?step=open", unit=_("人")),
            Stat(_("过了期限"), counts.overdue, url=f"{url}?due=overdue", unit=_("人")),
            Stat(_("今年筛过"), counts.screened_this_year, unit=_("人次")),
        ],
        "chart": bar_chart(
            _("哪方面问题多"),
            _("今年筛查里各方面有问题的人数"),
            [(names.get(one.domain, one.domain), one.failed) for one in counted],
            label_title=_("方面"),
            value_title=_("有问题的人"),
            unit=_("人"),
            urls=[f"{url}?step=any&domain={one.domain}" for one in counted],
        )
        if counted
        else None,
        "scale": screening_scale(),
        "bar": bar,
        "part_id": _PART,
        "table": SCREENINGS.bind(
            request,
            fetch_dressed(rows, partial(lines_of, today=today)),
            total=rows.count(),
            export_url=reverse("health_desk:screenings-export") if reader.can("export") else "",
            empty={
                "title": _("没有符合条件的筛查"),
                "text": _("先查到老人，在他的“早期发现”页上点“开始筛查”，六个方面，几分钟问完。"),
                "action_url": reverse("registry_desk:search"),
                "action_text": _("查老人"),
            },
            part_id=_PART,
        ),
    }
    return render_page_or_part(
        request, "health_desk/screenings.html", "health_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the screenings that match the filters as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = _bar(request, reader)
    found = _chosen(reader, bar)
    return excel_response(
        request,
        SCREENINGS,
        all_dressed(found, SCREENINGS.order_of(request), partial(lines_of, today=today)),
        title=_("早期发现筛查"),
        file_name=_("早期发现筛查 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


def _bar(request: HttpRequest, reader: Reader) -> FilterBar:
    steps: list[tuple[str, Text]] = [
        ("open", _("等下一步的")),
        ("again", _("该再筛的")),
        *CareStep.choices,
        ("any", _("全部")),
    ]
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("step", _("走到哪一步"), choices=steps),
            Filter("domain", _("哪方面有问题"), choices=list(domain_names().items())),
            Filter("due", _("期限"), choices=[("overdue", _("已过期的"))]),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )


def _chosen(reader: Reader, bar: FilterBar) -> "QuerySet[Screening]":
    return screenings(
        reader,
        step=bar["step"] or "open",
        domain=bar["domain"],
        due=bar["due"],
        text=bar["q"],
        as_of=clock.today(),
    )
