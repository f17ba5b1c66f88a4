"""服务记录: files of providers taken in, each row accepted or back with its reason."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    Place,
    RecordBatch,
    ServiceRecord,
    batches,
    get_batch,
    month_records,
    providers,
)
from yanglao.flows.read_ltci_terms import month_before
from yanglao.flows.settle_insurance import reason_words
from yanglao.flows.take_in_insurance_records import (
    CannotTake,
    returned_book,
    take_in_insurance_records,
    template_rows,
)
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.forms import UploadForm
from yanglao.web.desks.insurance_desk.words import amount_words, clock_words, page, reader_of
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Link, Stat, Status, Tab
from yanglao.web.kit.rows import fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "records-list"

BATCHES = TableSpec(
    key="ltci-batches",
    caption=gettext_lazy("服务记录报送"),
    default_sort="-sent_at",
    page_size=25,
    row_url=lambda row: reverse("insurance_desk:batch", args=[row.pk]),
    columns=(
        Column(
            "provider",
            gettext_lazy("机构"),
            value=lambda row: row.provider.name,
            sort="provider__name",
            wide=True,
        ),
        Column("month", gettext_lazy("月份"), kind="month", sort="month"),
        Column("received", gettext_lazy("收到"), kind="num", sort="received"),
        Column("accepted", gettext_lazy("接收"), kind="num", sort="accepted"),
        Column("repeated", gettext_lazy("以前收过"), kind="num", sort="repeated"),
        Column("returned", gettext_lazy("退回"), kind="num"),
        Column(
            "sent_at",
            gettext_lazy("接收时间"),
            kind="moment",
            sort="sent_at",
            note=lambda row: row.sent_by,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One service record as listed."""

    row: ServiceRecord

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.row.person.name)

    @property
    def time(self) -> str:
        """When it began and how long it took."""
        if self.row.care_place == Place.INSTITUTION:
            return amount_words(self.row.care_place, self.row.amount)
        until = clock_words(self.row.start + self.row.amount)
        return f"{clock_words(self.row.start)}～{until}"

    @property
    def amount(self) -> str:
        """How long."""
        return amount_words(self.row.care_place, self.row.amount)

    @property
    def verdict(self) -> Status:
        """What the last settlement made of it."""
        if self.row.withdrawn_at is not None:
            return Status(_("已撤回"), "neutral")
        if self.row.payable is None:
            return Status(_("还没核对"), "info")
        if not self.row.verdict:
            return Status(_("可付"), "success")
        if self.row.payable:
            paid = amount_words(self.row.care_place, self.row.payable)
            return Status(_("只付 %(n)s") % {"n": paid}, "warning")
        return Status(_("不付"), "error")

    @property
    def why(self) -> str:
        """Why less than the amount."""
        return reason_words(self.row.verdict) if self.row.verdict else ""


def _withdraw(line: RecordLine) -> Link | None:
    """Lead to the page that takes the record back; a withdrawn one leads nowhere."""
    if line.row.withdrawn_at is not None:
        return None
    return Link(_("撤回"), reverse("insurance_desk:withdraw", args=[line.row.pk]))


RECORDS = TableSpec(
    key="ltci-records",
    caption=gettext_lazy("服务记录"),
    default_sort="day",
    columns=(
        Column("name", gettext_lazy("姓名"), sort="person__name_fold", fixed=True),
        Column(
            "day",
            gettext_lazy("服务日期"),
            kind="date",
            value=lambda line: line.row.day,
            sort="day",
        ),
        Column("time", gettext_lazy("时间"), sort="start"),
        Column("amount", gettext_lazy("时长"), sort="amount"),
        Column("task", gettext_lazy("服务内容"), value=lambda line: line.row.task),
        Column(
            "verdict",
            gettext_lazy("核对结果"),
            kind="status",
            sort="verdict",
            note=lambda line: line.why,
            wide=True,
        ),
        Column("withdraw", gettext_lazy("撤回"), kind="link", value=_withdraw),
        Column("row", gettext_lazy("原表位置"), value=lambda line: line.row.row, hidden=True),
    ),
)


def record_lines(rows: Sequence[ServiceRecord]) -> list[RecordLine]:
    """Return records as lines."""
    return [RecordLine(row) for row in rows]


def hidden_from(request: HttpRequest) -> tuple[str, ...]:
    """Return the columns of records that the reader has no use for."""
    may = reader_of(request).can(Permission.MANAGE_INSURANCE)
    return () if may else ("withdraw",)


