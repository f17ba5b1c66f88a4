"""别处发放: lists of whom another payer pays, looked at before they are used, and undone."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    ElsewhereList,
    ElsewhereState,
    Refused,
    drop_elsewhere,
    elsewhere_in_use,
    elsewhere_lists,
    elsewhere_rows,
    payers_known,
    undo_elsewhere,
    use_elsewhere,
)
from yanglao.flows.explain_payments import benefit_names
from yanglao.flows.take_elsewhere import (
    UnusableList,
    elsewhere_template,
    returned_sheet,
    take_in_elsewhere,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.payments_desk.finding import found_elsewhere, reader_of, trail_of
from yanglao.web.desks.payments_desk.forms import ElsewhereForm, ReasonForm, first_of_month
from yanglao.web.desks.payments_desk.lists import NAME, fetch_rows, find_person
from yanglao.web.desks.payments_desk.words import elsewhere_status, month_title
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Crumb, Stat, Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "elsewhere-list"
#: So many rows that went back are named on the page; all of them are in the sheet.
_SHOWN = 30

LISTS = TableSpec(
    key="elsewhere-lists",
    caption=gettext_lazy("别处发放名单"),
    default_sort="-id",
    page_size=25,
    row_key=lambda row: row.pk,
    row_url=lambda row: reverse("payments_desk:elsewhere-list", args=[row.pk]),
    row_label=lambda row: f"{month_title(row.month)} {row.payer}",
    columns=(
        Column("payer", gettext_lazy("谁在发"), sort="payer", fixed=True, width=28),
        Column(
            "month", gettext_lazy("月份"), value=lambda row: month_title(row.month), sort="month"
        ),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="status",
            value=lambda row: elsewhere_status(row.state),
            sort="state",
        ),
        Column("accepted", gettext_lazy("能用（行）"), kind="num", sort="accepted"),
        Column("returned", gettext_lazy("退回（行）"), kind="num"),
        Column("taken_by", gettext_lazy("谁传的")),
        Column(
            "taken_at",
            gettext_lazy("哪天传的"),
            kind="date",
            value=lambda row: clock.day_of(row.taken_at),
            sort="taken_at",
        ),
    ),
)

ROWS = TableSpec(
    key="elsewhere-rows",
    caption=gettext_lazy("名单上的人"),
    default_sort="row",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("registry_desk:file", args=[line.row.person_id]),
    columns=(
        NAME,
        Column("benefit", gettext_lazy("待遇"), sort="benefit"),
        Column(
            "here",
            gettext_lazy("这里发了没有"),
            kind="status",
            value=lambda line: _here(line.row.paid_here),
        ),
        Column("row", gettext_lazy("第几行"), kind="num", value=lambda line: line.row.row),
    ),
)


def _here(paid: bool) -> Status:
    return Status(_("这里也发了"), "error") if paid else Status(_("没有重复"), "plain")


@screen(Permission.SEE_PAYMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """List other payers' lists, the latest first."""
    reader = reader_of(request)
    bar = bind_filters(
        request,
        [Filter("state", _("状态"), choices=list(ElsewhereState.choices))],
        part_id=_PART,
    )
    rows = elsewhere_lists(reader, state=bar["state"])
    context = {
        "bar": bar,
        "part_id": _PART,
        "can_prepare": reader.can(Permission.PREPARE_PAYMENTS),
        "trail": trail_of(None, _("别处发放")),
        "table": LISTS.bind(
            request,
            rows,
            total=rows.count(),
            part_id=_PART,
            empty={
                "title": _("还没有别处发放的名单"),
                "text": _(
                    "别的地方或部门已经在发同一项待遇的人，把名单传上来，这里就先不发给他们。"
                ),
                "icon": "copy-check",
            },
        ),
    }
    return render_page_or_part(
        request, "payments_desk/elsewhere.html", "payments_desk/parts/table.html", context
    )


