"""The payments of a run, and one payment with its months, attempts and entries."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    ACCOUNT_LABELS,
    ACT_LABELS,
    Account,
    Act,
    LineKind,
    Payment,
    PaymentRun,
    PaymentState,
    attempts_of_payment,
    entries,
    lines_of_payment,
    payments_of_run,
)
from yanglao.flows.explain_payments import benefit_names
from yanglao.web.desks.payments_desk.finding import (
    found_payment,
    found_run,
    reader_of,
    trail_of,
)
from yanglao.web.desks.payments_desk.lists import (
    as_sheet,
    choose_benefit,
    fetch_rows,
    find_person,
    of,
    rows_of,
)
from yanglao.web.desks.payments_desk.words import (
    attempt_status,
    month_title,
    payment_status,
    title_of,
)
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "payments-list"

PAYMENTS = TableSpec(
    key="payments",
    caption=gettext_lazy("发放名单"),
    default_sort="id",
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("payments_desk:payment", args=[line.row.pk]),
    columns=(
        Column("name", gettext_lazy("姓名"), sort="name", fixed=True, note=lambda line: line.place),
        Column("benefit", gettext_lazy("待遇"), sort="benefit", width=20),
        Column("gross", gettext_lazy("应发（元）"), kind="money", value=of("gross_fen")),
        Column("withheld", gettext_lazy("扣回（元）"), kind="money", value=of("withheld_fen")),
        Column("net", gettext_lazy("实发（元）"), kind="money", value=of("net_fen")),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="status",
            value=lambda line: payment_status(line.row.state),
            sort="state",
        ),
        Column(
            "attempts", gettext_lazy("送银行次数"), kind="num", value=of("attempts"), hidden=True
        ),
        Column("place", gettext_lazy("地点"), hidden=True, sort="place_code", width=28),
    ),
)


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """List the payments that match the filters."""
    run = found_run(request, pk)
    reader = reader_of(request)
    bar = _bar(request, run)
    rows = _rows(request, run, bar)
    table = PAYMENTS.bind(
        request,
        fetch_rows(rows, benefit_names(run.region_code), run.region_code),
        total=rows.count() if bar.active else run.figures.get("payments", 0),
        part_id=_PART,
        export_url=reverse("payments_desk:payments-export", args=[pk])
        if reader.can(Permission.EXPORT)
        else "",
        empty={
            "title": _("没有符合条件的款项"),
            "text": _("换一个条件，或先冻结名单。"),
        },
    )
    context = {
        "run": run,
        "heading": _("发放名单"),
        "note": title_of(run),
        "trail": trail_of(run, _("发放名单")),
        "bar": bar,
        "table": table,
        "part_id": _PART,
        "chart": None,
    }
    return render_page_or_part(
        request, "payments_desk/list.html", "payments_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the payments as an Excel sheet."""
    run = found_run(request, pk)
    rows = _rows(request, run, _bar(request, run))
    return as_sheet(
        request,
        PAYMENTS,
        rows,
        region=run.region_code,
        title=_("%(run)s 发放名单") % {"run": title_of(run)},
    )


@screen(Permission.SEE_PAYMENTS)
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one payment: which months, which attempts, how it is booked."""
    found = found_payment(request, pk)
    names = benefit_names(found.run.region_code)
    line = rows_of([found], names, found.run.region_code)[0]
    context = {
        "payment": found,
        "line": line,
        "status": payment_status(found.state),
        "months": [
            (month_title(one.month), LineKind(one.kind).label, one.fen, one.held)
            for one in lines_of_payment(found)
        ],
        "attempts": [(one, attempt_status(one.state)) for one in attempts_of_payment(found)],
        "entries": [
            (
                one,
                ACT_LABELS[Act(one.act)],
                ACCOUNT_LABELS[Account(one.debit)],
                ACCOUNT_LABELS[Account(one.credit)],
            )
            for one in entries(reader_of(request), payment=found.pk).order_by("id")
        ],
        "trail": trail_of(found.run, line.name),
        "month": month_title(found.run.month),
    }
    return render(request, "payments_desk/payment.html", context)


def _rows(request: HttpRequest, run: PaymentRun, bar: FilterBar) -> "QuerySet[Payment]":
    return payments_of_run(
        reader_of(request), run, state=bar["state"], benefit=bar["benefit"], text=bar["q"]
    )


def _bar(request: HttpRequest, run: PaymentRun) -> FilterBar:
    return bind_filters(
        request,
        [
            find_person(),
            Filter("state", _("状态"), choices=[(s.value, s.label) for s in PaymentState]),
            choose_benefit(run),
        ],
        part_id=_PART,
    )