@screen(Permission.SEE_INSURANCE)
def board(request: HttpRequest) -> HttpResponse:
    """List the files that came in."""
    rows = batches(reader_of(request))
    buttons = [Action(_("空表"), url=reverse("insurance_desk:template"), icon="file-down")]
    if reader_of(request).can(Permission.MANAGE_INSURANCE):
        buttons.append(
            Action(
                _("接收服务记录"),
                url=reverse("insurance_desk:upload"),
                tone="primary",
                icon="upload",
            )
        )
    context = page(
        "records",
        _("服务记录"),
        note=_("机构每月报来的上门和在院记录。"),
        buttons=buttons,
        part_id=_PART,
        table=BATCHES.bind(
            request,
            rows,
            total=rows.count(),
            part_id=_PART,
            empty={
                "title": _("还没有服务记录"),
                "text": _("把空表发给机构，填好后在这里接收。"),
                "action_url": reverse("insurance_desk:template"),
                "action_text": _("下载空表"),
                "icon": "file-spreadsheet",
            },
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def template(request: HttpRequest) -> HttpResponseBase:
    """Give the sheet that providers fill in."""
    header, rows = template_rows()
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(_("服务记录")), book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(header) - 1, 16, text)
        sheet.set_column(1, 1, 22, text)
        for line, cells in enumerate([header, *rows]):
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell, bold if line == 0 else text)
    target.seek(0)
    return file_response(target, _("长护险服务记录空表.xlsx"))


@screen(Permission.MANAGE_INSURANCE, writes=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in; every row is accepted or goes back."""
    reader, today = reader_of(request), clock.today()
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        providers=[(str(one.pk), one.name) for one in providers(reader)],
        initial={"month": f"{month_before(today):%Y-%m}"},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = take_in_insurance_records(
                provider_id=int(data["provider"]),
                month=data["month"],
                file_name=data["file"].name,
                data=data["file"].read(),
                acting=reader,
                as_of=today,
            )
        except CannotTake as refusal:
            form.add_error("file", str(refusal))
        else:
            words = _("收到 %(r)d 行，接收 %(a)d 行，以前收过 %(k)d 行，退回 %(b)d 行。")
            told = {"r": made.received, "a": made.accepted, "k": made.repeated, "b": made.returned}
            messages.success(request, words % told)
            return redirect("insurance_desk:batch", made.pk)
    context = page(
        "records",
        _("接收服务记录"),
        last=_("接收"),
        form=form,
        submit=_("接收"),
        back=reverse("insurance_desk:records"),
        help_title=_("怎样收"),
        help=[
            _("一行一次服务：姓名、身份证号、服务日期、居家或机构；居家写开始和结束时间。"),
            _("身份证号不对、姓名对不上、日期不在这个月、时间不成立的，那一行退回，写明原因。"),
            _("同一份表再传一次，什么都不会变。"),
            _("接收只是收下；付不付、付多少，结算时核对。"),
        ],
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "insurance_desk/form.html", context, status=status)


def batch_of(request: HttpRequest, pk: int) -> RecordBatch:
    """Return a file of records of the area, or answer that there is none."""
    try:
        return get_batch(reader_of(request), pk)
    except RecordBatch.DoesNotExist as problem:
        raise Http404(_("没有这次报送，或者不在您的辖区。")) from problem


@screen(Permission.SEE_INSURANCE)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one file: what came in with its verdicts, what went back and why."""
    row = batch_of(request, pk)
    refused = request.GET.get("show") == "refused"
    found = month_records(reader_of(request), batch=pk, refused=refused)
    keep = query_without(request, "page", "show", "sort")
    context = page(
        "records",
        row.provider.name,
        last=f"{row.provider.name} {row.month:%Y-%m}",
        note=_("%(month)s · %(file)s · %(who)s接收")
        % {"month": f"{row.month:%Y-%m}", "file": row.file_name, "who": row.sent_by},
        row=row,
        stats=[
            Stat(_("收到"), row.received, unit=_("行")),
            Stat(_("接收"), row.accepted, unit=_("行")),
            Stat(_("以前收过"), row.repeated, unit=_("行")),
            Stat(_("退回"), row.returned, unit=_("行"), tone="accent" if row.returned else ""),
        ],
        returned=[(where, reason) for where, _cells, reason in row.returned_rows[:50]],
        tabs=[
            Tab(_("全部记录"), f"?{keep}", current=not refused),
            Tab(_("不付或少付的"), f"?{keep}show=refused", current=refused),
        ],
        part_id=_PART,
        table=RECORDS.bind(
            request,
            fetch_dressed(found, record_lines),
            total=found.count(),
            part_id=_PART,
            empty={"title": _("没有这样的记录"), "icon": "circle-check"},
            without=hidden_from(request),
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/batch.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE, leaves_trace=True)
def returned(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the sheet with the rows that went back."""
    row = batch_of(request, pk)
    if not row.returned:
        raise Http404(_("这次报送没有退回的行。"))
    name = _("%(file)s-退回%(rows)d行.xlsx") % {
        "file": str(row.file_name).rpartition(".")[0] or row.provider.name,
        "rows": row.returned,
    }
    return file_response(io.BytesIO(returned_book(reader_of(request), pk)), name)
