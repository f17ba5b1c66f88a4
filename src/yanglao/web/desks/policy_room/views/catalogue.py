"""政策清单: the items in force, who may have them, how many do."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import TallyRow, latest_run, tallies
from yanglao.flows.publish_counts import NOTE, published_items
from yanglao.flows.read_catalogue import (
    CatalogueReading,
    ItemReading,
    NothingInForce,
    read_catalogue,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.parts import Bar
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """An item with its counts in the reader's area."""

    item: ItemReading
    yes: int
    possible: int
    delivered: int

    @property
    def title(self) -> str:
        """Number and name."""
        return f"{self.item.code} {self.item.name}"

    @property
    def url(self) -> str:
        """The item's page."""
        return reverse("policy_room:item", args=[self.item.code])

    @property
    def bar(self) -> Bar:
        """How many of those entitled have it."""
        return Bar(self.delivered, self.yes)


CATALOGUE = TableSpec(
    key="catalogue",
    caption=gettext_lazy("基本养老服务清单"),
    columns=(
        Column(
            "title",
            gettext_lazy("项目"),
            sort="item.code",
            fixed=True,
            width=26,
            note=lambda line: line.item.object,
        ),
        Column(
            "sentence",
            gettext_lazy("谁能享受"),
            value=lambda line: line.item.who,
            note=lambda line: line.item.clause,
            wide=True,
            width=60,
        ),
        Column("yes", gettext_lazy("符合"), kind="num", sort="yes"),
        Column("possible", gettext_lazy("可能符合"), kind="num", sort="possible"),
        Column("bar", gettext_lazy("在享"), kind="bar", excel=lambda line: line.delivered),
        Column("kind", gettext_lazy("类型"), value=lambda line: line.item.kind, hidden=True),
        Column("lead", gettext_lazy("牵头部门"), value=lambda line: line.item.lead, hidden=True),
        Column("mode", gettext_lazy("办理方式"), value=lambda line: line.item.mode, hidden=True),
        Column(
            "funder", gettext_lazy("支出责任"), value=lambda line: line.item.funder, hidden=True
        ),
    ),
    default_sort="item.code",
    page_size=100,
    row_url=lambda line: line.url,
)


PUBLISHED = TableSpec(
    key="catalogue-published",
    caption=gettext_lazy("清单享受人数（公布）"),
    columns=(
        Column("subject", gettext_lazy("项目"), width=30),
        Column("place", gettext_lazy("地点"), width=24),
        Column("total", gettext_lazy("符合"), kind="num"),
        Column("delivered", gettext_lazy("在享"), kind="num", value=lambda row: row.parts[0]),
        Column("open", gettext_lazy("未享或未证实"), kind="num", value=lambda row: row.parts[1]),
    ),
)


@screen(Permission.SEE_CATALOGUE)
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the items in force today."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        reading = read_catalogue(clock.today())
    except NothingInForce as problem:
        return render(request, "policy_room/nothing.html", {"why": str(problem)})
    lines = _lines(reader, reading)
    context = {
        "reading": reading,
        "counted": latest_run(reader) is not None,
        "may_publish": reader.can(Permission.EXPORT),
        "table": CATALOGUE.bind(
            request,
            lines,
            total=len(lines),
            export_url=reverse("policy_room:catalogue-export"),
        ),
    }
    return render(request, "policy_room/catalogue.html", context)


@screen(Permission.SEE_CATALOGUE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the catalogue as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        reading = read_catalogue(clock.today())
    except NothingInForce as problem:
        raise Http404(str(problem)) from problem
    note = _("版本 %(hash)s，%(day)s 起生效") % {
        "hash": reading.version.hash[:12],
        "day": reading.version.in_force_from,
    }
    return excel_response(
        request, CATALOGUE, _lines(reader, reading), title=reading.version.title, note=note
    )


@screen(Permission.EXPORT)
def publish(request: HttpRequest) -> HttpResponseBase:
    """Answer with people per item and county as they may leave the office: small ones hidden."""
    told = published_items(request.reader)  # type: ignore[attr-defined]
    return excel_response(request, PUBLISHED, told, title=_("清单享受人数（公布）"), note=NOTE)


def _lines(reader: Reader, reading: CatalogueReading) -> list[CatalogueLine]:
    counted = {row.item_id: row for row in tallies(reader, latest_run(reader), "item")}
    return [_line(item, counted.get(item.item_id)) for item in reading.items]


def _line(item: ItemReading, row: TallyRow | None) -> CatalogueLine:
    if row is None:
        return CatalogueLine(item, 0, 0, 0)
    return CatalogueLine(item, row.yes, row.possible, row.delivered)
