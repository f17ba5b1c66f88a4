"""待遇: who gets the benefit, one benefit with its plans, starting and stopping."""

from collections.abc import Iterable, Sequence
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
    Benefit,
    BenefitState,
    CarePlan,
    Place,
    PlanState,
    WrongStep,
    benefit_counts,
    benefits,
    enter_absence,
    get_benefit,
)
from yanglao.domain.places.public import town_and_village
from yanglao.flows.give_ltci_benefits import most_of_plan, propose_benefit, stop_ltci_benefit
from yanglao.flows.read_ltci_terms import NumberMissing, doubtful
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.forms import AbsenceForm, ProposeForm, StopForm
from yanglao.web.desks.insurance_desk.steps import Step
from yanglao.web.desks.insurance_desk.views.gradings import person_of
from yanglao.web.desks.insurance_desk.words import (
    amount_words,
    benefit_status,
    level_words,
    month_words,
    note_look,
    page,
    person_words_of,
    plan_status,
    reader_of,
)
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Fact, Status, Tab
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "benefits-list"


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """One benefit as listed."""

    row: Benefit
    place: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.row.person.name)

    @property
    def who(self) -> str:
        """Sex, age and place."""
        return f"{person_words_of(self.row.person, self.today)} · {self.place}"

    @property
    def status(self) -> Status:
        """Where it stands."""
        return benefit_status(self.row.state)

    @property
    def months(self) -> str:
        """From which month to which."""
        last = month_words(self.row.last_month) or _("继续")
        return f"{month_words(self.row.first_month)} ～ {last}"


BENEFITS = TableSpec(
    key="ltci-benefits",
    caption=gettext_lazy("长护险待遇"),
    default_sort="-first_month",
    page_size=25,
    row_url=lambda line: reverse("insurance_desk:benefit", args=[line.row.pk]),
    columns=(
        Column("name", gettext_lazy("姓名"), sort="person__name_fold", fixed=True),
        Column("who", gettext_lazy("性别年龄和地点"), wide=True, width=32),
        Column(
            "level",
            gettext_lazy("等级"),
            value=lambda line: level_words(line.row.level),
            sort="level",
        ),
        Column(
            "care",
            gettext_lazy("护理方式"),
            value=lambda line: line.row.get_care_place_display(),
            sort="care_place",
        ),
        Column("months", gettext_lazy("享受月份"), sort="first_month", width=22),
        Column(
            "monthly",
            gettext_lazy("基金每月最多（元）"),
            kind="money",
            value=lambda line: line.row.monthly_fen,
            sort="monthly_fen",
        ),
        Column("status", gettext_lazy("状态"), kind="status", sort="state"),
    ),
)


def _lines(rows: Sequence[Benefit], today: date) -> list[BenefitLine]:
    places = town_and_village(row.place_code for row in rows)
    return [BenefitLine(row, places[row.place_code], today) for row in rows]


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("care", _("护理方式"), choices=Place.choices),
        ],
        part_id=_PART,
    )


def _chosen(request: HttpRequest, bar: FilterBar) -> Any:
    state = request.GET.get("state", "")
    return benefits(
        reader_of(request),
        state=state if state in BenefitState.values else None,
        text=bar["q"] or None,
        care_place=bar["care"] or None,
    )


