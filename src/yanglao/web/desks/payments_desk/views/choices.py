"""不重复发放: what was chosen where benefits met, the money not paid, and the clause."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import MonthChoice, PaymentRun, choices_of_run
from yanglao.flows.explain_payments import benefit_names, reason_words
from yanglao.web.desks.payments_desk.finding import found_run, reader_of, trail_of
from yanglao.web.desks.payments_desk.lists import (
    NAME,
    PLACE,
    as_sheet,
    fetch_rows,
    find_person,
    of,
)
from yanglao.web.desks.payments_desk.words import title_of, yuan
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "choices-list"
_CODES = ("excluded", "lower", "difference", "kept", "held_rival", "held_unknown", "held_amount")

CHOICES = TableSpec(
    key="payment-choices",
    caption=gettext_lazy("不重复发放"),
    default_sort="place_code",
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("registry_desk:file", args=[line.row.person_id]),
    columns=(
        NAME,
        Column("benefit", gettext_lazy("待遇"), sort="benefit", note=lambda line: line.month),
        Column("sentence", gettext_lazy("怎么选的、依据哪一条"), wide=True, width=60),
        Column("due", gettext_lazy("单独应发（元）"), kind="money", value=of("due_fen")),
        Column("paid", gettext_lazy("实发（元）"), kind="money", value=of("paid_fen")),
        Column("month", gettext_lazy("月份"), hidden=True),
        PLACE,
    ),
)


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """List the choices that match the filters."""
    run = found_run(request, pk)
    reader = reader_of(request)
    bar = _bar(request)
    rows = _rows(request, run, bar)
    table = CHOICES.bind(
        request,
        fetch_rows(rows, benefit_names(run.region_code), run.region_code),
        total=rows.count(),
        part_id=_PART,
        export_url=reverse("payments_desk:choices-export", args=[pk])
        if reader.can(Permission.EXPORT)
        else "",
        empty={
            "title": _("没有要选的"),
            "text": _("这一批里没有人同时有几项不能并领的待遇。"),
        },
    )
    saved = run.figures.get("saved_fen", 0)
    context = {
        "run": run,
        "heading": _("不重复发放"),
        "note": _("%(run)s · 因不能并领没有发 %(yuan)s")
        % {"run": title_of(run), "yuan": yuan(saved)},
        "trail": trail_of(run, _("不重复发放")),
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
    """Answer with the choices as an Excel sheet."""
    run = found_run(request, pk)
    rows = _rows(request, run, _bar(request))
    return as_sheet(
        request,
        CHOICES,
        rows,
        region=run.region_code,
        title=_("%(run)s 不重复发放") % {"run": title_of(run)},
    )


def _rows(request: HttpRequest, run: PaymentRun, bar: FilterBar) -> "QuerySet[MonthChoice]":
    return choices_of_run(reader_of(request), run, code=bar["code"], text=bar["q"])


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(
        request,
        [
            find_person(),
            Filter("code", _("结果"), choices=[(code, reason_words(code)) for code in _CODES]),
        ],
        part_id=_PART,
    )
