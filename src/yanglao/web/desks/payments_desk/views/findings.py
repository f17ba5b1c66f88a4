"""核查: what checks found, each held or released by a person with a reason."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    Finding,
    PaymentRun,
    Refused,
    RunState,
    decide_findings,
    finding_counts,
    findings_of_run,
)
from yanglao.flows.explain_payments import benefit_names, check_name, check_words
from yanglao.web.desks.payments_desk.finding import found_run, reader_of, trail_of
from yanglao.web.desks.payments_desk.forms import DecideForm
from yanglao.web.desks.payments_desk.lists import (
    NAME,
    PLACE,
    as_sheet,
    fetch_rows,
    find_person,
    of,
    rows_of,
)
from yanglao.web.desks.payments_desk.words import decision_status, title_of
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Tab
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "findings-list"
#: So many of what is decided together are named on the page.
_SHOWN = 12
_DECIDES = (RunState.FROZEN, RunState.CHECKED)

FINDINGS = TableSpec(
    key="payment-findings",
    caption=gettext_lazy("核查提示"),
    default_sort="place_code",
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("registry_desk:file", args=[line.row.person_id]),
    columns=(
        NAME,
        Column(
            "code",
            gettext_lazy("发现什么"),
            value=lambda line: check_name(line.row.code),
            note=lambda line: check_words(line.row.code),
            sort="code",
            wide=True,
            width=30,
        ),
        Column("benefit", gettext_lazy("待遇"), sort="benefit", width=20),
        Column("fen", gettext_lazy("金额（元）"), kind="money", value=of("fen"), sort="fen"),
        Column(
            "decision",
            gettext_lazy("处理"),
            kind="status",
            value=lambda line: decision_status(line.row.decision, line.row.stops),
            note=lambda line: line.row.reason,
            sort="decision",
        ),
        Column("by", gettext_lazy("谁处理的"), value=lambda line: line.row.decided_by or None),
        PLACE,
    ),
)


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """List what checks found."""
    run = found_run(request, pk)
    reader = reader_of(request)
    bar = _bar(request, run)
    rows = _rows(request, run, bar)
    decides = run.state in _DECIDES and reader.can(Permission.PREPARE_PAYMENTS)
    query = query_without(request, "page").rstrip("&")
    base = reverse("payments_desk:decide", args=[pk])
    table = FINDINGS.bind(
        request,
        fetch_rows(rows, benefit_names(run.region_code), run.region_code),
        total=rows.count(),
        part_id=_PART,
        actions=[
            Action(_("处理选中的"), "chosen", icon="clipboard-check", tone="primary"),
        ]
        if decides
        else [],
        action_url=f"{base}?{query}" if query else base,
        export_url=reverse("payments_desk:findings-export", args=[pk])
        if reader.can(Permission.EXPORT)
        else "",
        empty={
            "title": _("没有要处理的提示"),
            "text": _("去世、迁出、账户、别处发放、超过上限都核对过了。"),
            "icon": "circle-check",
        },
    )
    context = {
        "run": run,
        "heading": _("核查"),
        "note": title_of(run),
        "trail": trail_of(run, _("核查")),
        "bar": bar,
        "tabs": _tabs(request, run),
        "table": table,
        "part_id": _PART,
        "decides": decides,
        "left": rows.filter(decision="").count() if decides else 0,
        "all_url": f"{base}?{query}" if query else base,
    }
    return render_page_or_part(
        request, "payments_desk/findings.html", "payments_desk/parts/findings.html", context
    )


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what becomes of chosen findings (or of all that match), and do it."""
    run = found_run(request, pk)
    back = f"{reverse('payments_desk:findings', args=[pk])}?{query_without(request, 'page')}"
    if request.method != "POST":
        return redirect(back)
    chosen = [int(one) for one in request.POST.getlist("chosen") if one.isdigit()]
    whole = request.POST.get("action") == "all"
    rows = _rows(request, run, _bar(request, run))
    rows = rows.filter(decision="") if whole else rows.filter(pk__in=chosen)
    confirmed = "confirm" in request.POST
    form = DecideForm(request.POST if confirmed else None)
    if confirmed and form.is_valid():
        ids = list(rows.values_list("pk", flat=True))
        wanted = len(ids)
        try:
            number = decide_findings(
                run_id=pk,
                finding_ids=ids,
                acting=reader_of(request),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已处理 %(n)d 条。") % {"n": number})
            if number < wanted:
                words = _("有 %(n)d 条是您本人或您家里的人，没有处理，请换别人办。")
                messages.warning(request, words % {"n": wanted - number})
            return redirect(back)
    number = rows.count()
    if not number:
        messages.warning(request, _("没有选中任何一条。"))
        return redirect(back)
    context = {
        "run": run,
        "form": form,
        "number": number,
        "whole": whole,
        "chosen": chosen,
        "back": back,
        "lines": [
            (line, check_name(line.row.code))
            for line in rows_of(
                list(rows[:_SHOWN]), benefit_names(run.region_code), run.region_code
            )
        ],
        "more": max(0, number - _SHOWN),
        "trail": trail_of(run, _("处理核查提示")),
    }
    return render(request, "payments_desk/decide.html", context, status=422 if form.errors else 200)


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the findings as an Excel sheet."""
    run = found_run(request, pk)
    rows = _rows(request, run, _bar(request, run))
    return as_sheet(
        request,
        FINDINGS,
        rows,
        region=run.region_code,
        title=_("%(run)s 核查提示") % {"run": title_of(run)},
    )


def _rows(request: HttpRequest, run: PaymentRun, bar: FilterBar) -> "QuerySet[Finding]":
    tab = request.GET.get("tab", "")
    return findings_of_run(
        reader_of(request),
        run,
        code=bar["code"],
        decision={"waiting": "", "held": "held", "released": "released"}.get(tab),
        stops=True if tab == "waiting" else None,
        text=bar["q"],
    )


def _tabs(request: HttpRequest, run: PaymentRun) -> list[Tab]:
    counts = finding_counts(reader_of(request), run)
    tab = request.GET.get("tab", "")
    keep = query_without(request, "page", "tab")
    numbers = {
        "": sum(row["number"] for row in counts),
        "waiting": sum(r["number"] for r in counts if r["stops"] and not r["decision"]),
        "held": sum(row["number"] for row in counts if row["decision"] == "held"),
        "released": sum(row["number"] for row in counts if row["decision"] == "released"),
    }
    words = {
        "": _("全部"),
        "waiting": _("须处理"),
        "held": _("暂缓"),
        "released": _("已放行"),
    }
    return [
        Tab(words[key], f"?{keep}tab={key}" if key else f"?{keep}", tab == key, number)
        for key, number in numbers.items()
    ]


def _bar(request: HttpRequest, run: PaymentRun) -> FilterBar:
    codes = sorted({row["code"] for row in finding_counts(reader_of(request), run)})
    return bind_filters(
        request,
        [
            find_person(),
            Filter("code", _("发现什么"), choices=[(code, check_name(code)) for code in codes]),
        ],
        part_id=_PART,
    )