@screen(Permission.SEE_INSURANCE)
def board(request: HttpRequest) -> HttpResponse:
    """List benefits by state."""
    reader, today = reader_of(request), clock.today()
    bar = _bar(request)
    counts = benefit_counts(reader, today.replace(day=1))
    rows = _chosen(request, bar)
    state = request.GET.get("state", "")
    total = counts.get(state) if state else sum(counts[one] for one in BenefitState.values)
    keep = query_without(request, "page", "state", "sort")
    tabs = [Tab(_("全部"), f"?{keep}", current=not state)]
    tabs += [
        Tab(one.label, f"?{keep}state={one.value}", current=state == one, count=counts[one.value])
        for one in BenefitState
    ]
    context = page(
        "benefits",
        _("长护险待遇"),
        note=_("一人经办，另一人批准；起止月份由参数定。"),
        buttons=[],
        bar=bar,
        tabs=tabs,
        part_id=_PART,
        table=BENEFITS.bind(
            request,
            fetch_dressed(rows, partial(_lines, today=today)),
            total=total if total is not None and not bar.active else rows.count(),
            export_url=reverse("insurance_desk:benefits-export"),
            part_id=_PART,
            empty={
                "title": _("没有这样的待遇"),
                "text": _("在参保人的页面上点“开始待遇”。"),
                "action_url": reverse("insurance_desk:insured"),
                "action_text": _("找参保人"),
                "icon": "umbrella",
            },
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the benefits that match the filters as a sheet."""
    rows = _chosen(request, _bar(request))
    dress = partial(_lines, today=clock.today())
    lines = all_dressed(rows, BENEFITS.order_of(request), dress)
    return excel_response(request, BENEFITS, lines, title=_("长护险待遇"), behind=rows)


def benefit_of(request: HttpRequest, pk: int) -> Benefit:
    """Return a benefit of the area, or answer that there is none."""
    try:
        return get_benefit(reader_of(request), pk)
    except Benefit.DoesNotExist as problem:
        raise Http404(_("没有这项待遇，或者不在您的辖区。")) from problem


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A care plan of the benefit with what can be done with it."""

    row: CarePlan
    status: Status
    amount: str
    may_decide: bool
    may_end: bool


def _plan_lines(request: HttpRequest, rows: Iterable[CarePlan]) -> list[PlanLine]:
    reader = reader_of(request)
    return [
        PlanLine(
            row,
            plan_status(row.state),
            amount_words(row.care_place, row.amount),
            row.state == PlanState.PREPARED
            and reader.can(Permission.APPROVE_INSURANCE)
            and row.prepared_by_id != reader.user_id,
            row.state == PlanState.APPROVED and reader.can(Permission.MANAGE_INSURANCE),
        )
        for row in rows
    ]


@screen(Permission.SEE_INSURANCE, leaves_trace=True)
def benefit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one benefit: grade, months, plans, what can be done."""
    reader, today = reader_of(request), clock.today()
    row = benefit_of(request, pk)
    note_look(request, row.person, ("ltci_benefit",))
    line = _lines([row], today)[0]
    most = most_of_plan(row, today)
    grade = (
        _("本平台评估，第 %(n)d 号") % {"n": row.grading_id}
        if row.grading_id
        else _("名单上的等级")
    )
    waits = row.state == BenefitState.PREPARED
    own = waits and row.prepared_by_id == reader.user_id
    may_decide = waits and reader.can(Permission.APPROVE_INSURANCE) and not own
    context = page(
        "benefits",
        _("%(name)s的长护险待遇") % {"name": row.person.name},
        last=row.person.name,
        row=row,
        line=line,
        own=own,
        facts=[
            Fact(_("失能等级"), level_words(row.level), grade),
            Fact(_("护理方式"), row.get_care_place_display()),
            Fact(
                _("享受月份"), line.months, row.get_stop_cause_display() if row.stop_cause else ""
            ),
            Fact(
                _("基金每月最多"),
                f"{row.monthly_fen / 100:,.2f} 元" if row.monthly_fen is not None else None,
            ),
            Fact(
                _("每月批准上限"),
                amount_words(row.care_place, most) or None,
                _("这个等级，各家机构合计"),
            ),
            Fact(_("经办"), row.prepared_by, f"{row.prepared_at:%Y-%m-%d}"),
            Fact(_("批准"), row.decided_by or _("还没有")),
        ],
        steps=[
            Step("approve", _("批准"), main=True),
            Step("refuse", _("不批准"), words=_("为什么不批准")),
        ]
        if may_decide
        else [],
        plans=_plan_lines(request, row.plans.all()),
        may_plan=row.state in (BenefitState.PREPARED, BenefitState.APPROVED)
        and reader.can(Permission.MANAGE_INSURANCE),
        may_stop=row.state == BenefitState.APPROVED and reader.can(Permission.MANAGE_INSURANCE),
        doubts=doubtful(today, ("hours", "ceiling", "start_months", "stop_months", "fund_share")),
    )
    return render(request, "insurance_desk/benefit.html", context)


@screen(Permission.MANAGE_INSURANCE, writes=True)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a benefit for approval."""
    row = person_of(request, pk)
    form = ProposeForm(
        request.POST if request.method == "POST" else None, initial={"care_place": Place.HOME}
    )
    if form.is_bound and form.is_valid():
        try:
            made = propose_benefit(
                person_id=pk, acting=reader_of(request), as_of=clock.today(), **form.cleaned_data
            )
        except (WrongStep, NumberMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已提交，等另一位同事批准。"))
            return redirect("insurance_desk:benefit", made.pk)
    context = page(
        "benefits",
        _("给%(name)s开始待遇") % {"name": row.name},
        last=row.name,
        form=form,
        submit=_("提交批准"),
        back=reverse("insurance_desk:person", args=[pk]),
        help_title=_("程序会自己填的"),
        help=[
            _("等级：本平台有效的评估；没有就用医保名单上的。"),
            _("起月：评估结论作出后按参数推；止月：评估有效期到的那个月。"),
            _("基金每月最多支付多少：按等级和护理方式的参数。"),
        ],
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


@screen(Permission.MANAGE_INSURANCE, writes=True)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End a benefit."""
    row = benefit_of(request, pk)
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            done = stop_ltci_benefit(
                benefit_id=pk, acting=reader_of(request), as_of=clock.today(), **form.cleaned_data
            )
        except (WrongStep, NumberMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("待遇享受到 %(month)s。") % {"month": month_words(done.last_month)}
            messages.success(request, words)
            return redirect("insurance_desk:benefit", pk)
    context = page(
        "benefits",
        _("停止待遇"),
        last=row.person.name,
        form=form,
        submit=_("停止待遇"),
        back=reverse("insurance_desk:benefit", args=[pk]),
        help_title=_("停了以后"),
        help=[
            _("照护计划也到那个月为止。"),
            _("以后月份已经结算的钱，由那家机构的下一张结算单扣回。"),
            _("停止不能撤销；又符合了重新提交。"),
        ],
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


@screen(Permission.MANAGE_INSURANCE, writes=True)
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Note when somebody was in hospital or away."""
    row = person_of(request, pk)
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            enter_absence(person_id=pk, acting=reader_of(request), **form.cleaned_data)
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记，这些天的服务结算时不付。"))
            return redirect("insurance_desk:person", pk)
    context = page(
        "insured",
        _("登记住院或外出"),
        last=row.name,
        form=form,
        submit=_("登记"),
        back=reverse("insurance_desk:person", args=[pk]),
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )
