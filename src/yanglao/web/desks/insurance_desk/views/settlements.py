"""结算: settlements by month, one settlement with its checks, the paper for the provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    Statement,
    StatementLine,
    StatementState,
    get_statement,
    month_records,
    statement_counts,
    statement_lines,
    statements,
)
from yanglao.flows.read_ltci_terms import NumberMissing, doubtful, month_before
from yanglao.flows.settle_insurance import prices_of, reason_words
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer_once
from yanglao.kernel.money import format_yuan
from yanglao.kernel.names import mask_name
from yanglao.web.desks.insurance_desk.forms import RunForm
from yanglao.web.desks.insurance_desk.steps import Step
from yanglao.web.desks.insurance_desk.views.records import RECORDS, hidden_from, record_lines
from yanglao.web.desks.insurance_desk.words import (
    amount_words,
    level_words,
    money_stat,
    page,
    reader_of,
    statement_status,
)
from yanglao.web.kit import documents
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Fact, Tab
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "settlements-list"
_USED = ("home_price", "institution_price", "fund_share", "ceiling", "day_minutes")

STATEMENTS = TableSpec(
    key="ltci-statements",
    caption=gettext_lazy("结算单"),
    default_sort="-month",
    page_size=25,
    row_url=lambda row: reverse("insurance_desk:statement", args=[row.pk]),
    columns=(
        Column(
            "provider",
            gettext_lazy("机构"),
            value=lambda row: row.provider.name,
            sort="provider__name",
            wide=True,
            width=34,
        ),
        Column(
            "month",
            gettext_lazy("月份"),
            kind="month",
            sort="month",
            note=lambda row: _("第 %(n)d 张") % {"n": row.number} if row.number > 1 else "",
        ),
        Column("people", gettext_lazy("人数"), kind="num", sort="people"),
        Column(
            "fee",
            gettext_lazy("费用（元）"),
            kind="money",
            value=lambda row: row.fee_fen,
            sort="fee_fen",
        ),
        Column(
            "fund",
            gettext_lazy("基金（元）"),
            kind="money",
            value=lambda row: row.fund_fen,
            sort="fund_fen",
        ),
        Column(
            "own",
            gettext_lazy("个人（元）"),
            kind="money",
            value=lambda row: row.person_fen,
            sort="person_fen",
        ),
        Column(
            "deducted",
            gettext_lazy("扣减（元）"),
            kind="money",
            value=lambda row: row.deducted_fen,
            sort="deducted_fen",
        ),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="status",
            value=lambda row: statement_status(row.state),
            sort="state",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a settlement as listed."""

    row: StatementLine

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.row.person.name)

    def amount(self, number: int) -> str:
        """Minutes or days in words."""
        return amount_words(self.row.care_place, number)

    @property
    def care(self) -> str:
        """Where the person is cared for, and the grade of the plan."""
        level = level_words(self.row.level) if self.row.plan_id else _("没有计划")
        return f"{self.row.get_care_place_display()} {level}"

    @property
    def why(self) -> str:
        """What is not paid, and why."""
        parts = [
            _("%(why)s，扣 %(n)s %(fen)s 元")
            % {
                "why": reason_words(one.code),
                "n": self.amount(one.amount),
                "fen": format_yuan(one.fen),
            }
            for one in self.row.deductions.all()
        ]
        if self.row.over_ceiling_fen:
            parts.append(
                _("超过基金每月上限 %(fen)s 元，由个人付")
                % {"fen": format_yuan(self.row.over_ceiling_fen)}
            )
        if self.row.fund_fen != self.row.due_fund_fen:
            parts.append(
                _("以前结算过 %(fen)s 元")
                % {"fen": format_yuan(self.row.due_fund_fen - self.row.fund_fen)}
            )
        return "；".join(parts)


LINES = TableSpec(
    key="ltci-lines",
    caption=gettext_lazy("结算明细"),
    page_size=50,
    row_url=lambda line: reverse("insurance_desk:person", args=[line.row.person_id]),
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            fixed=True,
            note=lambda line: line.care,
        ),
        Column("approved", gettext_lazy("批准"), value=lambda line: line.amount(line.row.approved)),
        Column("claimed", gettext_lazy("报来"), value=lambda line: line.amount(line.row.claimed)),
        Column("payable", gettext_lazy("可付"), value=lambda line: line.amount(line.row.payable)),
        Column(
            "fee", gettext_lazy("费用（元）"), kind="money", value=lambda line: line.row.fee_fen
        ),
        Column(
            "fund", gettext_lazy("基金（元）"), kind="money", value=lambda line: line.row.fund_fen
        ),
        Column(
            "own", gettext_lazy("个人（元）"), kind="money", value=lambda line: line.row.person_fen
        ),
        Column("why", gettext_lazy("扣减和说明"), wide=True, width=60),
        Column(
            "id_number",
            gettext_lazy("身份证号"),
            kind="id",
            value=lambda line: line.row.person.id_number,
            hidden=True,
        ),
    ),
)


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(request, [Filter("month", _("月份"), "month")], part_id=_PART)


