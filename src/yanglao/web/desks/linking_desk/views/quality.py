"""名单质量: how fresh each list is, how far it reaches, and what became of its rows, by county."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.exchange.public import row_sums
from yanglao.domain.linkage.public import waiting_by_place
from yanglao.domain.people.public import ListQuality, list_quality, people_by_county
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, area_range
from yanglao.web.desks.linking_desk.tabs import desk_tabs
from yanglao.web.kit.charts import Chart, Series, stacked_chart
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.parts import Bar, Stat, Status
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

#: Departments report by month, for the month before at the latest.
_FRESH_MONTHS = 1
#: Rows are counted over so many months: one bad month must not hide, an old one not count.
_MONTHS = 6


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One kind in one county, ready to show."""

    found: ListQuality
    people: int
    received: int
    returned: int
    new: int
    waiting: int

    @property
    def linked(self) -> int:
        """Rows that belong to somebody who was known."""
        return max(0, self.received - self.returned - self.new - self.waiting)

    @property
    def late(self) -> bool:
        """Whether there is nothing, or nothing fresh."""
        return self.found.months_old is None or self.found.months_old > _FRESH_MONTHS

    @property
    def month(self) -> date | None:
        """The newest month that is in."""
        months = [m for m in (self.found.full_month, self.found.supplement_month) if m]
        return max(months, default=None)

    @property
    def status(self) -> Status:
        """How fresh it is."""
        if self.found.months_old is None:
            return Status(_("没有报过"), "accent")
        if self.late:
            return Status(_("迟了 %d 个月") % (self.found.months_old - _FRESH_MONTHS), "warning")
        return Status(_("新的"), "success")

    @property
    def linked_share(self) -> float | None:
        """Share of rows that were linked to somebody known."""
        return self.linked / self.received if self.received else None

    @property
    def waiting_share(self) -> float | None:
        """Share of rows that wait for a clerk."""
        return self.waiting / self.received if self.received else None

    @property
    def returned_share(self) -> float | None:
        """Share of rows that went back."""
        return self.returned / self.received if self.received else None

    @property
    def reach(self) -> Bar:
        """Rows that stand against people of the county who have a file."""
        return Bar(min(self.received - self.returned, self.people), self.people)


QUALITY = TableSpec(
    key="linking-quality",
    caption=gettext_lazy("名单质量"),
    columns=(
        Column("found.county_name", gettext_lazy("县市"), sort="found.county", fixed=True),
        Column("found.kind_label", gettext_lazy("名单"), sort="found.kind"),
        Column("month", gettext_lazy("最近"), kind="month", sort="month"),
        Column("status", gettext_lazy("新不新"), kind="status"),
        Column("received", gettext_lazy("收到行数"), kind="num", sort="received"),
        Column("linked_share", gettext_lazy("对上"), kind="pct", sort="linked_share"),
        Column("waiting_share", gettext_lazy("待确认"), kind="pct", sort="waiting_share"),
        Column("returned_share", gettext_lazy("退回"), kind="pct", sort="returned_share"),
        Column("reach", gettext_lazy("占本县档案"), kind="bar"),
    ),
    default_sort="found.county",
    page_size=200,
)


@screen(Permission.TAKE_IN_LISTS)
def quality(request: HttpRequest) -> HttpResponse:
    """Show freshness, reach and quality of every list, the late ones first in the numbers."""
    lines = _lines(request)
    late = [line for line in lines if line.late]
    context = {
        "tabs": desk_tabs(request, "quality"),
        "stats": _stats(lines, late),
        "chart": _chart(lines),
        "table": QUALITY.bind(
            request,
            lines,
            total=len(lines),
            export_url=reverse("linking_desk:quality-export"),
            empty={
                "title": _("这里看不到县市"),
                "text": _("名单按县市报送，到县市或地区一级看。"),
            },
        ),
    }
    return render(request, "linking_desk/quality.html", context)


@screen(Permission.TAKE_IN_LISTS)
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the same as a sheet."""
    return excel_response(request, QUALITY, _lines(request), title=_("名单质量"))


def _lines(request: HttpRequest) -> list[QualityLine]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    sums = row_sums(reader, _months_before(today))
    waiting = waiting_by_place(reader)
    people = people_by_county(reader)
    lines = []
    for found in list_quality(reader, today):
        if reader.kinds and found.kind not in reader.kinds:
            continue
        mine = [
            one
            for one in sums
            if one["kind"] == found.kind and _touches(one["place_code"], found.county)
        ]
        lines.append(
            QualityLine(
                found=found,
                people=people.get(found.county, 0),
                received=sum(one["received"] for one in mine),
                returned=sum(one["returned"] for one in mine),
                new=sum(one["people_new"] for one in mine),
                waiting=sum(
                    count
                    for (kind, place), count in waiting.items()
                    if kind == found.kind and _touches(place, found.county)
                ),
            )
        )
    return lines


def _touches(place: str, county: str) -> bool:
    """Say whether a list's place lies in the county or around it."""
    low, high = area_range(place)
    return low <= county < high or place[:6] == county[:6]


def _months_before(day: date) -> date:
    month = day.year * 12 + day.month - 1 - _MONTHS
    return date(month // 12, month % 12 + 1, 1)


def _stats(lines: Sequence[QualityLine], late: Sequence[QualityLine]) -> list[Stat]:
    received = sum(line.received for line in lines)
    returned = sum(line.returned for line in lines)
    waiting = sum(line.waiting for line in lines)
    return [
        Stat(_("名单"), len(lines), _("县市乘以名单种类"), unit=_("份")),
        Stat(_("迟了或没有"), len(late), tone="accent" if late else "", unit=_("份")),
        Stat(
            _("退回"),
            returned,
            _share(returned, received),
            reverse("lists_desk:lists"),
            unit=_("行"),
        ),
        Stat(
            _("待确认"),
            waiting,
            _share(waiting, received),
            reverse("linking_desk:rows"),
            unit=_("行"),
        ),
    ]


def _share(part: int, whole: int) -> str:
    return _("占近半年收到的 %.1f%%") % (100 * part / whole) if whole else _("近半年没有收到")


def _chart(lines: Sequence[QualityLine]) -> Chart | None:
    kinds = list(dict.fromkeys(line.found.kind_label for line in lines if line.received))
    if not kinds:
        return None

    def sums(name: str) -> list[int]:
        return [
            sum(getattr(line, name) for line in lines if line.found.kind_label == kind)
            for kind in kinds
        ]

    return stacked_chart(
        _("每种名单的行都到哪里去了"),
        _("近半年各种名单的行：对上已有档案、新建档案、待确认、退回"),
        labels=kinds,
        series=[
            Series(_("对上"), tuple(sums("linked"))),
            Series(_("新建"), tuple(sums("new"))),
            Series(_("待确认"), tuple(sums("waiting"))),
            Series(_("退回"), tuple(sums("returned"))),
        ],
        label_title=_("名单"),
        unit=_("行"),
    )
