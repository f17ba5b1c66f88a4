"""追缴: what was overpaid and is to come back."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    Claim,
    ClaimState,
    claim_sums,
    claims,
    write_offs_waiting,
)
from yanglao.flows.explain_payments import benefit_names, benefits_of, reason_words
from yanglao.foundation.scoping import Reader
from yanglao.kernel.money import format_yuan
from yanglao.web.desks.payments_desk.finding import reader_of, trail_of
from yanglao.web.desks.payments_desk.lists import (
    NAME,
    PLACE,
    RunRow,
    as_sheet,
    fetch_rows,
    find_person,
    of,
)
from yanglao.web.desks.payments_desk.words import claim_status, month_title
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Bar, Stat
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "claims-list"


def _bar_of(line: RunRow) -> Bar:
    claim: Claim = line.row
    return Bar(claim.fen - claim.left_fen, claim.fen)


def months_of(claim: Claim) -> str:
    """Return the months that were overpaid."""
    if claim.first_month == claim.last_month:
        return month_title(claim.first_month)
    return _("%(first)s至%(last)s") % {
        "first": month_title(claim.first_month),
        "last": month_title(claim.last_month),
    }


CLAIMS = TableSpec(
    key="payment-claims",
    caption=gettext_lazy("追缴"),
    default_sort="-id",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("payments_desk:claim", args=[line.row.pk]),
    columns=(
        NAME,
        Column(
            "benefit",
            gettext_lazy("待遇"),
            sort="benefit",
            note=lambda line: months_of(line.row),
            width=22,
        ),
        Column(
            "cause", gettext_lazy("为什么多发"), value=lambda line: reason_words(line.row.cause)
        ),
        Column("fen", gettext_lazy("多发（元）"), kind="money", value=of("fen"), sort="fen"),
        Column("left", gettext_lazy("还欠（元）"), kind="money", value=of("left_fen")),
        Column("done", gettext_lazy("已追回"), kind="bar", value=_bar_of, width=12),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="status",
            value=lambda line: claim_status(line.row.state),
            sort="state",
        ),
        Column("opened", gettext_lazy("立项日期"), kind="date", value=of("opened_on"), hidden=True),
        PLACE,
    ),
)


@screen(Permission.SEE_PAYMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """List the claims of the area."""
    reader = reader_of(request)
    bar = _filters(request, reader)
    rows = _rows(reader, bar)
    table = CLAIMS.bind(
        request,
        fetch_rows(rows, benefit_names(reader.area), reader.area),
        total=rows.count(),
        part_id=_PART,
        export_url=reverse("payments_desk:claims-export") if reader.can(Permission.EXPORT) else "",
        empty={
            "title": _("没有追缴"),
            "text": _("去世、迁出等情况晚报来，已经多发的钱会随发放批次列在这里。"),
            "icon": "circle-check",
        },
    )
    context = {
        "bar": bar,
        "table": table,
        "part_id": _PART,
        "stats": _stats(reader),
        "waiting": list(write_offs_waiting(reader)[:20]),
        "trail": trail_of(None, _("追缴")),
    }
    return render_page_or_part(
        request, "payments_desk/claims.html", "payments_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the claims as an Excel sheet."""
    reader = reader_of(request)
    rows = _rows(reader, _filters(request, reader))
    return as_sheet(
        request,
        CLAIMS,
        rows,
        region=reader.area,
        title=_("追缴"),
    )


def _rows(reader: Reader, bar: FilterBar) -> "QuerySet[Claim]":
    # Unset means what is left: that is what an officer has to do with.
    state = "" if bar["state"] == "any" else bar["state"] or "left"
    return claims(reader, state=state, benefit=bar["benefit"], text=bar["q"])


def _filters(request: HttpRequest, reader: Reader) -> FilterBar:
    states = [(s.value, s.label) for s in ClaimState if s != ClaimState.PROPOSED]
    return bind_filters(
        request,
        [
            find_person(),
            Filter("state", _("状态"), choices=[*states, ("any", _("全部"))], unset=_("没结清的")),
            Filter("benefit", _("待遇"), choices=list(benefits_of(reader.area).items())),
        ],
        part_id=_PART,
    )


def _stats(reader: Reader) -> list[Stat]:
    told = claim_sums(reader)
    left = told["fen"] - told["withheld"] - told["repaid"] - told["written_off"]
    return [
        Stat(
            _("还欠"),
            format_yuan(left),
            unit=_("元"),
            note=_("共 %(n)d 笔") % {"n": told["number"]},
        ),
        Stat(_("从待遇中扣回"), format_yuan(told["withheld"]), unit=_("元")),
        Stat(_("本人退回"), format_yuan(told["repaid"]), unit=_("元")),
        Stat(_("核销"), format_yuan(told["written_off"]), unit=_("元")),
    ]
