"""评估表: the form of 17 items, filled in by keyboard or finger, sums and table shown live."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import Grading, GradingState, WrongStep, my_gradings
from yanglao.flows.grade_ltci import clean_answers, ltci_sheet, save_ltci_sheet, sign_ltci_sheet
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.views.gradings import grading_lines, grading_of
from yanglao.web.desks.insurance_desk.words import page, reader_of
from yanglao.web.kit.rows import fetch_dressed
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

MINE = TableSpec(
    key="ltci-my-sheets",
    caption=gettext_lazy("分给我的失能评估"),
    row_url=lambda line: reverse("insurance_desk:my-sheet", args=[line.row.pk]),
    columns=(
        Column("name", gettext_lazy("姓名"), fixed=True),
        Column("who", gettext_lazy("性别年龄和地点"), wide=True),
        Column("kind", gettext_lazy("类别"), value=lambda line: line.row.get_kind_display()),
        Column(
            "planned_on",
            gettext_lazy("计划上门"),
            kind="day",
            value=lambda line: line.row.planned_on,
        ),
        Column(
            "done",
            gettext_lazy("填到哪里"),
            value=lambda line: _("%(n)d / 17 项") % {"n": len(line.row.answers)},
        ),
        Column("graders", gettext_lazy("评估员"), wide=True),
    ),
)


@screen(Permission.ASSESS)
def my_sheets(request: HttpRequest) -> HttpResponse:
    """List the forms that wait for the reader."""
    rows = my_gradings(reader_of(request))
    context: dict[str, Any] = {
        "title": _("分给我的失能评估"),
        "note": _("两人一起上门，填一张表，都要签字。"),
        "trail": [],
        "sections": [],
        "buttons": [],
        "part_id": "my-sheets",
        "table": MINE.bind(
            request,
            fetch_dressed(rows, partial(grading_lines, today=clock.today())),
            total=rows.count(),
            empty={
                "title": _("现在没有分给您的评估"),
                "text": _("经办人安排以后会出现在这里。"),
                "icon": "clipboard-check",
            },
        ),
    }
    return render(request, "insurance_desk/list.html", context)


@screen(Permission.MANAGE_INSURANCE, writes=True)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form to an officer of the insurance; its graders fill it in."""
    return _sheet(request, pk, "insurance_desk:grading", "insurance_desk:score")


@screen(Permission.ASSESS, writes=True)
def my_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form to an assessor to whom it was given."""
    _only_mine(request, pk)
    return _sheet(request, pk, "insurance_desk:my-sheets", "insurance_desk:my-score")


@screen(Permission.MANAGE_INSURANCE, writes=True)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers so far and show what they come to."""
    return _score(request, pk)


@screen(Permission.ASSESS, writes=True)
def my_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers so far and show what they come to, for an assessor."""
    _only_mine(request, pk)
    return _score(request, pk)


def _only_mine(request: HttpRequest, pk: int) -> None:
    row = grading_of(request, pk)
    if reader_of(request).user_id not in {row.grader_one_id, row.grader_two_id}:
        raise PermissionDenied(_("这张评估表分给了别的评估员。"))


def _sheet(request: HttpRequest, pk: int, back: str, live: str) -> HttpResponse:
    row, today, acting = grading_of(request, pk), clock.today(), reader_of(request)
    mine = acting.user_id in {row.grader_one_id, row.grader_two_id}
    back_url = reverse(back) if back.endswith("my-sheets") else reverse(back, args=[pk])
    if request.method == "POST" and mine:
        if _post(request, row, today):
            return redirect(back_url)
        row = grading_of(request, pk)
    day = row.graded_on or today
    signed = row.one_signed_at if acting.user_id == row.grader_one_id else row.two_signed_at
    context = page(
        "gradings",
        _("失能评估表：%(name)s") % {"name": row.person.name},
        last=row.person.name,
        row=row,
        sheet=ltci_sheet(row.answers, day),
        live_url=reverse(live, args=[pk]),
        back=back_url,
        may_fill=mine and row.state == GradingState.GRADING,
        mine=mine,
        signed=bool(signed) and mine,
        others_signed=bool(row.one_signed_at or row.two_signed_at) and not signed,
    )
    if back.endswith("my-sheets"):
        context["trail"] = []
    return render(request, "insurance_desk/sheet.html", context)


def _post(request: HttpRequest, row: Grading, today: date) -> bool:
    """Keep the answers, and sign when asked; say what came of it."""
    acting = reader_of(request)
    try:
        answers = clean_answers(request.POST.dict(), today)
        save_ltci_sheet(grading_id=row.pk, answers=answers, acting=acting, as_of=today)
        if request.POST.get("act") != "sign":
            messages.success(request, _("已保存，填了 %(n)d 项。") % {"n": len(answers)})
            return False
        signed = sign_ltci_sheet(grading_id=row.pk, acting=acting, as_of=today)
    except WrongStep as refusal:
        messages.error(request, str(refusal))
        return False
    both = signed.state == GradingState.SIGNED
    messages.success(
        request, _("两人都已签字，交经办人公示。") if both else _("已签字，等另一位评估员签字。")
    )
    return True


def _score(request: HttpRequest, pk: int) -> HttpResponse:
    row, today = grading_of(request, pk), clock.today()
    refused = ""
    if request.method == "POST":
        answers = clean_answers(request.POST.dict(), today)
        try:
            save_ltci_sheet(grading_id=pk, answers=answers, acting=reader_of(request), as_of=today)
        except WrongStep as refusal:
            refused = str(refusal)
        shown = ltci_sheet(answers, today)
    else:
        shown = ltci_sheet(row.answers, today)
    context = {"sheet": shown, "refused": refused}
    return render(request, "insurance_desk/parts/score.html", context)
