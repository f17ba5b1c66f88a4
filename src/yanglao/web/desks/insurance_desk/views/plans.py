"""照护计划: what providers may deliver, as a worklist; a new one; its last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    CarePlan,
    Place,
    PlanState,
    WrongStep,
    end_plan,
    plans,
    providers,
)
from yanglao.flows.give_ltci_benefits import most_of_plan, propose_plan
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.forms import EndForm, PlanForm
from yanglao.web.desks.insurance_desk.views.benefits import benefit_of
from yanglao.web.desks.insurance_desk.words import (
    amount_words,
    level_words,
    page,
    person_words_of,
    plan_status,
    reader_of,
)
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Status
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "plans-list"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One care plan as listed."""

    row: CarePlan
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.row.benefit.person.name)

    @property
    def who(self) -> str:
        """Sex and age."""
        return person_words_of(self.row.benefit.person, self.today)

    @property
    def amount(self) -> str:
        """How much a month."""
        return amount_words(self.row.care_place, self.row.amount)

    @property
    def days(self) -> str:
        """From which day to which."""
        return f"{self.row.first} ～ {self.row.last or _('继续')}"

    @property
    def status(self) -> Status:
        """Where it stands."""
        return plan_status(self.row.state)


PLANS = TableSpec(
    key="ltci-plans",
    caption=gettext_lazy("照护计划"),
    default_sort="-first",
    page_size=25,
    row_url=lambda line: reverse("insurance_desk:benefit", args=[line.row.benefit_id]),
    columns=(
        Column("name", gettext_lazy("姓名"), sort="benefit__person__name_fold", fixed=True),
        Column("who", gettext_lazy("性别年龄")),
        Column(
            "level",
            gettext_lazy("等级"),
            value=lambda line: level_words(line.row.level),
            sort="level",
        ),
        Column(
            "provider",
            gettext_lazy("护理机构"),
            value=lambda line: line.row.provider.name,
            sort="provider__name",
            wide=True,
            width=32,
        ),
        Column("amount", gettext_lazy("每月批准"), sort="amount"),
        Column("days", gettext_lazy("起止"), sort="first", width=24),
        Column("status", gettext_lazy("状态"), kind="status", sort="state"),
    ),
)


def _lines(rows: Sequence[CarePlan], today: date) -> list[PlanRow]:
    return [PlanRow(row, today) for row in rows]


def _bar(request: HttpRequest) -> FilterBar:
    offered = [(str(one.pk), one.name) for one in providers(reader_of(request))[:200]]
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("state", _("状态"), choices=PlanState.choices),
            Filter("provider", _("护理机构"), choices=offered),
        ],
        part_id=_PART,
    )


def _chosen(request: HttpRequest, bar: FilterBar) -> Any:
    return plans(
        reader_of(request),
        state=bar["state"] or None,
        provider=int(bar["provider"]) if bar["provider"] else None,
        text=bar["q"] or None,
    )


@screen(Permission.SEE_INSURANCE)
def board(request: HttpRequest) -> HttpResponse:
    """List care plans; those that wait for approval by the filter."""
    bar = _bar(request)
    rows = _chosen(request, bar)
    context = page(
        "plans",
        _("照护计划"),
        note=_("每月批准多少时长，结算时超出的不付。"),
        buttons=[],
        bar=bar,
        part_id=_PART,
        table=PLANS.bind(
            request,
            fetch_dressed(rows, partial(_lines, today=clock.today())),
            total=rows.count(),
            export_url=reverse("insurance_desk:plans-export"),
            part_id=_PART,
            empty={
                "title": _("没有这样的计划"),
                "text": _("在一项待遇的页面上点“加照护计划”。"),
                "icon": "calendar-check",
            },
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the plans that match the filters as a sheet."""
    rows = _chosen(request, _bar(request))
    dress = partial(_lines, today=clock.today())
    lines = all_dressed(rows, PLANS.order_of(request), dress)
    return excel_response(request, PLANS, lines, title=_("照护计划"), behind=rows)


@screen(Permission.MANAGE_INSURANCE, writes=True)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a care plan for a benefit."""
    row, today = benefit_of(request, pk), clock.today()
    at_home = row.care_place == Place.HOME
    most = most_of_plan(row, max(today, row.first_month))
    allowed = [
        (str(one.pk), one.name)
        for one in providers(reader_of(request), as_of=today)
        if one.kind in (row.care_place, "both")
    ]
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        providers=allowed,
        unit=_("每月多少小时") if at_home else _("每月多少天"),
        most=_("这个等级每月最多 %(most)s，各家机构合计。")
        % {"most": amount_words(row.care_place, most)}
        if most is not None
        else _("这个等级每月最多多少没有公布。"),
        initial={"first": max(today, row.first_month)},
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            propose_plan(
                benefit_id=pk,
                provider_id=int(data["provider"]),
                first=data["first"],
                last=data["last"],
                amount=data["amount"],
                acting=reader_of(request),
                tasks=data["tasks"],
            )
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("计划已提交，等另一位同事批准。"))
            return redirect("insurance_desk:benefit", pk)
    context = page(
        "plans",
        _("加照护计划"),
        last=row.person.name,
        form=form,
        submit=_("提交批准"),
        back=reverse("insurance_desk:benefit", args=[pk]),
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


@screen(Permission.MANAGE_INSURANCE, writes=True)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the last day of a plan."""
    row = plans(reader_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404(_("没有这份计划，或者不在您的辖区。"))
    form = EndForm(
        request.POST if request.method == "POST" else None, initial={"last": clock.today()}
    )
    if form.is_bound and form.is_valid():
        try:
            end_plan(plan_id=pk, last=form.cleaned_data["last"], acting=reader_of(request))
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已写上止日。"))
            return redirect("insurance_desk:benefit", row.benefit_id)
    context = page(
        "plans",
        _("写照护计划的止日"),
        last=row.benefit.person.name,
        form=form,
        submit=_("写上止日"),
        back=reverse("insurance_desk:benefit", args=[row.benefit_id]),
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )
