"""各地办到哪一步: how far the leads of each place are."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import items
from yanglao.domain.leads.public import ProgressRow, progress_by_place
from yanglao.domain.places.public import names_of
from yanglao.flows.publish_counts import NOTE, published_progress
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import level_of
from yanglao.web.kit.charts import Chart, Series, stacked_chart
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Bar, Crumb
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

By = Literal["county", "town", "village"]

#: Level of the reader's area -> level of the rows.
_BELOW: dict[str, By] = {
    "province": "county",
    "prefecture": "county",
    "county": "town",
    "town": "village",
    "village": "village",
}
#: Under this share of delivered leads the bar stands out.
_BEHIND = 0.5
_CHARTED = 24


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Leads of one place in numbers."""

    code: str
    name: str
    open: int
    delivered: int
    declined: int
    total: int
    url: str

    @property
    def share(self) -> float:
        """Share of all leads that were delivered."""
        return self.delivered / self.total if self.total else 0.0

    @property
    def bar(self) -> Bar:
        """The share as a bar."""
        return Bar(self.delivered, self.total, "primary" if self.share >= _BEHIND else "accent")


PROGRESS = TableSpec(
    key="leads-progress",
    caption=gettext_lazy("各地线索办理进度"),
    default_sort="code",
    page_size=400,
    row_url=lambda line: line.url,
    columns=(
        Column("name", gettext_lazy("地点"), sort="code", width=24),
        Column("total", gettext_lazy("线索"), kind="num", sort="total"),
        Column("open", gettext_lazy("没办完"), kind="num", sort="open"),
        Column("delivered", gettext_lazy("已送达"), kind="num", sort="delivered"),
        Column("declined", gettext_lazy("谢绝"), kind="num", sort="declined"),
        Column("bar", gettext_lazy("送达比例"), kind="bar", sort="share", width=12),
    ),
)


PUBLISHED = TableSpec(
    key="leads-published",
    caption=gettext_lazy("各地线索办理进度（公布）"),
    columns=(
        Column("place", gettext_lazy("地点"), width=24),
        Column("total", gettext_lazy("线索"), kind="num"),
        Column("open", gettext_lazy("没办完"), kind="num", value=lambda row: row.parts[0]),
        Column("delivered", gettext_lazy("已送达"), kind="num", value=lambda row: row.parts[1]),
        Column("declined", gettext_lazy("谢绝"), kind="num", value=lambda row: row.parts[2]),
    ),
)


@screen(Permission.SEE_LEADS)
def progress(request: HttpRequest) -> HttpResponse:
    """Show the places of the area with their numbers; a place opens its own."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = _bar(request)
    lines = _lines(reader, bar)
    context = {
        "bar": bar,
        "trail": [Crumb(_("服务找人"), reverse("leads_desk:board")), Crumb(_("办到哪一步"))],
        "public_url": _public_url(request) if reader.can(Permission.EXPORT) else "",
        "chart": _chart(lines) if 1 < len(lines) <= _CHARTED else None,
        "table": PROGRESS.bind(
            request,
            lines,
            export_url=reverse("leads_desk:progress-export")
            if reader.can(Permission.EXPORT)
            else "",
            empty={
                "title": _("这里还没有线索"),
                "text": _("比对发现该享未享的人以后，这里会显示各地送达了多少。"),
            },
        ),
    }
    return render(request, "leads_desk/progress.html", context)


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the numbers as an Excel sheet."""
    lines = _lines(request.reader, _bar(request))  # type: ignore[attr-defined]
    return excel_response(request, PROGRESS, lines, title=_("各地线索办理进度"))


@screen(Permission.EXPORT)
def publish(request: HttpRequest) -> HttpResponseBase:
    """Answer with the numbers as they may leave the office: small ones hidden."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = _bar(request)
    by = _BELOW[level_of(reader.area)]
    rows = progress_by_place(reader, by, item=int(bar["item"]) if bar["item"] else None)
    names = names_of(row.code for row in rows)
    told = published_progress(rows, [names.get(row.code, row.code) for row in rows])
    return excel_response(request, PUBLISHED, told, title=_("各地线索办理进度（公布）"), note=NOTE)


def _public_url(request: HttpRequest) -> str:
    query = query_without(request, "page", "sort")
    return f"{reverse('leads_desk:progress-public')}?{query}".rstrip("?&")


def _bar(request: HttpRequest) -> FilterBar:
    offered = [(str(item.pk), item.name) for item in items()]
    return bind_filters(request, [Filter("item", _("项目"), choices=offered)])


def _lines(reader: Reader, bar: FilterBar) -> list[PlaceLine]:
    by = _BELOW[level_of(reader.area)]
    rows = progress_by_place(reader, by, item=int(bar["item"]) if bar["item"] else None)
    names = names_of(row.code for row in rows)
    return [_line(reader, row, names.get(row.code, row.code), leaf=by == "village") for row in rows]


def _line(reader: Reader, row: ProgressRow, name: str, *, leaf: bool) -> PlaceLine:
    """Return one place; what is known of no place below stands under a name of its own."""
    unplaced = row.code == reader.area and not leaf
    target = reverse("leads_desk:board" if leaf or unplaced else "leads_desk:progress")
    return PlaceLine(
        code=row.code,
        name=str(_("%(place)s（下级地点不详）") % {"place": name}) if unplaced else name,
        open=row.open,
        delivered=row.delivered,
        declined=row.declined,
        total=row.total,
        url=f"{target}?place={row.code}",
    )


def _chart(lines: list[PlaceLine]) -> Chart:
    ranked = sorted(lines, key=lambda line: -line.open)
    most = ranked[0]
    return stacked_chart(
        _("%(place)s还有 %(open)d 条没办完，最多") % {"place": most.name, "open": most.open},
        _("各地线索办到哪一步"),
        [line.name for line in ranked],
        [
            Series(_("已送达"), tuple(line.delivered for line in ranked)),
            Series(_("没办完"), tuple(line.open for line in ranked)),
            Series(_("谢绝"), tuple(line.declined for line in ranked)),
        ],
        label_title=_("地点"),
        unit=_("条"),
        urls=[line.url for line in ranked],
    )
