"""Who gets something else than last month, by name and reason."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import Difference, PaymentRun, differences_of_run
from yanglao.flows.explain_payments import DIFFERENCE_WORDS, benefit_names, reason_words
from yanglao.web.desks.payments_desk.charts import reasons_chart
from yanglao.web.desks.payments_desk.finding import found_run, reader_of, trail_of
from yanglao.web.desks.payments_desk.lists import (
    NAME,
    PLACE,
    as_sheet,
    choose_benefit,
    fetch_rows,
    find_person,
    of,
)
from yanglao.web.desks.payments_desk.words import difference_status, title_of
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "differences-list"

DIFFERENCES = TableSpec(
    key="payment-differences",
    caption=gettext_lazy("与上月的差异"),
    default_sort="place_code",
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("registry_desk:file", args=[line.row.person_id]),
    columns=(
        NAME,
        Column("benefit", gettext_lazy("待遇"), sort="benefit", width=20),
        Column(
            "difference",
            gettext_lazy("变化"),
            kind="status",
            value=lambda line: difference_status(line.row.difference),
            sort="difference",
        ),
        Column("reason", gettext_lazy("原因"), sort="code", wide=True, width=24),
        Column("before", gettext_lazy("上月（元）"), kind="money", value=of("before_fen")),
        Column(
            "now", gettext_lazy("本月（元）"), kind="money", value=of("now_fen"), sort="now_fen"
        ),
        Column(
            "delta",
            gettext_lazy("增减（元）"),
            kind="money",
            value=lambda line: line.row.now_fen - line.row.before_fen,
        ),
        PLACE,
    ),
)


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """List the differences that match the filters."""
    run = found_run(request, pk)
    reader = reader_of(request)
    bar = _bar(request, run)
    rows = _rows(request, run, bar)
    table = DIFFERENCES.bind(
        request,
        fetch_rows(rows, benefit_names(run.region_code), run.region_code),
        total=rows.count(),
        part_id=_PART,
        export_url=reverse("payments_desk:differences-export", args=[pk])
        if reader.can(Permission.EXPORT)
        else "",
        empty={
            "title": _("没有差异"),
            "text": _("每个人本月与上月一样；第一个月没有可比的，全部算新增。"),
        },
    )
    context = {
        "run": run,
        "heading": _("与上月的差异"),
        "note": title_of(run),
        "trail": trail_of(run, _("与上月的差异")),
        "bar": bar,
        "table": table,
        "part_id": _PART,
        "chart": reasons_chart(run),
    }
    return render_page_or_part(
        request, "payments_desk/list.html", "payments_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the differences as an Excel sheet."""
    run = found_run(request, pk)
    rows = _rows(request, run, _bar(request, run))
    return as_sheet(
        request,
        DIFFERENCES,
        rows,
        region=run.region_code,
        title=_("%(run)s 与上月的差异") % {"run": title_of(run)},
    )


def _rows(request: HttpRequest, run: PaymentRun, bar: FilterBar) -> "QuerySet[Difference]":
    return differences_of_run(
        reader_of(request),
        run,
        difference=bar["difference"],
        code=bar["code"],
        benefit=bar["benefit"],
        text=bar["q"],
    )


def _bar(request: HttpRequest, run: PaymentRun) -> FilterBar:
    told: list[list[Any]] = run.figures.get("differences", [])
    codes = sorted({row[1] for row in told if row[0] != "same"})
    kinds = [(k, v) for k, v in DIFFERENCE_WORDS.items() if k != "same"]
    reasons = [
        *((code, reason_words(code)) for code in codes),
        ("left_area", reason_words("left_area")),
    ]
    return bind_filters(
        request,
        [
            find_person(),
            Filter("difference", _("变化"), choices=kinds),
            Filter("code", _("原因"), choices=list(dict(reasons).items())),
            choose_benefit(run),
        ],
        part_id=_PART,
    )
