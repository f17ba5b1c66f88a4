"""All payment runs of the area, and a new one."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import names_of
from yanglao.domain.settlement.public import (
    PaymentRun,
    Refused,
    RunState,
    claim_sums,
    files_in_doubt,
    run_states,
    runs,
    write_offs_waiting,
)
from yanglao.flows.explain_payments import (
    benefit_names,
    benefits_of,
    named,
    unverified_rules,
)
from yanglao.flows.pay_month import NoPaymentRules, begin_run
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.money import format_yuan
from yanglao.web.desks.payments_desk.finding import reader_of, trail_of
from yanglao.web.desks.payments_desk.forms import NewRunForm, first_of_month
from yanglao.web.desks.payments_desk.words import month_title, run_status
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Stat, Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, Fetch, TableSpec, ordered

_PART = "runs-list"


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as a row."""

    run: PaymentRun
    place: str
    names: dict[str, str]

    @property
    def month(self) -> str:
        """The month that is paid."""
        return month_title(self.run.month)

    @property
    def benefits(self) -> str:
        """What is paid."""
        return named(self.run.codes, self.names)

    @property
    def state(self) -> Status:
        """Where it stands."""
        return run_status(self.run.state)

    @property
    def people(self) -> int | None:
        """How many people."""
        return self.run.figures.get("people")

    @property
    def fen(self) -> int | None:
        """Money that goes out: all lines less what is kept back and what waits."""
        return self.run.out_fen if self.run.figures else None


RUNS = TableSpec(
    key="payment-runs",
    caption=gettext_lazy("发放批次"),
    default_sort="-month",
    page_size=25,
    row_key=lambda line: line.run.pk,
    row_url=lambda line: reverse("payments_desk:run", args=[line.run.pk]),
    row_label=lambda line: f"{line.month} {line.benefits}",
    columns=(
        Column(
            "month",
            gettext_lazy("月份"),
            sort="month",
            fixed=True,
            note=lambda line: line.place,
            width=14,
        ),
        Column("benefits", gettext_lazy("待遇"), wide=True, width=36),
        Column("state", gettext_lazy("办到哪一步"), kind="status", sort="state", width=18),
        Column("people", gettext_lazy("人数"), kind="num"),
        Column("fen", gettext_lazy("金额（元）"), kind="money", width=16),
        Column("number", gettext_lazy("批次号"), value=lambda line: line.run.number, hidden=True),
        Column("place", gettext_lazy("地区"), hidden=True),
        Column("made_by", gettext_lazy("经办人"), value=lambda line: line.run.made_by),
        Column(
            "approved_by", gettext_lazy("审批人"), value=lambda line: line.run.approved_by or None
        ),
    ),
)


@screen(Permission.SEE_PAYMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """List the runs of the area, the latest month first."""
    reader = reader_of(request)
    bar = _bar(request, reader)
    rows = runs(reader, state=bar["state"], benefit=bar["benefit"])
    table = RUNS.bind(
        request,
        _fetch(reader, bar),
        total=rows.count(),
        part_id=_PART,
        export_url=reverse("payments_desk:runs-export") if reader.can(Permission.EXPORT) else "",
        empty={
            "title": _("还没有发放批次"),
            "text": _("待遇审批以后，在这里新建一个月的发放批次：冻结名单、核查、审批、送银行。"),
        },
    )
    context = {
        "bar": bar,
        "table": table,
        "part_id": _PART,
        "stats": _stats(reader),
        "can_prepare": reader.can(Permission.PREPARE_PAYMENTS),
        "in_doubt": list(files_in_doubt(reader)[:20]),
        "unverified": unverified_rules(reader.area),
    }
    return render_page_or_part(
        request, "payments_desk/runs.html", "payments_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the runs as an Excel sheet."""
    reader = reader_of(request)
    bar = _bar(request, reader)
    rows = ordered(runs(reader, state=bar["state"], benefit=bar["benefit"]), RUNS.order_of(request))
    return excel_response(request, RUNS, _lines(reader, list(rows)), title=_("发放批次"))


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for month and benefits, and begin."""
    reader = reader_of(request)
    offered = benefits_of(reader.area)
    form = NewRunForm(
        request.POST or None,
        benefits=offered,
        initial={"month": first_of_month(clock.today()), "benefits": list(offered)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = begin_run(
                region=reader.area,
                month=data["month"],
                benefits=data["benefits"],
                acting=reader,
                as_of=clock.today(),
                start=data["start"],
            )
        except (Refused, NoPaymentRules) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已建立批次。下一步：冻结名单。"))
            return redirect("payments_desk:run", made.pk)
    context = {"form": form, "trail": trail_of(None, _("新建批次")), "offered": offered}
    return render(request, "payments_desk/new.html", context, status=422 if form.errors else 200)


def _bar(request: HttpRequest, reader: Reader) -> FilterBar:
    offered = benefits_of(reader.area)
    return bind_filters(
        request,
        [
            Filter("state", _("办到哪一步"), choices=[(s.value, s.label) for s in RunState]),
            Filter("benefit", _("待遇"), choices=list(offered.items())),
        ],
        part_id=_PART,
    )


def _fetch(reader: Reader, bar: FilterBar) -> Fetch:
    def fetch(order: str, start: int, count: int) -> list[RunLine]:
        rows = ordered(runs(reader, state=bar["state"], benefit=bar["benefit"]), order)
        return _lines(reader, list(rows[start : start + count]))

    return fetch


def _lines(reader: Reader, rows: list[PaymentRun]) -> list[RunLine]:
    places = names_of({row.region_code for row in rows})
    names = benefit_names(reader.area)
    return [RunLine(row, places.get(row.region_code, row.region_code), names) for row in rows]


def _stats(reader: Reader) -> list[Stat]:
    counts = run_states(reader)
    claims = claim_sums(reader)
    left = claims["fen"] - claims["withheld"] - claims["repaid"] - claims["written_off"]
    submitted = counts.get("submitted", 0)
    going = sum(counts.get(state, 0) for state in ("draft", "frozen", "checked"))
    waiting = write_offs_waiting(reader).count()
    return [
        Stat(_("待审批"), submitted, url="?state=submitted", tone="accent" if submitted else ""),
        Stat(_("正在准备"), going, note=_("待冻结、核查或提交")),
        Stat(_("等银行回盘"), counts.get("sent", 0), url="?state=sent"),
        Stat(
            _("追缴未结"),
            format_yuan(left),
            unit=_("元"),
            note=_("%(n)d 个核销申请待审批") % {"n": waiting} if waiting else "",
            url=reverse("payments_desk:claims"),
        ),
    ]
