"""发放月报: what a run pays by place and benefit, to print and as an Excel sheet."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import names_of
from yanglao.domain.settlement.public import PaymentRun, county_report
from yanglao.flows.explain_payments import benefit_names
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import level_of
from yanglao.web.desks.payments_desk.finding import found_run, reader_of, trail_of
from yanglao.web.desks.payments_desk.words import title_of
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

_DIGITS = {"county": 6, "town": 9}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A place and benefit in numbers; money in fen."""

    place: str
    benefit: str
    people: int
    fen: int
    withheld: int
    held: int
    held_fen: int
    paid: int
    paid_fen: int


REPORT = TableSpec(
    key="payment-report",
    caption=gettext_lazy("发放月报"),
    default_sort="place",
    page_size=2000,
    columns=(
        Column("place", gettext_lazy("地点"), fixed=True, width=24),
        Column("benefit", gettext_lazy("待遇"), width=22),
        Column("people", gettext_lazy("人数"), kind="num"),
        Column("fen", gettext_lazy("实发（元）"), kind="money", width=16),
        Column("withheld", gettext_lazy("扣回（元）"), kind="money"),
        Column("held", gettext_lazy("暂缓人数"), kind="num"),
        Column("held_fen", gettext_lazy("暂缓（元）"), kind="money"),
        Column("paid", gettext_lazy("已到账人数"), kind="num"),
        Column("paid_fen", gettext_lazy("已到账（元）"), kind="money", width=16),
    ),
)


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the report; it prints as it stands."""
    run = found_run(request, pk)
    reader = reader_of(request)
    bar = _bar(request, reader)
    lines = _lines(reader, run, bar["by"] or _usual(reader))
    context = {
        "run": run,
        "heading": _("发放月报"),
        "note": _("%(run)s · 批次 %(number)s") % {"run": title_of(run), "number": run.number},
        "bar": bar,
        "table": REPORT.bind(
            request,
            lines,
            total=len(lines),
            part_id="report-list",
            export_url=reverse("payments_desk:report-export", args=[pk])
            if reader.can(Permission.EXPORT)
            else "",
            empty={"title": _("还没有名单"), "text": _("冻结以后才有月报。")},
        ),
        "people": sum(line.people for line in lines),
        "fen": sum(line.fen for line in lines),
        "held_fen": sum(line.held_fen for line in lines),
        "trail": trail_of(run, _("发放月报")),
    }
    return render(request, "payments_desk/report.html", context)


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the report as an Excel sheet."""
    run = found_run(request, pk)
    reader = reader_of(request)
    lines = _lines(reader, run, _bar(request, reader)["by"] or _usual(reader))
    return excel_response(
        request, REPORT, lines, title=_("%(run)s 发放月报") % {"run": title_of(run)}
    )


def _usual(reader: Reader) -> str:
    return "county" if level_of(reader.area) in ("province", "prefecture") else "town"


def _bar(request: HttpRequest, reader: Reader) -> FilterBar:
    levels = {"county": _("县市"), "town": _("乡镇（街道）")}
    usual = levels.pop(_usual(reader))
    by = Filter("by", _("汇总到"), choices=list(levels.items()), unset=usual)
    return bind_filters(request, [by], part_id="report-list")


def _lines(reader: Reader, run: PaymentRun, by: str) -> list[ReportLine]:
    rows = county_report(reader, run, _DIGITS[by])
    names = names_of({row["place"] for row in rows})
    benefits = benefit_names(run.region_code)
    return [
        ReportLine(
            **{
                **row,
                "place": names.get(row["place"], row["place"]),
                "benefit": benefits.get(row["benefit"], row["benefit"]),
            }
        )
        for row in rows
    ]
