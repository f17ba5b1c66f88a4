"""The lists that came in, as tables and filters of this desk need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.exchange.public import ListState, ReceivedList, lists
from yanglao.domain.places.public import names_of
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.words import (
    full_words,
    joined,
    kind_choices,
    kind_label,
    month_words,
    state_of,
)
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Link, Status
from yanglao.web.kit.tables import Column, TableSpec

#: Rows that went back longer ago than this no longer call for attention in the menu.
_LATELY = timedelta(days=31)
PART = "lists-list"
#: Longer file names would push the last column out of the page.
_LONGEST_NAME = 22


def went_back_lately(reader: Reader) -> QuerySet[ReceivedList]:
    """Return the lists of the last month with rows to put right, those refused whole included."""
    since = clock.now() - _LATELY
    return (
        lists(reader)
        .filter(Q(returned__gt=0) | Q(state=ListState.REFUSED), batch__taken_at__gte=since)
        .order_by("-id")
    )


@dataclass(frozen=True, slots=True)
class ListLine:
    """A received list, ready to show."""

    row: ReceivedList
    place: str

    @property
    def kind(self) -> str:
        """What it is a list of."""
        return kind_label(self.row.kind)

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("lists_desk:list", args=[self.row.pk])

    @property
    def state(self) -> Status:
        """What became of it."""
        return state_of(self.row.state, self.row.returned)

    @property
    def sent(self) -> str:
        """Sender and place."""
        return joined([self.row.batch.sender, self.place])

    @property
    def of_month(self) -> str:
        """Month, and whether it is whole."""
        return joined([month_words(self.row.batch.month), full_words(self.row.batch.full)])

    @property
    def back(self) -> Link | str:
        """How many rows went back, linked to the sheet that holds them."""
        if not self.row.returned:
            return "0"
        address = reverse("lists_desk:returned", args=[self.row.pk])
        return Link(_("%(n)s 行") % {"n": f"{self.row.returned:,}"}, address)

    @property
    def file(self) -> str:
        """The name of its file, shortened in the middle; whole on the page of the list."""
        name = self.row.file_name
        return name if len(name) <= _LONGEST_NAME else f"{name[:12]}…{name[-8:]}"


LISTS = TableSpec(
    key="received-lists",
    caption=gettext_lazy("收到的名单"),
    columns=(
        Column("kind", gettext_lazy("名单"), fixed=True, note=lambda line: line.file),
        Column("sent", gettext_lazy("谁报的"), wide=True, note=lambda line: line.of_month),
        Column("state", gettext_lazy("结果"), kind="status"),
        Column("row.received", gettext_lazy("收到"), kind="num", sort="received"),
        Column("row.accepted", gettext_lazy("接收"), kind="num", sort="accepted"),
        Column(
            "back",
            gettext_lazy("退回"),
            kind="link",
            sort="returned",
            excel=lambda line: line.row.returned,
        ),
        Column("row.people_new", gettext_lazy("新建档案"), kind="num", hidden=True),
        Column("row.facts_new", gettext_lazy("新情况"), kind="num", hidden=True),
        Column(
            "row.batch.taken_at",
            gettext_lazy("接收时间"),
            kind="moment",
            sort="id",
            note=lambda line: line.row.batch.taken_by,
        ),
    ),
    default_sort="-id",
    row_url=lambda line: line.url,
    row_label=lambda line: f"{line.kind} {line.row.file_name}",
)


def list_filters(request: HttpRequest, reader: Reader) -> FilterBar:
    """Return the filters over received lists."""
    filters = (
        Filter("kind", _("名单"), choices=kind_choices(reader)),
        Filter("sender", _("报送单位"), "text", hint=_("例如：残联")),
        Filter("month", _("月份"), "month"),
        Filter(
            "state",
            _("结果"),
            choices=[
                ("back", _("有退回的行")),
                (ListState.TAKEN_IN.value, _("已接收")),
                (ListState.REFUSED.value, _("整份退回")),
                (ListState.REPEATED.value, _("重复报送")),
            ],
        ),
    )
    return bind_filters(request, filters, part_id=PART)


def chosen_lists(reader: Reader, bar: FilterBar) -> QuerySet[ReceivedList]:
    """Return the lists that the filters keep."""
    rows = lists(reader)
    if bar["kind"]:
        rows = rows.filter(kind=bar["kind"])
    if bar["sender"]:
        rows = rows.filter(batch__sender__contains=bar["sender"])
    if bar["month"]:
        rows = rows.filter(batch__month=date.fromisoformat(f"{bar['month']}-01"))
    if bar["state"] == "back":
        rows = rows.filter(returned__gt=0)
    elif bar["state"]:
        rows = rows.filter(state=bar["state"])
    return rows


def sums(rows: QuerySet[ReceivedList]) -> dict[str, int]:
    """Add up lists: how many, and their rows received, accepted and returned; one query."""
    zero = {
        name: Coalesce(Sum(name), 0) for name in ("received", "accepted", "returned", "people_new")
    }
    found = rows.order_by().aggregate(
        lists=Count("id"),
        **zero,
    )
    return {name: int(value) for name, value in found.items()}


def dressed(rows: Sequence[ReceivedList]) -> list[ListLine]:
    """Return lists with the names of their places; one query."""
    names = names_of(row.place_code for row in rows)
    return [ListLine(row, names.get(row.place_code, row.place_code)) for row in rows]
