"""One draft: what it changes in words, what is wrong, its cases, its history."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import (
    Comparison,
    ComparisonState,
    DraftEdit,
    EditKind,
    comparisons,
    copy_draft,
    draft_history,
    take_aside,
    undo_change,
)
from yanglao.flows.draft_catalogue import newer_base
from yanglao.flows.publish_draft import move_to_newest
from yanglao.foundation import clock
from yanglao.web.desks.drafting_desk.forms import DraftForm
from yanglao.web.desks.drafting_desk.opening import Opened, acted, base_of, keep, open_draft_page
from yanglao.web.desks.drafting_desk.words import (
    grouped_changes,
    parameter_words,
    place_words,
    state_badge,
    value_words,
)
from yanglao.web.kit.formats import moment
from yanglao.web.kit.parts import Crumb, Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_LAST = 6


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field of an item that differs, in words."""

    label: str
    before: str
    after: str


HISTORY = TableSpec(
    key="draft-history",
    caption=gettext_lazy("修改记录"),
    columns=(
        Column("number", gettext_lazy("第几条"), kind="num", fixed=True),
        Column("place", gettext_lazy("改了哪里"), wide=True, width=30),
        Column(
            "now",
            gettext_lazy("改成"),
            note=lambda row: _("原来：%s") % row.was,
            wide=True,
            width=60,
        ),
        Column("did", gettext_lazy("怎样"), kind="status"),
        Column("by_name", gettext_lazy("谁"), note=lambda row: moment(row.at)),
    ),
)


