"""区划: the division tree with the three-level network, and 兵团's own tree."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.places.public import (
    CORPS_LABELS,
    CorpsLevel,
    CorpsUnit,
    breadcrumb,
    children,
    corps_children,
    corps_unit,
    full_names_of,
    level_label,
    network_role,
)
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

PLACES = TableSpec(
    key="places",
    caption=gettext_lazy("下一级区划"),
    columns=(
        Column(
            "name",
            gettext_lazy("名称"),
            fixed=True,
            link=lambda row: f"{reverse('system_desk:places')}?place={row.code}",
        ),
        Column("code", gettext_lazy("统计用区划代码"), sort="code"),
        Column("level", gettext_lazy("级别"), value=lambda row: level_label(row.level)),
        Column("network", gettext_lazy("三级网络"), value=lambda row: network_role(row.level)),
    ),
    default_sort="code",
    page_size=100,
)


@screen(None)
def places(request: HttpRequest) -> HttpResponse:
    """Show the places directly below the one chosen (``?place=``)."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    full: Reader = request.full_reader  # type: ignore[attr-defined]
    trail = breadcrumb(reader.area, full)
    here = trail[-1] if trail else None
    table = PLACES.bind(
        request,
        children(reader.area),
        empty={
            "title": _("这里没有下一级"),
            "text": _("村（社区）是最末一级，养老服务站点设在这里。"),
        },
    )
    crumbs = [
        Crumb(place.name, f"{reverse('system_desk:places')}?place={place.code}") for place in trail
    ]
    return render(
        request, "system_desk/places.html", {"table": table, "crumbs": crumbs, "here": here}
    )


#: The root of 兵团's own tree.
_CORPS = "XJ"


def _corps_table(areas: dict[str, str]) -> TableSpec:
    return TableSpec(
        key="corps",
        caption=_("下级单位"),
        columns=(
            Column(
                "name",
                _("名称"),
                fixed=True,
                link=lambda row: f"{reverse('system_desk:corps')}?unit={row.code}",
            ),
            Column("code", _("单位代码"), sort="code"),
            Column("level", _("级别"), value=lambda row: CORPS_LABELS[CorpsLevel(row.level)]),
            Column(
                "area",
                _("所在区划"),
                value=lambda row: areas.get(row.area_code, row.area_code),
                note=lambda row: row.area_code,
            ),
        ),
        default_sort="code",
        page_size=100,
    )


@screen(None)
def corps(request: HttpRequest) -> HttpResponse:
    """Show 兵团's own tree: 师, 团, 连, and where each stands among the divisions."""
    code = request.GET.get("unit", "") or _CORPS
    try:
        unit: CorpsUnit | None = corps_unit(code)
    except CorpsUnit.DoesNotExist as problem:
        if code != _CORPS:
            raise Http404(_("没有这个单位。")) from problem
        unit = None
    rows = list(corps_children(code))
    areas = full_names_of(row.area_code for row in rows)
    context: dict[str, Any] = {
        "unit": unit if unit and unit.parent_id else None,
        "table": _corps_table(areas).bind(
            request,
            rows,
            total=len(rows),
            empty={"title": _("没有下级单位"), "text": _("这个单位的连队名册还没有载入。")}
            if unit
            else {
                "title": _("没有载入兵团的单位"),
                "text": _("这个平台不管兵团；管兵团的平台在这里看师、团、连。"),
            },
        ),
    }
    return render(request, "system_desk/corps.html", context)
