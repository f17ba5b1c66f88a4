"""失能评估: the worklist, one grading with what can be done next, the public notice."""

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
    Grading,
    GradingState,
    WrongStep,
    get_grading,
    graders_for,
    grading_counts,
    gradings,
    plan_grading,
)
from yanglao.domain.people.public import Person, get_person
from yanglao.domain.places.public import town_and_village
from yanglao.flows.grade_ltci import ask_ltci_grading, level_names, ltci_sheet
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.forms import AskForm, PlanGradingForm
from yanglao.web.desks.insurance_desk.steps import grading_steps, step_events
from yanglao.web.desks.insurance_desk.words import (
    grading_status,
    level_words,
    note_look,
    page,
    person_words_of,
    reader_of,
)
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Fact, Status, Tab
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "gradings-list"


@dataclass(frozen=True, slots=True)
class GradingLine:
    """One grading as listed."""

    row: Grading
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
        """Where it stands; a notice that is over says so."""
        over = self.row.notice_to is not None and self.row.notice_to < self.today
        if self.row.state == GradingState.NOTICE and over:
            return Status(_("公示期满，可以生效"), "accent")
        return grading_status(self.row.state)

    @property
    def graders(self) -> str:
        """Who grades."""
        both = (self.row.grader_one, self.row.grader_two)
        return "、".join(one.display_name for one in both if one is not None)

    @property
    def level(self) -> str:
        """The grade, once both signed."""
        whole = self.row.one_signed_at and self.row.two_signed_at
        return level_words(self.row.level) if whole else ""


GRADINGS = TableSpec(
    key="ltci-gradings",
    caption=gettext_lazy("失能评估"),
    default_sort="-asked_on",
    page_size=25,
    row_url=lambda line: reverse("insurance_desk:grading", args=[line.row.pk]),
    columns=(
        Column("name", gettext_lazy("姓名"), sort="person__name_fold", fixed=True),
        Column("who", gettext_lazy("性别年龄和地点"), wide=True, width=32),
        Column("kind", gettext_lazy("类别"), value=lambda line: line.row.get_kind_display()),
        Column(
            "asked_on",
            gettext_lazy("申请日期"),
            kind="date",
            value=lambda line: line.row.asked_on,
            sort="asked_on",
        ),
        Column("status", gettext_lazy("办到哪一步"), kind="status", sort="state", width=16),
        Column("level", gettext_lazy("等级"), sort="level"),
        Column("graders", gettext_lazy("评估员"), wide=True),
        Column(
            "valid_to",
            gettext_lazy("有效到"),
            kind="date",
            value=lambda line: line.row.valid_to,
            sort="valid_to",
        ),
    ),
)

NOTICE = TableSpec(
    key="ltci-notice",
    caption=gettext_lazy("失能评估结论公示"),
    default_sort="notice_to",
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            kind="name_masked",
            value=lambda line: line.row.person.name,
        ),
        Column("sex", gettext_lazy("性别"), kind="sex", value=lambda line: line.row.person.sex),
        Column("town", gettext_lazy("乡镇、村"), value=lambda line: line.place, wide=True),
        Column("level", gettext_lazy("失能等级")),
        Column(
            "graded_on",
            gettext_lazy("评估日期"),
            kind="date",
            value=lambda line: line.row.graded_on,
        ),
        Column(
            "notice_to",
            gettext_lazy("公示到"),
            kind="date",
            value=lambda line: line.row.notice_to,
            sort="notice_to",
        ),
    ),
)


def grading_lines(rows: Sequence[Grading], today: date) -> list[GradingLine]:
    """Return gradings as lines; one query for all places."""
    places = town_and_village(row.place_code for row in rows)
    return [GradingLine(row, places[row.place_code], today) for row in rows]


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(
        request,
        [Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位"))],
        part_id=_PART,
    )


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "open")
    return asked if asked in {"open", "all", *GradingState.values} else "open"


def _chosen(request: HttpRequest, bar: FilterBar) -> Any:
    state = _state(request)
    return gradings(
        reader_of(request), state=None if state == "all" else state, text=bar["q"] or None
    )