def _month(bar: FilterBar) -> date | None:
    try:
        return date.fromisoformat(f"{bar['month']}-01") if bar["month"] else None
    except ValueError:
        return None


def _chosen(request: HttpRequest, bar: FilterBar) -> Any:
    state = request.GET.get("state", "")
    return statements(
        reader_of(request),
        state=state if state in StatementState.values else None,
        month=_month(bar),
    )


@screen(Permission.SEE_INSURANCE)
def board(request: HttpRequest) -> HttpResponse:
    """List settlements."""
    reader, bar = reader_of(request), _bar(request)
    counts, state = statement_counts(reader), request.GET.get("state", "")
    rows = _chosen(request, bar)
    keep = query_without(request, "page", "state", "sort")
    may = reader.can(Permission.MANAGE_INSURANCE)
    run_url = reverse("insurance_desk:settle")
    context = page(
        "settlements",
        _("和护理机构结算"),
        note=_("核对每条服务记录，一人提交，另一人批准，批准了才能付。"),
        buttons=[Action(_("核对一个月"), url=run_url, tone="primary", icon="calculator")]
        if may
        else [],
        bar=bar,
        tabs=[
            Tab(_("全部"), f"?{keep}", current=not state),
            *(
                Tab(
                    one.label,
                    f"?{keep}state={one.value}",
                    current=state == one,
                    count=counts[one.value],
                )
                for one in StatementState
            ),
        ],
        part_id=_PART,
        table=STATEMENTS.bind(
            request,
            rows,
            total=rows.count(),
            export_url=reverse("insurance_desk:settlements-export"),
            part_id=_PART,
            empty={
                "title": _("没有这样的结算单"),
                "text": _("接收服务记录以后，按月核对。"),
                "action_url": run_url if may else "",
                "action_text": _("核对一个月"),
                "icon": "calculator",
            },
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the settlements that match the filters as a sheet."""
    return excel_response(
        request, STATEMENTS, _chosen(request, _bar(request)), title=_("长护险结算单")
    )


@screen(Permission.MANAGE_INSURANCE, writes=True)
def run(request: HttpRequest) -> HttpResponse:
    """Check a month of every provider with records."""
    today = clock.today()
    form = RunForm(
        request.POST if request.method == "POST" else None,
        initial={"month": f"{month_before(today):%Y-%m}"},
    )
    if form.is_bound and form.is_valid():
        month = form.cleaned_data["month"]
        try:
            prices_of(month)
        except NumberMissing as problem:
            form.add_error(None, str(problem))
        else:
            asked = defer_once(
                "settle_insurance_month", reader_of(request), month=month.isoformat()
            )
            return redirect("insurance_desk:job", asked.pk)
    context = page(
        "settlements",
        _("核对一个月"),
        last=_("核对一个月"),
        form=form,
        submit=_("核对所有机构"),
        back=reverse("insurance_desk:settlements"),
        help_title=_("核对什么"),
        help=[
            _("服务日在不在协议期、待遇月份和批准的计划里。"),
            _("人是不是已经去世、住院、外出。"),
            _("同一时间有没有两条记录、两家机构。两家机构同时报的，都先不付，请查清后撤回一条。"),
            _("一天、一个月的时长有没有超过上限；超出的不付。"),
            _("以前结算过的不会再付；后来变了的，差额进下一张结算单。"),
        ],
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


def statement_of(request: HttpRequest, pk: int) -> Statement:
    """Return a settlement of the area, or answer that there is none."""
    try:
        return get_statement(reader_of(request), pk)
    except Statement.DoesNotExist as problem:
        raise Http404(_("没有这张结算单，或者不在您的辖区。")) from problem


def _lines(rows: Sequence[StatementLine]) -> list[Line]:
    return [Line(row) for row in rows]


def _name(row: Statement) -> str:
    number = _("（第 %(n)d 张）") % {"n": row.number} if row.number > 1 else ""
    return f"{row.provider.name} {row.month:%Y-%m}{number}"


def _steps(request: HttpRequest, row: Statement) -> tuple[str, list[Step]]:
    reader = reader_of(request)
    if row.state == StatementState.SUBMITTED:
        own = row.prepared_by_id == reader.user_id
        if own or not reader.can(Permission.APPROVE_INSURANCE):
            return "", []
        return reverse("insurance_desk:statement-decide", args=[row.pk]), [
            Step("approve", _("批准，可以支付"), main=True),
            Step("back", _("退回经办人"), words=_("哪里要再核对")),
        ]
    url = reverse("insurance_desk:statement-act", args=[row.pk])
    if not reader.can(Permission.MANAGE_INSURANCE):
        return "", []
    if row.state == StatementState.DRAFT:
        return url, [
            Step("submit", _("核对无误，提交批准"), main=True),
            Step("again", _("按现在的记录重新核对")),
        ]
    if row.state == StatementState.APPROVED:
        return url, [Step("paid", _("钱已经付了"), main=True)]
    return "", []


@screen(Permission.SEE_INSURANCE)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one settlement: sums, what can be done, every person with deductions."""
    row = statement_of(request, pk)
    url, steps = _steps(request, row)
    found = statement_lines(reader_of(request), pk)
    own = row.state == StatementState.SUBMITTED and row.prepared_by_id == reader_of(request).user_id
    context = page(
        "settlements",
        _name(row),
        last=_name(row),
        row=row,
        status=statement_status(row.state),
        steps=steps,
        act_url=url,
        own=own,
        stats=[
            money_stat(_("费用"), row.fee_fen, note=_("可付的，等于基金加个人")),
            money_stat(_("基金付"), row.fund_fen),
            money_stat(_("个人付"), row.person_fen),
            money_stat(
                _("扣减"),
                row.deducted_fen,
                tone="accent",
            ),
        ],
        facts=[
            Fact(_("经办"), row.prepared_by, f"{clock.day_of(row.computed_at)}"),
            Fact(
                _("批准"),
                row.decided_by or _("还没有"),
                f"{clock.day_of(row.decided_at)}" if row.decided_at else "",
            ),
            Fact(_("支付"), f"{row.paid_on}" if row.paid_on else _("还没有")),
            Fact(_("协议"), f"{row.provider.contract_from} ～ {row.provider.contract_to or '—'}"),
        ],
        doubts=doubtful(row.month, _USED),
        part_id="lines-list",
        table=LINES.bind(
            request,
            fetch_dressed(found, _lines),
            total=found.count(),
            export_url=reverse("insurance_desk:lines-export", args=[pk]),
            part_id="lines-list",
            empty={"title": _("没有明细")},
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/statement.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def records(request: HttpRequest, pk: int) -> HttpResponse:
    """List the service records behind a settlement, each with its verdict."""
    row = statement_of(request, pk)
    refused = request.GET.get("show") == "refused"
    found = month_records(
        reader_of(request), provider=row.provider_id, month=row.month, refused=refused
    )
    keep = query_without(request, "page", "show", "sort")
    context = page(
        "settlements",
        _("%(name)s的服务记录") % {"name": _name(row)},
        last=_("服务记录"),
        note=_("核对结果是最近一次核对的。"),
        buttons=[Action(_("回结算单"), url=reverse("insurance_desk:statement", args=[pk]))],
        tabs=[
            Tab(_("全部记录"), f"?{keep}", current=not refused),
            Tab(_("不付或少付的"), f"?{keep}show=refused", current=refused),
        ],
        part_id="records-list",
        table=RECORDS.bind(
            request,
            fetch_dressed(found, record_lines),
            total=found.count(),
            part_id="records-list",
            empty={"title": _("没有这样的记录"), "icon": "circle-check"},
            without=hidden_from(request),
        ),
    )
    context["sections"] = []
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def lines(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the lines of a settlement as a sheet."""
    row = statement_of(request, pk)
    found = all_dressed(statement_lines(reader_of(request), pk), LINES.order_of(request), _lines)
    return excel_response(
        request, LINES, found, title=_("结算明细 %(name)s") % {"name": _name(row)}
    )


@screen(Permission.SEE_INSURANCE, leaves_trace=True)
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the settlement as a Word document for the provider, names masked."""
    row = statement_of(request, pk)
    doc = documents.new_document(
        _("长期护理保险费用结算单"), subtitle=_name(row), by=reader_of(request).name
    )
    documents.add_table(
        doc,
        [_("项目"), _("金额（元）")],
        [
            [_("费用合计"), format_yuan(row.fee_fen)],
            [_("基金支付"), format_yuan(row.fund_fen)],
            [_("个人支付"), format_yuan(row.person_fen)],
            [_("扣减"), format_yuan(row.deducted_fen)],
        ],
    )
    found = _lines(list(statement_lines(reader_of(request), pk)))
    documents.add_table(
        doc,
        [
            _("姓名"),
            _("批准"),
            _("报来"),
            _("可付"),
            _("费用"),
            _("基金"),
            _("个人"),
            _("扣减和说明"),
        ],
        [
            [
                mask_name(line.name),
                line.amount(line.row.approved),
                line.amount(line.row.claimed),
                line.amount(line.row.payable),
                format_yuan(line.row.fee_fen),
                format_yuan(line.row.fund_fen),
                format_yuan(line.row.person_fen),
                line.why,
            ]
            for line in found
        ],
    )
    status = statement_status(row.state)
    documents.add_note(
        doc,
        _("状态：%(state)s；经办：%(a)s；批准：%(b)s")
        % {"state": status.text, "a": row.prepared_by, "b": row.decided_by or "—"},
    )
    doubts = doubtful(row.month, _USED)
    if doubts:
        documents.add_note(doc, _("用到的参数没有核实：%(names)s") % {"names": "、".join(doubts)})
    return documents.as_response(doc, _("结算单 %(name)s") % {"name": _name(row)}, request=request)