@screen(Permission.SEE_DRAFTS)
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a draft."""
    opened = open_draft_page(request, pk)
    found = opened.draft
    edits = _dressed(opened, list(draft_history(opened.reader, found)[:_LAST]))
    counted = _counted(opened)
    pack = opened.reading.pack or opened.reading.base
    context = {
        "opened": opened,
        "draft": found,
        "reading": opened.reading,
        "badge": state_badge(found),
        "changed": _changed(opened),
        "told": grouped_changes(found.changes, opened.names),
        "numbers": [
            change
            for change in (
                opened.reading.difference.parameters if opened.reading.difference else ()
            )
            if not pack.parameters[change.field].rows
        ]
        if opened.reading.pack
        else [],
        "edits": edits,
        "asides": [edit for edit in edits if edit.kind == EditKind.ASIDE],
        "counted": counted,
        "newer": newer_base(found) if opened.may_change else None,
        "items": [
            (code, item.name, code in opened.reading.base.items, f"item:{code}" in found.changes)
            for code, item in pack.items.items()
        ],
        "off": [
            (code, opened.reading.base.items[code].name)
            for key in found.changes
            if key.startswith("off:") and (code := key[4:]) in opened.reading.base.items
        ],
        "facts": list(pack.facts.values()),
        "may_change": opened.may_change,
        "may_approve": opened.reader.can(Permission.APPROVE_CATALOGUE),
        "cases_line": _cases_line(opened),
        "trail": [*opened.trail()[:1], Crumb(found.title)],
    }
    return render(request, "drafting_desk/draft.html", context)


@screen(Permission.SEE_DRAFTS)
def history(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show who changed what, the newest first."""
    opened = open_draft_page(request, pk)
    rows = draft_history(opened.reader, opened.draft)

    def fetch(order: str, start: int, count: int) -> list[DraftEdit]:
        return _dressed(opened, list(rows[start : start + count]))

    table = HISTORY.bind(
        request,
        fetch,
        part_id="history-list",
        empty={"title": _("还没有修改"), "text": _("改了什么、谁改的，都会留在这里。")},
    )
    context = {"table": table, "opened": opened, "trail": opened.trail(Crumb(_("修改记录")))}
    return render_page_or_part(
        request, "drafting_desk/history.html", "drafting_desk/parts/table.html", context
    )


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def cases(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the worked cases that come out otherwise; each is confirmed, or the rule is changed."""
    opened = open_draft_page(request, pk)
    known = {case.key: case for case in opened.reading.cases}
    if request.method == "POST":
        keys = [key for key in request.POST.getlist("case") if key in known]
        for key in keys:
            keep(request, opened, key, known[key].got_word, base_of(request, opened))
        return redirect("drafting_desk:cases", pk=pk)
    context = {
        "opened": opened,
        "failed": [
            (case, opened.names.get(case.item, case.item)) for case in opened.reading.failed
        ],
        "confirmed": [case for case in opened.reading.cases if case.confirmed],
        "passed": sum(case.passed for case in opened.reading.cases),
        "all": len(opened.reading.cases),
        "trail": opened.trail(Crumb(_("算例"))),
    }
    return render(request, "drafting_desk/cases.html", context)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def fields(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change what the draft is called, why, and from when it should hold."""
    opened = open_draft_page(request, pk)
    found = opened.draft
    initial = {
        "title": found.title,
        "words": found.words,
        "in_force_from": found.in_force_from.isoformat(),
    }
    form = DraftForm(request.POST or None, initial=initial, today=clock.today())
    if request.method == "POST" and form.is_valid():
        base = base_of(request, opened)
        for key, name in (("!title", "title"), ("!words", "words"), ("!day", "in_force_from")):
            if form.cleaned_data[name] != initial[name]:
                keep(request, opened, key, form.cleaned_data[name], base)
        return redirect("drafting_desk:draft", pk=pk)
    context = {"form": form, "opened": opened, "trail": opened.trail(Crumb(_("名称和日期")))}
    return render(request, "drafting_desk/fields.html", context)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the last change back that still stands."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: undo_change(draft_id=pk, acting=opened.reader),
        _("已撤销上一步。"),
    )


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def take(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Take a change after all that was kept aside."""
    opened = open_draft_page(request, pk)
    kept = draft_history(opened.reader, opened.draft).filter(number=number, kind=EditKind.ASIDE)
    if request.method != "POST" or not kept.exists():
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: take_aside(draft_id=pk, number=number, acting=opened.reader),
        _("已改用另存的这一条。"),
    )


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Lay the changes over the version that was published since."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: move_to_newest(draft_id=pk, acting=opened.reader),
        _("已移到新版本上，请再看一遍改动和算例。"),
    )


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def copy(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin another draft with the same changes."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    title = _("%s（另一个）") % opened.draft.title
    made = copy_draft(draft_id=pk, title=title[:80], acting=opened.reader)
    return redirect(reverse("drafting_desk:draft", args=[made.pk]))


def _changed(opened: Opened) -> list[tuple[str, str, list[FieldWords]]]:
    """Return the items that differ, field by field; numbers by their names."""
    difference = opened.reading.difference
    return [
        (
            item.code,
            item.name,
            [
                FieldWords(
                    change.label,
                    parameter_words(change.before, opened.names),
                    parameter_words(change.after, opened.names),
                )
                for change in item.changes
            ],
        )
        for item in (difference.changed if difference else ())
    ]


def _dressed(opened: Opened, rows: list[DraftEdit]) -> list[DraftEdit]:
    """Give entries of the history their words."""
    tones = {EditKind.EDIT: "plain", EditKind.UNDO: "neutral", EditKind.ASIDE: "warning"}
    for row in rows:
        row.place = place_words(row.key, opened.names)  # type: ignore[attr-defined]
        row.was = value_words(row.key, row.before)  # type: ignore[attr-defined]
        row.now = value_words(row.key, row.after)  # type: ignore[attr-defined]
        row.did = Status(row.get_kind_display(), tones[EditKind(row.kind)])  # type: ignore[attr-defined]
    return rows


def _cases_line(opened: Opened) -> str:
    failed = len(opened.reading.failed)
    total = len(opened.reading.cases)
    if not total:
        return ""
    if failed:
        return _("%(failed)d 个算例结果变了，等人确认（共 %(total)d 个）") % {
            "failed": failed,
            "total": total,
        }
    return _("%(total)d 个算例都对得上") % {"total": total}


def _counted(opened: Opened) -> Comparison | None:
    """Return the newest comparison that counted the draft as it is now."""
    done = (ComparisonState.FIRST, ComparisonState.DONE)
    rows = comparisons(opened.reader).filter(area=opened.draft.area, state__in=done)
    for row in rows.defer("figures")[:40]:
        for one in row.subjects:
            if one["draft"] == opened.draft.pk and one["revision"] == opened.draft.revision:
                return row
    return None
