"""基金收支: the book, entries by the bank's slips, contributions due and received."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    EntryKind,
    FundEntry,
    WrongStep,
    balance,
    enter_money,
    fund_entries,
    money_by_month,
)
from yanglao.flows.enrol_ltci import contribution_lines
from yanglao.flows.read_ltci_terms import doubtful
from yanglao.foundation import clock
from yanglao.kernel.money import format_yuan
from yanglao.web.desks.insurance_desk.forms import MoneyForm
from yanglao.web.desks.insurance_desk.views.providers import places_of
from yanglao.web.desks.insurance_desk.words import money_stat, page, reader_of
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Action, Bar
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "fund-list"


def _what(row: FundEntry) -> str:
    if row.statement is not None:
        return f"{row.statement.provider.name} {row.statement.month:%Y-%m}"
    parts = [
        row.get_insured_as_display() if row.insured_as else "",
        row.get_source_display() if row.source else "",
    ]
    return " · ".join(part for part in parts if part)


BOOK = TableSpec(
    key="ltci-fund",
    caption=gettext_lazy("基金收支"),
    default_sort="-on",
    page_size=50,
    columns=(
        Column("on", gettext_lazy("日期"), kind="date", sort="on", fixed=True),
        Column("kind", gettext_lazy("收支"), value=lambda row: row.get_kind_display(), sort="kind"),
        Column("what", gettext_lazy("说明"), value=_what, wide=True, width=40),
        Column("fen", gettext_lazy("金额（元，支出为负）"), kind="money", sort="fen"),
        Column("voucher", gettext_lazy("凭证号")),
        Column("made_by", gettext_lazy("记账人"), hidden=True),
    ),
)


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(
        request, [Filter("kind", _("收支"), choices=EntryKind.choices)], part_id=_PART
    )


@screen(Permission.SEE_INSURANCE)
def book(request: HttpRequest) -> HttpResponse:
    """Show the book with its balance."""
    reader, today, bar = reader_of(request), clock.today(), _bar(request)
    rows = fund_entries(reader, kind=bar["kind"] or None)
    months = money_by_month(reader, today.replace(month=1, day=1), today)
    may = reader.can(Permission.MANAGE_INSURANCE)
    buttons = [Action(_("应收和实收"), url=reverse("insurance_desk:contributions"), icon="scale")]
    if may:
        buttons.append(
            Action(_("记一笔"), url=reverse("insurance_desk:fund-new"), tone="primary", icon="plus")
        )
    context = page(
        "fund",
        _("基金收支"),
        note=_("待遇支出由批准的结算单自动记；其他凭银行凭证记。记错了冲正，不能改。"),
        buttons=buttons,
        stats=[
            money_stat(_("结余"), balance(reader, today)),
            money_stat(_("今年收入"), sum(came for _m, came, _w in months)),
            money_stat(_("今年支出"), sum(went for _m, _c, went in months)),
        ],
        bar=bar,
        part_id=_PART,
        table=BOOK.bind(
            request,
            rows,
            total=rows.count(),
            export_url=reverse("insurance_desk:fund-export"),
            part_id=_PART,
            empty={
                "title": _("还没有收支"),
                "text": _("先记上年结转，再记今年的筹资收入。"),
                "action_url": reverse("insurance_desk:fund-new") if may else "",
                "action_text": _("记一笔"),
                "icon": "landmark",
            },
        ),
        recent=_reversible(rows) if may else [],
    )
    return render_page_or_part(
        request, "insurance_desk/fund.html", "insurance_desk/parts/list.html", context
    )


@dataclass(frozen=True, slots=True)
class Reversible:
    """An entry that was made by hand and may be taken back."""

    row: FundEntry
    words: str


def _reversible(rows: Any) -> list[Reversible]:
    found = rows.filter(statement=None, reversed_by=None).exclude(kind=EntryKind.CORRECTION)
    return [
        Reversible(row, f"{row.on} {row.get_kind_display()} {_what(row)} {format_yuan(row.fen)} 元")
        for row in found.order_by("-made_at", "-id")[:5]
    ]


@screen(Permission.SEE_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the book as a sheet."""
    rows = fund_entries(reader_of(request), kind=_bar(request)["kind"] or None)
    return excel_response(request, BOOK, rows, title=_("长护险基金收支"))


@screen(Permission.MANAGE_INSURANCE, writes=True)
def enter(request: HttpRequest) -> HttpResponse:
    """Enter money by the bank's slip."""
    reader = reader_of(request)
    form = MoneyForm(
        request.POST if request.method == "POST" else None,
        places=places_of(reader),
        initial={"place": reader.area, "on": clock.today()},
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            enter_money(
                place_code=data["place"],
                on=data["on"],
                kind=data["kind"],
                fen=data["amount"],
                acting=reader,
                insured_as=data["insured_as"],
                source=data["source"],
                voucher=data["voucher"],
            )
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已记账。"))
            return redirect("insurance_desk:fund")
    context = page(
        "fund",
        _("记一笔基金收支"),
        last=_("记一笔"),
        form=form,
        submit=_("记账"),
        back=reverse("insurance_desk:fund"),
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


CONTRIBUTIONS = TableSpec(
    key="ltci-contributions",
    caption=gettext_lazy("筹资应收和实收"),
    columns=(
        Column("group", gettext_lazy("参保类别"), fixed=True),
        Column("source", gettext_lazy("资金来源")),
        Column("people", gettext_lazy("参保人数"), kind="num"),
        Column(
            "rate", gettext_lazy("每人每年（元）"), kind="money", value=lambda row: row.rate_fen
        ),
        Column("due", gettext_lazy("应收（元）"), kind="money", value=lambda row: row.due_fen),
        Column(
            "received", gettext_lazy("实收（元）"), kind="money", value=lambda row: row.received_fen
        ),
        Column(
            "bar",
            gettext_lazy("到账"),
            kind="bar",
            value=lambda row: Bar(row.received_fen, row.due_fen or 0),
            excel=lambda row: row.received_fen / 100,
        ),
    ),
)


@screen(Permission.SEE_INSURANCE)
def contributions(request: HttpRequest) -> HttpResponse:
    """Show contributions due by the rates and what came in, by group and source."""
    reader, today = reader_of(request), clock.today()
    rows = contribution_lines(reader, today.year)
    doubts = doubtful(today, ("contribution",))
    context = page(
        "fund",
        _("%(year)d 年筹资：应收和实收") % {"year": today.year},
        last=_("应收和实收"),
        note=_("应收 = 名册上的参保人数 × 筹资标准。名册只有满 60 周岁的人。"),
        buttons=[],
        stats=[
            money_stat(_("应收"), sum(row.due_fen or 0 for row in rows)),
            money_stat(_("实收"), sum(row.received_fen for row in rows)),
        ],
        part_id="contributions-list",
        table=CONTRIBUTIONS.bind(
            request, rows, empty={"title": _("没有公布筹资标准"), "icon": "scale"}
        ),
        foot=_("没有核实的参数：%(names)s") % {"names": "、".join(doubts)} if doubts else "",
    )
    return render(request, "insurance_desk/list.html", context)
