"""谁符合: the people of the area who match an item, with their reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import Finding, Status, findings
from yanglao.domain.places.public import town_and_village
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.policy_room.views.item import reading_of
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Crumb, person_words
from yanglao.web.kit.parts import Status as Badge
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's answer for the item."""

    finding: Finding
    place: str
    who: str

    @property
    def status(self) -> Badge:
        """What the rules say, and whether it is had."""
        if self.finding.outcome.status == Status.POSSIBLE:
            return Badge(_("可能符合"), "warning")
        if self.finding.outcome.delivered:
            return Badge(_("在享"), "success")
        return Badge(_("符合"), "accent")


PEOPLE = TableSpec(
    key="item-people",
    caption=gettext_lazy("符合的人"),
    columns=(
        Column(
            "finding.person.name",
            gettext_lazy("姓名"),
            fixed=True,
            note=lambda line: line.who,
        ),
        Column("place", gettext_lazy("地点"), sort="person__place_code", wide=True, width=24),
        Column("status", gettext_lazy("状态"), kind="status"),
        Column("finding.outcome.tier", gettext_lazy("档次")),
        Column("finding.outcome.amount_fen", gettext_lazy("金额（元）"), kind="money"),
        Column("finding.outcome.reason", gettext_lazy("理由"), wide=True, width=60),
    ),
    default_sort="person__place_code",
    row_url=lambda line: reverse("registry_desk:file", args=[line.finding.person_id]),
)


@screen(Permission.SEE_PEOPLE)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """List the people of the area who match, place by place."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    reading = reading_of(code)
    bar = _bar(request)
    table = PEOPLE.bind(
        request,
        fetch_dressed(_rows(reader, reading.item_id, bar), _dress),
        part_id="people-list",
        export_url=reverse("policy_room:people-export", args=[code])
        if reader.can(Permission.EXPORT)
        else "",
        empty={"title": _("这里没有人符合"), "text": _("换一个条件，或到上一级地方看看。")},
    )
    context = {
        "item": reading,
        "bar": bar,
        "table": table,
        "trail": [
            Crumb(_("政策清单"), reverse("policy_room:catalogue")),
            Crumb(reading.name, reverse("policy_room:item", args=[code])),
            Crumb(_("符合的人")),
        ],
    }
    return render_page_or_part(
        request, "policy_room/people.html", "policy_room/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest, code: str) -> HttpResponseBase:
    """Answer with the same people as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    reading = reading_of(code)
    rows = _rows(reader, reading.item_id, _bar(request))
    return excel_response(
        request,
        PEOPLE,
        all_dressed(rows, PEOPLE.order_of(request), _dress),
        title=f"{reading.name} 符合的人",
        behind=rows,
    )


def _bar(request: HttpRequest) -> FilterBar:
    filters = (
        Filter(
            "status",
            _("结果"),
            choices=[(str(status.value), status.label) for status in Status],
        ),
        Filter("had", _("是否在享"), choices=[("yes", _("在享")), ("no", _("未享或未证实"))]),
    )
    return bind_filters(request, filters, part_id="people-list")


def _rows(reader: Reader, item_id: int, bar: FilterBar) -> "QuerySet[Finding]":
    return findings(
        reader,
        item=item_id,
        status=int(bar["status"]) if bar["status"] else None,
        delivered={"yes": True, "no": False}.get(bar["had"]),
    )


def _dress(rows: Sequence[Finding]) -> list[PersonLine]:
    today = clock.today()
    places = town_and_village(row.person.place_code for row in rows)
    return [
        PersonLine(
            row,
            places[row.person.place_code],
            person_words(row.person.sex, whole_years(row.person.birth_date, today)),
        )
        for row in rows
    ]
