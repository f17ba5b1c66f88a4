"""分不清的行: rows that wait for a clerk, and those that have been decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.linkage.public import RowState, WaitingRow, Why, waiting_rows
from yanglao.domain.people.public import KIND_LABELS, Kind
from yanglao.domain.places.public import full_names_of
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.linking_desk.tabs import desk_tabs
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "linking-rows"
_FILTERS = (
    Filter("kind", gettext_lazy("名单"), "choice", [(k.value, KIND_LABELS[k]) for k in Kind]),
    Filter("why", gettext_lazy("为什么"), "choice", list(Why.choices)),
    Filter("name", gettext_lazy("姓名"), "text"),
)
_TONES = {
    RowState.WAITING: "warning",
    RowState.LINKED: "success",
    RowState.NEW: "success",
    RowState.RETURNED: "error",
}


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row ready to show."""

    row: WaitingRow
    place: str

    @property
    def kind(self) -> str:
        """Which list it stands on."""
        return str(KIND_LABELS[Kind(self.row.kind)])

    @property
    def why(self) -> str:
        """Why it waits."""
        return str(Why(self.row.why).label)

    @property
    def sender(self) -> str:
        """Who sent it, and where it stands."""
        batch = self.row.received_list.batch
        return _("%(sender)s 第 %(row)s 行") % {"sender": batch.sender, "row": self.row.row_no}

    @property
    def status(self) -> Status:
        """What became of it."""
        state = RowState(self.row.state)
        return Status(state.label, _TONES[state])

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("linking_desk:row", args=[self.row.pk])


ROWS = TableSpec(
    key="linking-rows",
    caption=gettext_lazy("分不清是哪一位的行"),
    columns=(
        Column("row.name", gettext_lazy("名单上的姓名"), note=attrgetter("place"), fixed=True),
        Column("kind", gettext_lazy("名单"), note=attrgetter("sender")),
        Column("why", gettext_lazy("为什么")),
        Column("row.came_at", gettext_lazy("收到"), kind="moment"),
        Column("status", gettext_lazy("现状"), kind="status"),
    ),
    page_size=50,
    row_url=attrgetter("url"),
    row_label=attrgetter("row.name"),
)


@screen(Permission.TAKE_IN_LISTS)
def rows(request: HttpRequest) -> HttpResponse:
    """List the rows that wait, the oldest first."""
    return _page(request, RowState.WAITING, "rows")


@screen(Permission.TAKE_IN_LISTS)
def decided(request: HttpRequest) -> HttpResponse:
    """List what has been decided, so that it can be taken back."""
    return _page(request, RowState.LINKED, "decided")


def _page(request: HttpRequest, state: RowState, name: str) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = bind_filters(request, _FILTERS, part_id=_PART)
    found = waiting_rows(reader, state=state)
    if state != RowState.WAITING:
        found = found.order_by("-decided_at", "-id")
    if bar["kind"]:
        found = found.filter(kind=bar["kind"])
    if bar["why"]:
        found = found.filter(why=bar["why"])
    if bar["name"]:
        found = found.filter(name__contains=bar["name"])

    def fetch(order: Sequence[str], start: int, count: int) -> list[RowLine]:
        chosen = list(found[start : start + count])
        places = full_names_of({row.place_code for row in chosen})
        return [RowLine(row, places.get(row.place_code, "")) for row in chosen]

    first = found.first() if state == RowState.WAITING else None
    context = {
        "tabs": desk_tabs(request, "rows"),
        "bar": bar,
        "part_id": _PART,
        "first": first,
        "waiting": state == RowState.WAITING,
        "table": ROWS.bind(
            request,
            fetch,
            total=found.count(),
            empty=_empty(bar, state),
            part_id=_PART,
        ),
    }
    return render_page_or_part(
        request, "linking_desk/rows.html", "linking_desk/parts/rows.html", context
    )


def _empty(bar: FilterBar, state: RowState) -> dict[str, str]:
    if bar.active:
        return {
            "title": _("没有这样的行"),
            "text": _("换一个条件，或清除筛选看全部。"),
            "icon": "list-filter",
        }
    if state != RowState.WAITING:
        return {"title": _("还没有确认过"), "text": _("确认过的行会列在这里，确认错了可以撤回。")}
    return {
        "title": _("没有要确认的行"),
        "text": _("收进来的名单里，分不清是哪一位老人的行会列在这里。"),
        "icon": "circle-check",
    }
