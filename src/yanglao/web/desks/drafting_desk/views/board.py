"""All drafts of the area; those chosen are set side by side."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import (
    Draft,
    DraftRefused,
    DraftState,
    comparisons,
    drafts,
)
from yanglao.domain.places.public import names_of
from yanglao.flows.compare_drafts import ask_to_compare
from yanglao.flows.draft_catalogue import NothingToDraft, begin_draft
from yanglao.flows.publish_draft import revision_due
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.drafting_desk.forms import DraftForm
from yanglao.web.desks.drafting_desk.opening import small_number
from yanglao.web.desks.drafting_desk.words import state_badge
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.formats import moment
from yanglao.web.kit.parts import Action, Crumb
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_SHOWN = 8

DRAFTS = TableSpec(
    key="drafts",
    caption=gettext_lazy("清单修订方案"),
    columns=(
        Column("title", gettext_lazy("方案"), fixed=True, wide=True, width=30),
        Column(
            "state", gettext_lazy("到哪一步"), kind="status", value=lambda row: state_badge(row)
        ),
        Column("place", gettext_lazy("地方")),
        Column("in_force_from", gettext_lazy("拟生效"), kind="date", sort="in_force_from"),
        Column("changed_by", gettext_lazy("最后修改"), note=lambda row: row.when),
        Column("revision", gettext_lazy("改过几处"), kind="num", hidden=True),
    ),
    row_key=lambda row: row.pk,
    row_url=lambda row: reverse("drafting_desk:draft", args=[row.pk]),
)


@screen(Permission.SEE_DRAFTS)
def board(request: HttpRequest) -> HttpResponseBase:
    """Show the drafts, what was compared lately, and whether the yearly revision is due."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    bar = bind_filters(
        request,
        [
            Filter("state", _("到哪一步"), choices=[(s.value, str(s.label)) for s in DraftState]),
            Filter("title", _("名称"), kind="text"),
        ],
        part_id="drafts-list",
    )
    rows = drafts(reader)
    if bar["state"]:
        rows = rows.filter(state=bar["state"])
    if bar["title"]:
        rows = rows.filter(title__icontains=bar["title"])
    found = list(rows)
    _dress(found)
    table = DRAFTS.bind(
        request,
        found,
        part_id="drafts-list",
        actions=[Action(_("测算和比较"), "compare", icon="scale", tone="primary")],
        action_url=reverse("drafting_desk:compare"),
        empty={
            "title": _("还没有方案"),
            "text": _("写一个方案，几秒钟就能看到谁增谁减、要花多少钱。"),
            "action_url": reverse("drafting_desk:new"),
            "action_text": _("写一个方案"),
        },
    )
    due = revision_due(reader.area, clock.today())
    context = {
        "bar": bar,
        "table": table,
        "due": due,
        "due_words": _long_words(due[1]) if due else "",
        "recent": list(comparisons(reader).defer("figures")[:_SHOWN]),
        "may_draft": reader.can(Permission.DRAFT_CATALOGUE),
    }
    return render_page_or_part(
        request, "drafting_desk/board.html", "drafting_desk/parts/table.html", context
    )


def _long_words(days: int) -> str:
    """Return how long a list has been in force, as one says it."""
    years, months = divmod(days * 12 // 365, 12)
    told = [_(" %d 年") % years if years else "", _(" %d 个月") % months if months else ""]
    return "".join(told)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a draft."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    form = DraftForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin_draft(
                title=form.cleaned_data["title"],
                area=reader.area,
                in_force_from=date.fromisoformat(form.cleaned_data["in_force_from"]),
                words=form.cleaned_data["words"],
                acting=reader,
            )
            return redirect("drafting_desk:draft", pk=draft.pk)
        except (NothingToDraft, DraftRefused) as problem:
            form.add_error(None, str(problem))
    trail = [Crumb(_("清单修订"), reverse("drafting_desk:board")), Crumb(_("新方案"))]
    return render_page_or_part(
        request, "drafting_desk/new.html", "drafting_desk/new.html", {"form": form, "trail": trail}
    )


@screen(Permission.SEE_DRAFTS, writes=True)
def compare(request: HttpRequest) -> HttpResponseBase:
    """Ask for the chosen drafts to be set side by side."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    if request.method != "POST":
        return redirect("drafting_desk:board")
    sent = [small_number(pk) for pk in request.POST.getlist("chosen")]
    chosen = [pk for pk in sent if pk is not None]
    try:
        asked = ask_to_compare(chosen, acting=reader)
    except (DraftRefused, Draft.DoesNotExist) as problem:
        text = str(problem) if isinstance(problem, DraftRefused) else _("没有这个方案。")
        messages.error(request, text)
        return redirect("drafting_desk:board")
    return redirect("drafting_desk:comparison", pk=asked.pk)


def _dress(rows: list[Draft]) -> None:
    """Give rows what the table shows besides."""
    names = names_of(row.area for row in rows)
    for row in rows:
        row.place = names.get(row.area, row.area)  # type: ignore[attr-defined]
        row.when = moment(row.changed_at)  # type: ignore[attr-defined]
