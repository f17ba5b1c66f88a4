"""Bank files: made, taken, handed over, answered; a verdict for every line that comes back."""

from io import BytesIO

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    FileState,
    Refused,
    ReturnFile,
    ReturnLine,
    Verdict,
    get_return_file,
    hand_over,
    return_lines,
)
from yanglao.flows.send_payments import print_file, take_back
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer
from yanglao.web.desks.payments_desk.finding import (
    found_file,
    found_run,
    reader_of,
    trail_of,
)
from yanglao.web.desks.payments_desk.forms import FileForm, ReturnsForm
from yanglao.web.desks.payments_desk.words import title_of, verdict_status
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.parts import Stat
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

RETURNED = TableSpec(
    key="returned-lines",
    caption=gettext_lazy("回盘里没有到账的行"),
    default_sort="place",
    row_key=lambda line: line.pk,
    row_url=lambda line: _payment_url(line),
    columns=(
        Column("place", gettext_lazy("第几行"), kind="num", sort="place"),
        Column("name", gettext_lazy("姓名"), value=lambda line: _name(line), fixed=True),
        Column("key", gettext_lazy("发放编号"), width=18),
        Column("fen", gettext_lazy("金额（元）"), kind="money", sort="fen"),
        Column(
            "verdict",
            gettext_lazy("怎么记的"),
            kind="status",
            value=lambda line: verdict_status(line.verdict),
            sort="verdict",
        ),
        Column("reason", gettext_lazy("银行的说明"), wide=True),
    ),
)


def _name(line: ReturnLine) -> str | None:
    return str(line.attempt.payment.name) if line.attempt else None


def _payment_url(line: ReturnLine) -> str:
    if line.attempt is None:
        return ""
    return reverse("payments_desk:payment", args=[line.attempt.payment_id])


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the bank's file of what a run owes; it is written behind the page."""
    found = found_run(request, pk)
    form = FileForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return redirect("payments_desk:run", pk)
    encoding = form.cleaned_data["encoding"]
    row = defer("make_payment_file", reader_of(request), run_id=found.pk, encoding=encoding)
    return redirect("payments_desk:job", row.pk)


@screen(Permission.PREPARE_PAYMENTS, leaves_trace=True)
def take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the file: the same to the byte, whenever it is taken."""
    found_file(request, pk)
    try:
        file, content = print_file(bank_file_id=pk, acting=reader_of(request))
    except (Refused, FileNotFoundError) as refusal:
        messages.error(request, str(refusal) or _("封存的文件不在了，请联系系统管理员。"))
        return redirect("payments_desk:runs")
    kind = f"text/plain; charset={file.encoding}"
    return file_response(BytesIO(content), f"{file.number}.txt", kind)


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def handed(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a file was handed to the bank."""
    file = found_file(request, pk)
    if request.method == "POST":
        try:
            hand_over(bank_file_id=pk, to=FileState.HANDED, acting=reader_of(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已登记交给银行。银行回盘后在这里上传。"))
    return redirect("payments_desk:run", file.run_id)


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def returns(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a return file in."""
    file = found_file(request, pk)
    form = ReturnsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = take_back(
                bank_file_id=pk,
                content=form.cleaned_data["file"],
                acting=reader_of(request),
                as_of=clock.today(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("payments_desk:returned", made.pk)
    context = {
        "file": file,
        "form": form,
        "trail": trail_of(file.run, _("接收回盘")),
        "note": title_of(file.run),
    }
    return render(
        request, "payments_desk/returns.html", context, status=422 if form.errors else 200
    )


@screen(Permission.SEE_PAYMENTS)
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a return file did: counts, and every line that was not simply paid."""
    reader = reader_of(request)
    try:
        found = get_return_file(reader, pk)
    except ReturnFile.DoesNotExist as missing:
        raise Http404(_("没有这个回盘。")) from missing
    rows = return_lines(reader, found)
    told = found.counts
    context = {
        "found": found,
        "stats": [
            Stat(Verdict(code).label, number, tone="accent" if code in _WRONG else "")
            for code, number in sorted(told.items(), key=lambda pair: -pair[1])
        ],
        "table": RETURNED.bind(
            request,
            rows,
            total=sum(number for code, number in told.items() if code != Verdict.PAID),
            empty={"title": _("全部到账"), "text": _("没有失败和有问题的行。")},
        ),
        "trail": trail_of(found.bank_file.run, _("回盘结果")),
        "note": found.bank_file.number,
        "run_pk": found.bank_file.run_id,
    }
    return render(request, "payments_desk/returned.html", context)


_WRONG = {Verdict.UNKNOWN, Verdict.AMOUNT, Verdict.CONTRADICTS}