@screen(Permission.PREPARE_PAYMENTS)
def template(request: HttpRequest) -> HttpResponseBase:
    """Give the sheet that other payers fill in."""
    return file_response(BytesIO(elsewhere_template(reader_of(request))), _("别处发放空表.xlsx"))


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def take(request: HttpRequest) -> HttpResponse:
    """Take a list in, to be looked at on its page before it counts."""
    reader = reader_of(request)
    form = ElsewhereForm(
        request.POST or None,
        request.FILES or None,
        benefits=benefit_names(reader.area),
        initial={"month": first_of_month(clock.today())},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = take_in_elsewhere(
                month=said["month"],
                payer=said["payer"],
                benefit=said["benefit"],
                file_name=said["file"].name,
                data=said["file"].read(),
                acting=reader,
            )
        except (UnusableList, Refused) as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("payments_desk:elsewhere-list", made.pk)
    context = {
        "form": form,
        "payers": payers_known(reader),
        "trail": [*_trail(), Crumb(_("传名单"))],
    }
    status = 422 if form.errors else 200
    return render(request, "payments_desk/elsewhere_take.html", context, status=status)


def _trail() -> list[Crumb]:
    return [*trail_of(None), Crumb(_("别处发放"), reverse("payments_desk:elsewhere"))]


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one list: what would count, what went back and why, and who is paid here too."""
    found = found_elsewhere(request, pk)
    reader = reader_of(request)
    bar = bind_filters(
        request,
        [
            find_person(),
            Filter("twice", _("这里发了没有"), choices=[("yes", _("这里也发了"))]),
        ],
        part_id=_PART,
    )
    back = found.returned_rows
    context = {
        "found": found,
        "title": f"{found.payer} {month_title(found.month)}",
        "status": elsewhere_status(found.state),
        "stats": _stats(reader, found),
        "bar": bar,
        "part_id": _PART,
        "table": _table(request, found, bar),
        "back": [(where, reason) for where, _cells, reason in back[:_SHOWN]],
        "more_back": max(0, len(back) - _SHOWN),
        "replaced": elsewhere_in_use(reader, found) if found.state == "waiting" else None,
        "can_prepare": reader.can(Permission.PREPARE_PAYMENTS),
        "form": ReasonForm(),
        "trail": [*_trail(), Crumb(found.payer)],
    }
    return render_page_or_part(
        request, "payments_desk/elsewhere_list.html", "payments_desk/parts/table.html", context
    )


def _table(request: HttpRequest, found: ElsewhereList, bar: FilterBar) -> Any:
    reader = reader_of(request)
    rows = elsewhere_rows(reader, found, text=bar["q"], twice=bar["twice"] == "yes")
    return ROWS.bind(
        request,
        fetch_rows(rows, benefit_names(reader.area), reader.area),
        total=rows.count(),
        part_id=_PART,
        empty={"title": _("没有人"), "text": _("没有能用的行，或没有符合条件的人。")},
    )


def _stats(reader: Reader, found: ElsewhereList) -> list[Stat]:
    twice = elsewhere_rows(reader, found, twice=True).count()
    return [
        Stat(_("收到"), found.received, unit=_("行")),
        Stat(_("能用"), found.accepted, unit=_("行")),
        Stat(_("退回"), found.returned, unit=_("行"), tone="accent" if found.returned else ""),
        Stat(
            _("这里也发了"),
            twice,
            unit=_("人次"),
            url="?twice=yes" if twice else "",
            tone="accent" if twice else "",
        ),
    ]


_ACTS: dict[str, tuple[Callable[[int, Reader, str], Any], Any]] = {
    "use": (
        lambda pk, who, _why: use_elsewhere(list_id=pk, acting=who),
        gettext_lazy("已采用。还没审批的批次要重新冻结，才会按这份名单核查。"),
    ),
    "drop": (
        lambda pk, who, _why: drop_elsewhere(list_id=pk, acting=who),
        gettext_lazy("没有采用，名单留着备查。"),
    ),
    "undo": (
        lambda pk, who, why: undo_elsewhere(list_id=pk, reason=why, acting=who),
        gettext_lazy("已撤销。还没审批的批次要重新冻结，才会按现在的名单核查。"),
    ),
}


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Use, drop or undo a list."""
    found_elsewhere(request, pk)
    wanted = request.POST.get("act", "")
    if request.method == "POST" and wanted in _ACTS:
        work, said = _ACTS[wanted]
        try:
            work(pk, reader_of(request), request.POST.get("reason", ""))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, str(said))
    return redirect("payments_desk:elsewhere-list", pk)


@screen(Permission.PREPARE_PAYMENTS, leaves_trace=True)
def returned(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give back the rows that could not be used, each with its reason."""
    found = found_elsewhere(request, pk)
    data = returned_sheet(reader_of(request), pk)
    return file_response(BytesIO(data), _("退回的行 %(payer)s.xlsx") % {"payer": found.payer})
