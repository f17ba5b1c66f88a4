"""The table form on a desktop: an assessor's own sheets, the 26 items by keyboard alone."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    Edit,
    Sheet,
    finish_sheet,
    record_edits,
    settle_conflict,
    sheets_of_assessor,
)
from yanglao.flows.open_assessment import OpenedSheet, open_sheet
from yanglao.flows.read_assessment_form import FormField, FormPart, Item
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.assessment_desk.lines import lines_of
from yanglao.web.desks.assessment_desk.views.asking import reader_of, tried
from yanglao.web.desks.assessment_desk.views.sheet import quarrels
from yanglao.web.desks.assessment_desk.words import level_words
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_PURPOSE = "填写评估表"
_DEVICE = "desk"
_SHOWN_DAYS = 30


@screen(Permission.ASSESS)
def mine(request: HttpRequest) -> HttpResponse:
    """List the sheets that the assessor works on."""
    reader = reader_of(request)
    today = clock.today()
    views = sheets_of_assessor(reader, today, days_ahead=_SHOWN_DAYS)
    lines = lines_of([view.sheet.assessment for view in views], today)
    context = {"rows": list(zip(views, lines, strict=True)), "today": today}
    return render(request, "assessment_desk/mine.html", context)


@screen(Permission.ASSESS, writes=True, leaves_trace=True)
def entry(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """Show the table form; save what was changed."""
    reader = reader_of(request)
    opened = _opened(reader, sheet_id)
    if request.method == "POST":
        edits, unread = _edits(request, opened)
        if unread:
            messages.error(request, "；".join(unread[:4]))
        outcome = record_edits(
            sheet_id=sheet_id, edits=edits, acting=reader, refuses=opened.form.refuses
        )
        if outcome.refused:
            messages.error(request, "；".join(one.why for one in outcome.refused[:4]))
        elif outcome.conflicts:
            messages.warning(request, _("已保存。有答案与另一台设备不同，请在下面选定。"))
        elif not unread:
            messages.success(request, _("已保存 %(number)d 处修改。") % {"number": len(edits)})
        return redirect("assessment_desk:entry", sheet_id)
    return _page(request, opened)


@screen(Permission.ASSESS, writes=True, leaves_trace=True)
def settle(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """Let one of several answers stand."""
    reader = reader_of(request)
    _opened(reader, sheet_id)
    if request.method == "POST":
        field = request.POST.get("field", "")
        keep = request.POST.get("keep", "")
        tried(
            request,
            lambda: settle_conflict(
                sheet_id=sheet_id, field=field, keep_edit_id=keep, acting=reader
            ),
            _("已选定。"),
        )
    return redirect("assessment_desk:entry", sheet_id)


@screen(Permission.ASSESS, writes=True, leaves_trace=True)
def finish(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """Hand the sheet in."""
    reader = reader_of(request)
    _opened(reader, sheet_id)
    if request.method == "POST":
        done = tried(
            request, lambda: finish_sheet(sheet_id=sheet_id, acting=reader), _("已交评估表。")
        )
        if done:
            return redirect("assessment_desk:mine")
    return redirect("assessment_desk:entry", sheet_id)


def _opened(reader: Reader, sheet_id: str) -> OpenedSheet:
    try:
        return open_sheet(reader, sheet_id, purpose=_PURPOSE)
    except Sheet.DoesNotExist as missing:
        raise Http404 from missing


def _page(request: HttpRequest, opened: OpenedSheet) -> HttpResponse:
    line = lines_of([opened.view.sheet.assessment], clock.today())[0]
    values = {name: view.value for name, view in opened.view.fields.items()}
    scored = opened.scored
    context: dict[str, Any] = {
        "sheet": opened.view.sheet,
        "line": line,
        "parts": [_part(part, values) for part in opened.form.form.parts],
        "dimensions": [
            {
                "dimension": dimension,
                "sum": scored.sums.get(dimension.code),
                "rows": [_item(item, values.get(item.code)) for item in dimension.items],
            }
            for dimension in opened.form.scale.dimensions
        ],
        "revisions": {name: view.revision for name, view in opened.view.fields.items()},
        "quarrels": quarrels(opened),
        "total": scored.total,
        "full": sum(one.full for one in opened.form.scale.dimensions),
        "preliminary": level_words(scored.preliminary),
        "final": level_words(scored.final),
        "signatures": opened.view.signatures,
        "bands": [
            {"low": band.low, "high": band.high, "words": level_words(band.rank)}
            for band in opened.form.scale.levels.rows
        ],
        "trail": [
            Crumb(_("我的评估"), reverse("assessment_desk:mine")),
            Crumb(line.name),
        ],
    }
    return render(request, "assessment_desk/entry.html", context)


def _part(part: FormPart, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "part": part,
        "rows": [(one, _asked(one, values.get(one.name))) for one in part.fields],
    }


def _item(item: Item, value: object) -> dict[str, Any]:
    return {"item": item, "value": value, "options": item.options}


def _asked(field: FormField, value: Any) -> dict[str, Any]:
    chosen = value if isinstance(value, list) else [value]
    lines = "\n".join(map(str, value)) if field.kind == "lines" and isinstance(value, list) else ""
    return {
        "value": lines if field.kind == "lines" else ("" if value is None else value),
        "options": [(option, option.code in chosen) for option in field.options],
    }


def _edits(request: HttpRequest, opened: OpenedSheet) -> tuple[list[Edit], list[str]]:
    """Return an edit for every answer that differs from what the page had shown.

    ``base.<name>`` is the revision that the page showed, so that two people at two screens are
    noticed.
    """
    found, unread = [], []
    moment = clock.now()
    names = [*opened.form.form.fields, *opened.form.scale.items]
    for name in names:
        if f"shown.{name}" not in request.POST:
            continue
        sent = request.POST.getlist(name)
        if sent == request.POST.getlist(f"was.{name}"):
            continue
        value, why = _value(opened, name, sent)
        if why:
            unread.append(why)
            continue
        base = request.POST.get(f"shown.{name}", "0")
        found.append(
            Edit(
                edit_id=str(uuid4()),
                field=name,
                value=value,
                at=moment,
                base=int(base) if base.isascii() and base.isdigit() and len(base) < 6 else 0,
                device=f"{_DEVICE}-{request.session.session_key or ''}"[:40],
            )
        )
    return found, unread


def _value(opened: OpenedSheet, name: str, sent: Sequence[str]) -> tuple[Any, str]:
    """Return what was sent as the form's value, and why it can't be read."""
    texts = [text.strip() for text in sent if text.strip()]
    if name in opened.form.scale.items:
        return _number(opened, name, texts[0] if texts else "")
    kind = opened.form.form.fields[name].kind
    if kind == "many":
        return texts, ""
    if not texts:
        return None, ""
    if kind == "lines":
        return [line.strip() for line in texts[0].splitlines() if line.strip()], ""
    if kind == "number":
        return _number(opened, name, texts[0])
    return texts[0], ""


def _number(opened: OpenedSheet, name: str, text: str) -> tuple[Any, str]:
    if not text:
        return None, ""
    try:
        value = float(text)
    except ValueError:
        return None, _("%s：应是数字。") % opened.form.label(name)
    return (int(value) if value.is_integer() else value), ""
