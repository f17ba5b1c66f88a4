"""收到的名单: what came in, from whom, what became of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.received import (
    LISTS,
    PART,
    chosen_lists,
    dressed,
    list_filters,
    sums,
)
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import FilterBar
from yanglao.web.kit.parts import Stat
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen


@screen(Permission.SEE_LISTS)
def lists_page(request: HttpRequest) -> HttpResponse:
    """List what came in, the newest first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = list_filters(request, reader)
    rows = chosen_lists(reader, bar)
    counted = sums(rows)
    context = {
        "bar": bar,
        "part_id": PART,
        "stats": _stats(counted) if counted["lists"] else [],
        "may_take_in": reader.can(Permission.TAKE_IN_LISTS),
        "table": LISTS.bind(
            request,
            fetch_dressed(rows, dressed),
            total=counted["lists"],
            export_url=reverse("lists_desk:export"),
            empty=_empty(bar, reader),
            part_id=PART,
        ),
    }
    return render_page_or_part(
        request, "lists_desk/lists.html", "lists_desk/parts/lists.html", context
    )


@screen(Permission.SEE_LISTS)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the lists that the filters keep, as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = list_filters(request, reader)
    rows = chosen_lists(reader, bar)
    return excel_response(
        request,
        LISTS,
        all_dressed(rows, LISTS.order_of(request), dressed),
        title=_("收到的名单"),
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=rows,
    )


def _stats(counted: dict[str, int]) -> list[Stat]:
    back = f"{reverse('lists_desk:lists')}?state=back"
    return [
        Stat(_("名单"), counted["lists"], unit=_("份")),
        Stat(_("收到"), counted["received"], _("接收加退回，一行不少"), unit=_("行")),
        Stat(_("接收"), counted["accepted"], unit=_("行")),
        Stat(
            _("退回"),
            counted["returned"],
            _("改好以后再报一次就行"),
            back if counted["returned"] else "",
            "accent" if counted["returned"] else "",
            _("行"),
        ),
    ]


def _empty(bar: FilterBar, reader: Reader) -> dict[str, Any]:
    if bar.active:
        return {
            "title": _("没有这样的名单"),
            "text": _("换一个条件，或清除筛选看全部名单。"),
            "icon": "list-filter",
        }
    found = {
        "title": _("还没有收到名单"),
        "text": _("把部门的表格传上来，先核对，确认以后才写入。"),
        "icon": "file-spreadsheet",
    }
    if reader.can(Permission.TAKE_IN_LISTS):
        found |= {"action_url": reverse("lists_desk:upload"), "action_text": _("接收名单")}
    return found
