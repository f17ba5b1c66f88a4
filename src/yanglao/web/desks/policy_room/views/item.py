"""一个项目: the text of the list, the sentence of the rule, how many and where."""

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import TallyRow, latest_run, tallies
from yanglao.domain.places.public import map_shapes, names_of
from yanglao.flows.read_catalogue import ItemReading, NothingInForce, read_catalogue
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import level_of
from yanglao.web.kit.charts import Chart, Series, stacked_chart
from yanglao.web.kit.maps import Area, Map, shaded_map
from yanglao.web.kit.parts import Crumb, Stat
from yanglao.web.kit.screens import screen

By = Literal["county", "town", "village"]

_BELOW: dict[str, By] = {
    "province": "county",
    "prefecture": "county",
    "county": "town",
    "town": "village",
    "village": "village",
}
_CHARTED = 30


def reading_of(code: str) -> ItemReading:
    """Return an item in force today.

    Raises:
        Http404: If there is none.
    """
    try:
        return read_catalogue(clock.today()).item(code)
    except (KeyError, NothingInForce) as problem:
        raise Http404(_("清单里没有这个项目。")) from problem


@screen(Permission.SEE_CATALOGUE)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show an item."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    reading = reading_of(code)
    by = _BELOW[level_of(reader.area)]
    rows = tallies(reader, latest_run(reader), by, item=reading.item_id)
    names = names_of(row.code for row in rows)
    context = {
        "item": reading,
        "trail": [Crumb(_("政策清单"), reverse("policy_room:catalogue")), Crumb(reading.name)],
        "stats": _stats(reading, rows, reader),
        "chart": _chart(reading, rows, names) if rows else None,
        "map": _map(reading, rows, reader) if rows and by == "county" else None,
        "people_url": reverse("policy_room:people", args=[code])
        if reader.can(Permission.SEE_PEOPLE)
        else "",
    }
    return render(request, "policy_room/item.html", context)


def _stats(reading: ItemReading, rows: list[TallyRow], reader: Reader) -> list[Stat]:
    url = ""
    if reader.can(Permission.SEE_PEOPLE):
        url = reverse("policy_room:people", args=[reading.code])
    return [
        Stat(_("符合"), sum(row.yes for row in rows), _("人"), f"{url}?status=1" if url else ""),
        Stat(_("其中在享"), sum(row.delivered for row in rows), _("人")),
        Stat(_("未享或未证实"), sum(row.not_delivered for row in rows), _("人")),
        Stat(
            _("可能符合"),
            sum(row.possible for row in rows),
            _("人 · 还差信息"),
            f"{url}?status=2" if url else "",
        ),
    ]


def _chart(reading: ItemReading, rows: list[TallyRow], names: dict[str, str]) -> Chart:
    ranked = sorted(rows, key=lambda row: -row.yes)[:_CHARTED]
    most = ranked[0]
    address = reverse("policy_room:item", args=[reading.code])
    return stacked_chart(
        _("%(place)s符合的人最多，%(count)s 人")
        % {"place": names.get(most.code, most.code), "count": f"{most.yes:,}"},
        _("各地符合%(item)s的人") % {"item": reading.name},
        [names.get(row.code, row.code) for row in ranked],
        [
            Series(_("在享"), tuple(row.delivered for row in ranked)),
            Series(_("未享或未证实"), tuple(row.not_delivered for row in ranked)),
            Series(_("可能符合"), tuple(row.possible for row in ranked)),
        ],
        label_title=_("地点"),
        unit=_("人"),
        urls=[f"{address}?place={row.code}" for row in ranked],
    )


def _map(reading: ItemReading, rows: list[TallyRow], reader: Reader) -> Map | None:
    counted = {row.code: row for row in rows}
    address = reverse("policy_room:item", args=[reading.code])
    areas = []
    for feature in map_shapes(reader)["features"]:
        code, name = feature["properties"]["code"], feature["properties"]["name"]
        row = counted.get(code)
        areas.append(
            Area(
                code=code,
                name=name,
                value=row.not_delivered + row.possible if row else None,
                shape=feature["geometry"],
                url=f"{address}?place={code}",
            )
        )
    if not areas:
        return None
    worst = max(areas, key=lambda area: area.value or 0)
    return shaded_map(
        _("%(place)s还要找的人最多，%(count)s 人")
        % {"place": worst.name, "count": f"{int(worst.value or 0):,}"},
        _("各县市未享、未证实和可能符合%(item)s的人（示意图，不作界线依据）")
        % {"item": reading.name},
        areas,
        value_title=_("还要找的人"),
        unit=_("人"),
    )
