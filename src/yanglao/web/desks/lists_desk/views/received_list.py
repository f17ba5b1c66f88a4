"""一份名单: its counts, the rows that went back, the sheet to put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.exchange.public import ListState, ReceivedList, get_list, notes
from yanglao.domain.places.public import full_names_of
from yanglao.flows.take_in_list import returned_sheet
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.words import (
    full_words,
    joined,
    kind_label,
    month_words,
    state_of,
)
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.formats import moment
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Crumb, Stat, Tab
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

PART = "rows-list"

ROWS = TableSpec(
    key="list-rows",
    caption=gettext_lazy("退回和提醒的行"),
    columns=(
        Column(
            "row_no",
            gettext_lazy("第几行"),
            value=lambda note: _("第 %(row)s 行") % {"row": f"{note.row_no:,}"},
            sort="id",
            fixed=True,
        ),
        Column("name", gettext_lazy("姓名")),
        Column(
            "reasons",
            gettext_lazy("为什么，怎么改"),
            value=lambda note: "；".join(note.reasons.splitlines()),
            wide=True,
        ),
        Column("sheet", gettext_lazy("工作表"), sort="sheet"),
    ),
    default_sort="id",
)


def list_of(reader: Reader, pk: int) -> ReceivedList:
    """Return a list that the reader may see.

    Raises:
        Http404: If there is none.
    """
    try:
        return get_list(reader, pk)
    except ReceivedList.DoesNotExist as problem:
        raise Http404(_("没有这份名单，或者它不在您的辖区和部门里。")) from problem


@screen(Permission.SEE_LISTS)
def received_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one list: what it brought, what went back and why."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    row = list_of(reader, pk)
    warned = request.GET.get("show") == "warned"
    table = ROWS.bind(
        request,
        notes(row, returned=not warned),
        total=row.flagged if warned else row.returned,
        part_id=PART,
        empty=_nothing(row, warned=warned),
    )
    context = {
        "row": row,
        "kind": kind_label(row.kind),
        "state": state_of(row.state, row.returned),
        "note": _note(row),
        "stats": _stats(row) if row.state == ListState.TAKEN_IN else [],
        "tabs": _tabs(request, row, warned=warned),
        "table": table,
        "part_id": PART,
        "returned_url": reverse("lists_desk:returned", args=[pk]) if row.returned else "",
        "sheets": [_sheet(sheet) for sheet in row.sheets],
        "template_url": reverse("lists_desk:kind", args=[row.kind]) if row.kind else "",
        "may_run": reader.can(Permission.RUN_MATCH) and row.accepted > 0,
        "may_take_in": reader.can(Permission.TAKE_IN_LISTS),
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(kind_label(row.kind))],
    }
    return render_page_or_part(
        request, "lists_desk/list.html", "lists_desk/parts/rows.html", context
    )


@screen(Permission.SEE_LISTS, leaves_trace=True)
def returned(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the sheet with the rows that went back, each with its reason."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    row = list_of(reader, pk)
    if not row.returned:
        raise Http404(_("这份名单没有退回的行。"))
    stem = row.file_name.rpartition(".")[0] or row.file_name
    name = _("%(file)s-退回%(rows)s行.xlsx") % {"file": stem, "rows": row.returned}
    return file_response(returned_sheet(reader, pk), name)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet of the file: its name, what was seen on it, what was no row of the list."""

    name: str
    words: str
    skipped: tuple[str, ...]


def _sheet(seen: Mapping[str, Any]) -> SheetLine:
    header = seen.get("header_row")
    return SheetLine(
        name=seen["name"],
        words=joined(
            [
                _("%(n)s 行") % {"n": f"{seen.get('rows', 0):,}"},
                _("第 %(n)s 行是表头") % {"n": header} if header else "",
                _("标题：%(title)s") % {"title": seen["title"]} if seen.get("title") else "",
            ]
        ),
        skipped=tuple(seen.get("skipped", ())),
    )


def _note(row: ReceivedList) -> str:
    places = full_names_of([row.place_code])
    batch = row.batch
    return joined(
        [
            batch.sender,
            places.get(row.place_code, row.place_code),
            month_words(batch.month),
            full_words(batch.full),
            _("%(who)s %(when)s 接收") % {"who": batch.taken_by, "when": moment(batch.taken_at)},
        ]
    )


def _stats(row: ReceivedList) -> list[Stat]:
    return [
        Stat(_("收到"), row.received, _("等于接收加退回"), unit=_("行")),
        Stat(
            _("接收"), row.accepted, _("其中 %(n)s 行有提醒") % {"n": f"{row.flagged:,}"}, unit="行"
        ),
        Stat(_("退回"), row.returned, tone="accent" if row.returned else "", unit=_("行")),
        Stat(_("新建档案"), row.people_new, unit=_("人")),
        Stat(
            _("新情况"),
            row.facts_new,
            _("另有 %(n)s 条和已知的一样") % {"n": f"{row.facts_same:,}"},
            unit=_("条"),
        ),
    ]


def _tabs(request: HttpRequest, row: ReceivedList, *, warned: bool) -> list[Tab]:
    keep = query_without(request, "page", "show", "sort")
    return [
        Tab(_("退回的行"), f"?{keep}", current=not warned, count=row.returned),
        Tab(_("接收了但要看一眼"), f"?{keep}show=warned", current=warned, count=row.flagged),
    ]


def _nothing(row: ReceivedList, *, warned: bool) -> dict[str, str]:
    if warned:
        return {"title": _("没有要看一眼的行"), "icon": "circle-check"}
    if row.state == ListState.REPEATED:
        return {
            "title": _("这份文件以前收过，什么都没有变"),
            "text": _("要改内容，请改好文件再报。"),
            "icon": "copy",
        }
    if row.state == ListState.REFUSED:
        return {"title": _("整份退回，没有逐行核对"), "icon": "file-x"}
    return {
        "title": _("没有退回的行"),
        "text": _("%(n)s 行全部接收。") % {"n": f"{row.accepted:,}"},
        "icon": "circle-check",
    }
