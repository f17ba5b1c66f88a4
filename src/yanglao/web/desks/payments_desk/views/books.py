"""The books: the trial balance, and down to entries and people."""

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
    BalanceRow,
    Entry,
    PaymentRun,
    entries,
    runs,
    trial_balance,
)
from yanglao.flows.explain_payments import benefit_names, benefits_of
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.payments_desk.finding import reader_of, trail_of
from yanglao.web.desks.payments_desk.lists import PLACE, as_sheet, fetch_rows, of
from yanglao.web.desks.payments_desk.words import title_of
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Text
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "entries-list"
#: Runs offered in the filter.
_RUNS = 36


def _account(row: BalanceRow) -> Text:
    return ACCOUNT_LABELS[row.account]


BALANCE = TableSpec(
    key="trial-balance",
    caption=gettext_lazy("试算平衡"),
    default_sort="account",
    row_key=lambda row: int(row.account),
    row_url=lambda row: f"{reverse('payments_desk:entries')}?account={int(row.account)}",
    columns=(
        Column("label", gettext_lazy("科目"), value=_account, fixed=True, sort="account"),
        Column("debit", gettext_lazy("借方（元）"), kind="money", width=18),
        Column("credit", gettext_lazy("贷方（元）"), kind="money", width=18),
        Column("balance", gettext_lazy("余额（元）"), kind="money", width=18),
        Column("entries", gettext_lazy("笔数"), kind="num"),
    ),
)

ENTRIES = TableSpec(
    key="book-entries",
    caption=gettext_lazy("分录"),
    default_sort="-id",
    row_key=lambda line: line.row.pk,
    row_url=lambda line: _source(line.row),
    columns=(
        Column("id", gettext_lazy("编号"), kind="num", value=of("pk"), sort="id"),
        Column("on", gettext_lazy("日期"), kind="date", value=of("booked_on"), sort="booked_on"),
        Column("act", gettext_lazy("业务"), value=lambda line: ACT_LABELS[Act(line.row.act)]),
        Column(
            "debit", gettext_lazy("借"), value=lambda line: ACCOUNT_LABELS[Account(line.row.debit)]
        ),
        Column(
            "credit",
            gettext_lazy("贷"),
            value=lambda line: ACCOUNT_LABELS[Account(line.row.credit)],
        ),
        Column("fen", gettext_lazy("金额（元）"), kind="money", value=of("fen"), sort="fen"),
        Column("name", gettext_lazy("姓名"), note=lambda line: line.place, fixed=True),
        Column("benefit", gettext_lazy("待遇"), width=20),
        Column("run", gettext_lazy("批次"), value=lambda line: line.row.run.number, width=22),
        PLACE,
    ),
)


def _source(entry: Entry) -> str:
    """Return the payment or claim that an entry is about."""
    if entry.payment_ref:
        return reverse("payments_desk:payment", args=[entry.payment_ref])
    return reverse("payments_desk:claim", args=[entry.claim_ref])


@screen(Permission.SEE_PAYMENTS)
def balance(request: HttpRequest) -> HttpResponse:
    """Show every account with what was booked on it, and that both sides are equal."""
    reader = reader_of(request)
    bar = _balance_bar(request, reader)
    run = _run(reader, bar)
    rows = trial_balance(reader, run=run, benefit=bar["benefit"])
    debit, credit = sum(row.debit for row in rows), sum(row.credit for row in rows)
    context = {
        "bar": bar,
        "table": BALANCE.bind(request, rows, total=len(rows), part_id="balance"),
        "debit": debit,
        "credit": credit,
        "balanced": debit == credit,
        "booked": any(row.entries for row in rows),
        "trail": trail_of(None, _("账簿")),
    }
    return render(request, "payments_desk/balance.html", context)


@screen(Permission.SEE_PAYMENTS)
def entries_page(request: HttpRequest) -> HttpResponse:
    """List entries that match the filters."""
    reader = reader_of(request)
    bar = _entries_bar(request, reader)
    rows = _rows(reader, bar)
    table = ENTRIES.bind(
        request,
        fetch_rows(rows, benefit_names(reader.area), reader.area),
        part_id=_PART,
        export_url=reverse("payments_desk:entries-export") if reader.can(Permission.EXPORT) else "",
        empty={"title": _("没有分录"), "text": _("批次审批以后开始记账。")},
    )
    context = {
        "bar": bar,
        "table": table,
        "part_id": _PART,
        "heading": _("分录"),
        "note": _("只增不改。点一行看是谁的哪一笔。"),
        "trail": [*trail_of(None), *trail_of(None, _("分录"))[1:]],
        "chart": None,
    }
    return render_page_or_part(
        request, "payments_desk/list.html", "payments_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the entries as an Excel sheet."""
    reader = reader_of(request)
    rows = _rows(reader, _entries_bar(request, reader))
    return as_sheet(
        request,
        ENTRIES,
        rows,
        region=reader.area,
        title=_("分录"),
    )


def _rows(reader: Reader, bar: FilterBar) -> "QuerySet[Entry]":
    return entries(
        reader,
        account=int(bar["account"]) if bar["account"] else None,
        act=int(bar["act"]) if bar["act"] else None,
        run=int(bar["run"]) if bar["run"] else None,
    )


def _run(reader: Reader, bar: FilterBar) -> PaymentRun | None:
    return runs(reader).filter(pk=int(bar["run"])).first() if bar["run"] else None


def _run_filter(reader: Reader) -> Filter:
    found = [(str(run.pk), f"{title_of(run)} {run.number}") for run in runs(reader)[:_RUNS]]
    return Filter("run", _("批次"), choices=found)


def _balance_bar(request: HttpRequest, reader: Reader) -> FilterBar:
    offered = list(benefits_of(reader.area).items())
    return bind_filters(
        request,
        [_run_filter(reader), Filter("benefit", _("待遇"), choices=offered)],
        part_id="balance",
    )


def _entries_bar(request: HttpRequest, reader: Reader) -> FilterBar:
    accounts = [(str(int(one)), ACCOUNT_LABELS[one]) for one in Account]
    acts = [(str(int(one)), ACT_LABELS[one]) for one in Act]
    return bind_filters(
        request,
        [
            Filter("account", _("科目"), choices=accounts),
            Filter("act", _("业务"), choices=acts),
            _run_filter(reader),
        ],
        part_id=_PART,
    )
