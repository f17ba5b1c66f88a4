"""公示 and 异议: results on notice with masked names, objections, disputes and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    Dispute,
    DisputeState,
    Result,
    dismiss_dispute,
    disputes,
    get_dispute,
    get_result,
    notices,
    notices_over,
    order_review,
    take_dispute,
)
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.conclude_assessment import close_notices
from yanglao.foundation import clock
from yanglao.web.desks.assessment_desk.forms import AnswerForm, DisputeForm
from yanglao.web.desks.assessment_desk.lines import PersonLine, person_lines
from yanglao.web.desks.assessment_desk.views.asking import reader_of, tried
from yanglao.web.desks.assessment_desk.words import clock_status, dispute_status, level_words
from yanglao.web.kit.columns import Column
from yanglao.web.kit.pager import paginate
from yanglao.web.kit.parts import Crumb, Status, Tab
from yanglao.web.kit.rows import fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import TableSpec

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A result on notice."""

    result: Result
    whose: PersonLine

    @property
    def level(self) -> str:
        """The level in words."""
        return level_words(self.result.level)


NOTICES = TableSpec(
    key="assessment-notices",
    caption=gettext_lazy("评估结果公示"),
    page_size=_A_PAGE,
    row_url=lambda row: (
        reverse("assessment_desk:case", args=[row.result.assessment_id])
        if row.result.assessment_id
        else ""
    ),
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            kind="name_masked",
            value=lambda row: row.whose.name,
            fixed=True,
        ),
        Column("place", gettext_lazy("地点"), value=lambda row: row.whose.place, wide=True),
        Column("level", gettext_lazy("评估结果"), fixed=True),
        Column(
            "until",
            gettext_lazy("公示到"),
            kind="date",
            value=lambda row: row.result.notice_to,
            fixed=True,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute in the list."""

    dispute: Dispute
    whose: PersonLine
    state: Status
    clock: Status


@screen(Permission.SEE_ASSESSMENTS)
def board(request: HttpRequest) -> HttpResponse:
    """Show what is on public notice, to print and put up; names are masked."""
    reader = reader_of(request)
    today = clock.today()

    def dress(found: Sequence[Result]) -> list[NoticeRow]:
        whose = person_lines([(one.person, one.place_code) for one in found], today)
        return [NoticeRow(one, line) for one, line in zip(found, whose, strict=True)]

    table = NOTICES.bind(
        request,
        fetch_dressed(notices(reader, today), dress),
        empty={
            "title": _("现在没有公示的结果"),
            "text": _("评估出结果以后在这里公示。"),
            "icon": "megaphone",
        },
        part_id="notices-list",
    )
    context: dict[str, Any] = {
        "table": table,
        "over": notices_over(reader, today).count(),
        "can_manage": reader.can(Permission.MANAGE_ASSESSMENTS),
        "today": today,
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("结果公示"))],
    }
    return render_page_or_part(
        request, "assessment_desk/notices.html", "assessment_desk/parts/notices.html", context
    )


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def finish(request: HttpRequest) -> HttpResponse:
    """Make results final whose notice is over, without waiting for the night."""
    if request.method == "POST":
        reader = reader_of(request)
        tried(
            request,
            lambda: close_notices(acting=reader, as_of=clock.today()) or True,
            _("公示期满、没有异议的结果已经生效。"),
        )
    return redirect("assessment_desk:notices")


@screen(Permission.ASK_ASSESSMENTS, writes=True)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an objection or a request for another assessment down."""
    reader = reader_of(request)
    try:
        result = get_result(reader, pk)
    except Result.DoesNotExist as missing:
        raise Http404 from missing
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        today = clock.today()
        done = tried(
            request,
            lambda: take_dispute(
                result_id=pk,
                acting=reader,
                as_of=today,
                clocks=assessment_rules(today).clocks,
                **form.cleaned_data,
            ),
            _("已登记异议，处理以前结果不会生效。")
            if result.state == "notice"
            else _("已登记复评申请。"),
        )
        if done:
            return redirect("assessment_desk:dispute", done.pk)
    context = {
        "form": form,
        "result": result,
        "level": level_words(result.level),
        "line": person_lines([(result.person, result.place_code)], clock.today())[0],
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("登记异议"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessment_desk/objection.html", context, status=status)


@screen(Permission.SEE_ASSESSMENTS)
def dispute_list(request: HttpRequest) -> HttpResponse:
    """List disputes with their clocks."""
    reader = reader_of(request)
    today = clock.today()
    state = "" if request.GET.get("tab") == "all" else "open"
    page = paginate(request, disputes(reader, state=state or None), size=_A_PAGE)
    found: list[Dispute] = list(page.rows)
    whose = person_lines([(one.result.person, one.place_code) for one in found], today)
    context = {
        "page": page,
        "rows": [_row(one, line) for one, line in zip(found, whose, strict=True)],
        "tabs": [
            Tab(_("没办完"), "?", current=bool(state)),
            Tab(_("全部"), "?tab=all", current=not state),
        ],
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("异议和复评")),
        ],
    }
    return render(request, "assessment_desk/disputes.html", context)


@screen(Permission.SEE_ASSESSMENTS)
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one dispute."""
    return _page(request, _found(request, pk))


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a dispute without another assessment."""
    found = _found(request, pk)
    if request.method != "POST":
        return redirect("assessment_desk:dispute", pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    reader = reader_of(request)
    answer = form.cleaned_data["answer"]
    tried(
        request,
        lambda: dismiss_dispute(dispute_id=pk, answer=answer, acting=reader, as_of=clock.today()),
        _("已答复，维持原结果。"),
    )
    return redirect("assessment_desk:dispute", pk)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the person assessed again by others."""
    _found(request, pk)
    if request.method == "POST":
        reader = reader_of(request)
        today = clock.today()
        done = tried(
            request,
            lambda: order_review(
                dispute_id=pk,
                acting=reader,
                as_of=today,
                clocks=assessment_rules(today).clocks,
            ),
            _("已决定复评，请安排另外两名评估员。"),
        )
        if done:
            return redirect("assessment_desk:case", done.pk)
    return redirect("assessment_desk:dispute", pk)


def _found(request: HttpRequest, pk: int) -> Dispute:
    try:
        return get_dispute(reader_of(request), pk)
    except Dispute.DoesNotExist as missing:
        raise Http404 from missing


def _row(one: Dispute, line: PersonLine) -> DisputeRow:
    badge = clock_status(one.due_on, one.decided_on, line.today)
    return DisputeRow(one, line, dispute_status(one.state), badge)


def _page(
    request: HttpRequest, found: Dispute, *, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    reader = reader_of(request)
    line = person_lines([(found.result.person, found.place_code)], clock.today())[0]
    context = {
        "row": _row(found, line),
        "level": level_words(found.result.level),
        "form": form or AnswerForm(),
        "can_decide": found.state == DisputeState.OPEN
        and reader.can(Permission.MANAGE_ASSESSMENTS),
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(_("异议和复评"), reverse("assessment_desk:disputes")),
            Crumb(line.name),
        ],
    }
    return render(request, "assessment_desk/dispute.html", context, status=status)
