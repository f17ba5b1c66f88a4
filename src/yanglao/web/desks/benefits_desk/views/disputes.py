"""Objections and appeals: the list with clocks, and deciding one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import (
    Dispute,
    DisputeKind,
    DisputeState,
    WrongMove,
    decide_dispute,
    get_dispute,
)
from yanglao.domain.benefits.public import disputes as disputes_in
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.forms import DecideForm
from yanglao.web.desks.benefits_desk.lines import lines_of
from yanglao.web.desks.benefits_desk.words import desk_tabs, dispute_status
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "disputes-list"

DISPUTES = TableSpec(
    key="benefit-disputes",
    caption=gettext_lazy("异议和复核"),
    default_sort="due_on",
    row_url=lambda row: reverse("benefits_desk:dispute", args=[row.pk]),
    row_label=lambda row: f"{row.case.person.name} {row.case.item.name}",
    columns=(
        Column("case.person.name", gettext_lazy("关于谁"), fixed=True),
        Column("case.item.name", gettext_lazy("待遇"), fixed=True),
        Column("kind", gettext_lazy("种类"), value=lambda row: row.get_kind_display()),
        Column("made_on", gettext_lazy("哪天提出"), kind="date", sort="made_on"),
        Column(
            "state",
            gettext_lazy("办到哪一步"),
            kind="status",
            value=lambda row: dispute_status(row, clock.today()),
            sort="due_on",
        ),
        Column("taken_by", gettext_lazy("受理人")),
        Column("decided_by", gettext_lazy("决定人"), hidden=True),
    ),
)


@screen(Permission.SEE_BENEFITS)
def disputes(request: HttpRequest) -> HttpResponse:
    """List objections and appeals, the most urgent first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = bind_filters(
        request,
        [
            Filter("kind", _("种类"), choices=DisputeKind.choices),
            Filter("state", _("办到哪一步"), choices=[("all", _("全部")), *DisputeState.choices]),
        ],
        part_id=_PART,
    )
    state = "" if bar["state"] == "all" else bar["state"] or DisputeState.OPEN.value
    context: dict[str, Any] = {
        "tabs": desk_tabs(request, "disputes"),
        "bar": bar,
        "table": DISPUTES.bind(
            request,
            disputes_in(reader, kind=bar["kind"], state=state),
            part_id=_PART,
            empty={
                "title": _("没有等着答复的异议和复核"),
                "text": _("有人对公示提意见、或对决定不服，到那件个案里登记。"),
            },
        ),
        "part_id": _PART,
        "title": _("异议和复核"),
        "note": _("异议由初审单位答复；复核由没有经手过的人决定"),
    }
    return render_page_or_part(
        request, "benefits_desk/list.html", "benefits_desk/parts/table.html", context
    )


@screen(Permission.SEE_BENEFITS, writes=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one, and decide it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        row = get_dispute(reader, pk)
    except Dispute.DoesNotExist as missing:
        raise Http404 from missing
    needs = (
        Permission.APPROVE_BENEFITS
        if row.kind == DisputeKind.APPEAL
        else Permission.PREPARE_BENEFITS
    )
    may = reader.can(needs) and row.state == DisputeState.OPEN
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied(_("您的角色不能决定，或者已经办结。"))
        if form.is_valid() and _decided(request, form, pk, reader, clock.today()):
            return redirect("benefits_desk:case", row.case_id)
    context: dict[str, Any] = {
        "row": row,
        "status": dispute_status(row, clock.today()),
        "line": lines_of([row.case], clock.today())[0],
        "form": form if may else None,
        "trail": [
            Crumb(_("异议和复核"), reverse("benefits_desk:disputes")),
            Crumb(str(row.get_kind_display())),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "benefits_desk/dispute.html", context, status=status)


def _decided(request: HttpRequest, form: DecideForm, pk: int, reader: Reader, today: date) -> bool:
    try:
        decide_dispute(
            dispute_id=pk,
            outcome=DisputeState(form.cleaned_data["outcome"]),
            answer=form.cleaned_data["answer"],
            as_of=today,
            acting=reader,
        )
    except WrongMove as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("已办结。"))
    return True