@screen(Permission.ASK_INSURANCE)
def board(request: HttpRequest) -> HttpResponse:
    """List gradings: what waits first."""
    reader, today = reader_of(request), clock.today()
    bar, counts = _bar(request), grading_counts(reader, today)
    state = _state(request)
    rows = _chosen(request, bar)
    known = counts.get(state, 0) if state != "all" else None
    table = GRADINGS.bind(
        request,
        fetch_dressed(rows, partial(grading_lines, today=today)),
        total=known if known is not None and not bar.active else rows.count(),
        export_url=reverse("insurance_desk:gradings-export"),
        part_id=_PART,
        empty={
            "title": _("没有这样的评估"),
            "text": _("找到老人，在他的长护险页面上点“申请失能评估”。"),
            "action_url": reverse("registry_desk:search"),
            "action_text": _("找老人"),
            "icon": "clipboard-list",
        },
    )
    keep = query_without(request, "page", "state", "sort")
    shown = (
        ("open", _("没办完"), counts["open"]),
        *((one.value, one.label, counts[one.value]) for one in list(GradingState)[:6]),
        ("all", _("全部"), None),
    )
    context = page(
        "gradings",
        _("失能评估"),
        reader=reader_of(request),
        note=_("申请、两人评估、公示、生效；有异议换人复评。"),
        buttons=[
            Action(_("找老人申请"), url=reverse("registry_desk:search"), icon="search"),
            Action(_("公示名单"), url=reverse("insurance_desk:notice"), icon="megaphone"),
        ],
        bar=bar,
        table=table,
        part_id=_PART,
        tabs=[
            Tab(text, f"?{keep}state={key}", current=key == state, count=count)
            for key, text, count in shown
        ],
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.ASK_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the gradings that match the filters as a sheet."""
    today = clock.today()
    rows = _chosen(request, _bar(request))
    lines = all_dressed(rows, GRADINGS.order_of(request), partial(grading_lines, today=today))
    return excel_response(request, GRADINGS, lines, title=_("失能评估"), behind=rows)


@screen(Permission.ASK_INSURANCE)
def notice(request: HttpRequest) -> HttpResponse:
    """Show the public notice with masked names, for printing and pinning up."""
    today = clock.today()
    rows = gradings(reader_of(request), state=GradingState.NOTICE)
    context = page(
        "gradings",
        _("长期护理保险失能评估结论公示"),
        reader=reader_of(request),
        last=_("公示名单"),
        note=_("姓名已遮盖。有异议请在公示期内向经办机构提出。"),
        buttons=[],
        table=NOTICE.bind(
            request,
            fetch_dressed(rows, partial(grading_lines, today=today)),
            total=rows.count(),
            empty={"title": _("现在没有公示中的结论"), "icon": "megaphone"},
        ),
        part_id="notice-list",
    )
    return render(request, "insurance_desk/list.html", context)


def person_of(request: HttpRequest, pk: int) -> Person:
    """Return a person of the area, or answer that there is none."""
    try:
        return get_person(reader_of(request), pk)
    except Person.DoesNotExist as problem:
        raise Http404(_("没有这个人，或者不在您的辖区。")) from problem


def grading_of(request: HttpRequest, pk: int) -> Grading:
    """Return a grading of the area, or answer that there is none."""
    try:
        return get_grading(reader_of(request), pk)
    except Grading.DoesNotExist as problem:
        raise Http404(_("没有这次评估，或者不在您的辖区。")) from problem


@screen(Permission.ASK_INSURANCE, leaves_trace=True)
def grading(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one grading: the result with its reasons, what can be done, what was done."""
    reader, today = reader_of(request), clock.today()
    row = grading_of(request, pk)
    note_look(request, row.person, ("ltci_grading",))
    whole = row.one_signed_at is not None and row.two_signed_at is not None
    line = grading_lines([row], today)[0]
    names = level_names(row.graded_on or today)
    level = (
        f"{level_words(row.level)} {names.get(row.level or 0, '')}" if whole else _("还没有结论")
    )
    context = page(
        "gradings",
        _("%(name)s的失能评估") % {"name": row.person.name},
        reader=reader_of(request),
        last=row.person.name,
        row=row,
        line=line,
        facts=[
            Fact(
                _("结论"), level, _("评估日 %(d)s") % {"d": row.graded_on or "—"} if whole else ""
            ),
            Fact(_("有效到"), f"{row.valid_to}" if row.valid_to else _("还没生效")),
            Fact(
                _("类别"),
                row.get_kind_display(),
                _("%(who)s申请，%(on)s") % {"who": row.get_applicant_display(), "on": row.asked_on},
            ),
            Fact(_("评估员"), line.graders or _("还没安排"), _signed_words(row)),
            Fact(
                _("公示"),
                f"{row.notice_from} ～ {row.notice_to}" if row.notice_from else _("还没公示"),
            ),
            Fact(_("申请理由"), row.wish or _("没有写")),
        ],
        reasons=row.reasons if whole else [],
        objection=row.objection,
        sheet=ltci_sheet(row.answers, row.graded_on or today) if row.answers else None,
        steps=grading_steps(reader, row, today),
        events=step_events(row.steps.order_by("-id")),
        reviews=list(row.reviews.order_by("id")),
    )
    return render(request, "insurance_desk/grading.html", context)


def _signed_words(row: Grading) -> str:
    signed = [bool(row.one_signed_at), bool(row.two_signed_at)]
    return _("%(n)d 人已签字") % {"n": sum(signed)} if any(signed) else _("还没有签字")


@screen(Permission.ASK_INSURANCE, writes=True)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an application for grading."""
    person = person_of(request, pk)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = ask_ltci_grading(
                person_id=pk, acting=reader_of(request), as_of=clock.today(), **form.cleaned_data
            )
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已收下申请，下一步安排两名评估员。"))
            return redirect("insurance_desk:grading", made.pk)
    context = page(
        "gradings",
        _("给%(name)s申请失能评估") % {"name": person.name},
        reader=reader_of(request),
        last=person.name,
        form=form,
        submit=_("收下申请"),
        back=reverse("insurance_desk:person", args=[pk]),
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


@screen(Permission.MANAGE_INSURANCE, writes=True)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an application to two graders."""
    row = grading_of(request, pk)
    choices = [
        (str(one.pk), f"{one.display_name}（{one.get_role_display()}）")
        for one in graders_for(reader_of(request), row)
    ]
    first = {"planned_on": clock.today(), "one": row.grader_one_id, "two": row.grader_two_id}
    form = PlanGradingForm(
        request.POST if request.method == "POST" else None, graders=choices, initial=first
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            plan_grading(
                grading_id=pk,
                graders=(int(data["one"]), int(data["two"])),
                planned_on=data["planned_on"],
                acting=reader_of(request),
            )
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已安排，两名评估员在“失能评估表”里能看到。"))
            return redirect("insurance_desk:grading", pk)
    context = page(
        "gradings",
        _("安排评估员"),
        last=row.person.name,
        form=form,
        submit=_("安排这两个人"),
        back=reverse("insurance_desk:grading", args=[pk]),
        help_title=_("怎样选"),
        help=[
            _("两个人一起上门，都要签字。"),
            _("复评要换人，原来的两名评估员不在名单里。"),
            _("评估本人或家人的要回避，程序会拦下。"),
        ],
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )
