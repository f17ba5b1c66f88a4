"""参保人: who is insured this year, found by name or number, as a list and a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import Enrolment, Group, enrolment_counts, enrolments
from yanglao.domain.places.public import town_and_village
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer_once
from yanglao.web.desks.insurance_desk.words import (
    level_words,
    page,
    person_words_of,
    reader_of,
)
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Action, Stat, Status
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "insured-list"
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class InsuredLine:
    """One insured person as listed."""

    row: Enrolment
    place: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.row.person.name)

    @property
    def who(self) -> str:
        """Sex and age."""
        return person_words_of(self.row.person, self.today)

    @property
    def receiving(self) -> Status:
        """What the list says of benefits."""
        if self.row.receiving is None:
            return Status(_("名单没写"), "warning")
        return Status(_("享受待遇"), "success") if self.row.receiving else Status(_("没有享受"))


INSURED = TableSpec(
    key="ltci-insured",
    caption=gettext_lazy("长护险参保人"),
    default_sort="place_code",
    row_url=lambda line: reverse("insurance_desk:person", args=[line.row.person_id]),
    columns=(
        Column("name", gettext_lazy("姓名"), sort="person__name_fold", fixed=True),
        Column("who", gettext_lazy("性别年龄"), width=14),
        Column("place", gettext_lazy("地点"), sort="place_code", wide=True, width=28),
        Column(
            "group",
            gettext_lazy("参保类别"),
            value=lambda line: line.row.get_insured_as_display(),
            sort="insured_as",
        ),
        Column(
            "level",
            gettext_lazy("名单上的失能等级"),
            value=lambda line: level_words(line.row.level),
            sort="level",
        ),
        Column("receiving", gettext_lazy("待遇（名单）"), kind="status", sort="receiving"),
        Column(
            "id_number",
            gettext_lazy("身份证号"),
            kind="id",
            value=lambda line: line.row.person.id_number,
            hidden=True,
        ),
    ),
)


def _lines(rows: Sequence[Enrolment], today: date) -> list[InsuredLine]:
    places = town_and_village(row.place_code for row in rows)
    return [InsuredLine(row, places[row.place_code], today) for row in rows]


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("group", _("参保类别"), choices=Group.choices),
            Filter(
                "receiving",
                _("待遇"),
                choices=[("yes", _("享受")), ("no", _("没有享受")), ("unknown", _("名单没写"))],
            ),
        ],
        part_id=_PART,
    )


def _chosen(request: HttpRequest, bar: FilterBar, year: int) -> Any:
    return enrolments(
        reader_of(request),
        year,
        text=bar["q"] or None,
        group=bar["group"] or None,
        receiving=bar["receiving"] or None,
    )


@screen(Permission.SEE_INSURANCE)
def insured(request: HttpRequest) -> HttpResponse:
    """List the insured of this year that match the filters."""
    reader, today = reader_of(request), clock.today()
    bar = _bar(request)
    rows = _chosen(request, bar, today.year)
    counts = enrolment_counts(reader, today.year)
    groups = {key: number for key, number in counts.items() if key != "receiving"}
    total = sum(groups.values())
    table = INSURED.bind(
        request,
        fetch_dressed(rows, partial(_lines, today=today)),
        total=rows.count() if bar.active else total,
        export_url=reverse("insurance_desk:insured-export")
        if reader.can(Permission.EXPORT)
        else "",
        part_id=_PART,
        empty=_empty(total),
        without=() if reader.can(Permission.REVEAL_IDENTITY) else ("id_number",),
    )
    stats = [
        Stat(Group(group).label, number, unit=_("人"), url=f"?group={group}")
        for group, number in sorted(groups.items())
    ]
    may = reader.can(Permission.MANAGE_INSURANCE)
    context = page(
        "insured",
        _("%(year)d 年长护险参保人") % {"year": today.year},
        note=_("按医保名单；参保类别按养老保险和救助情况归，只用来算筹资。"),
        buttons=[
            Action(
                _("按最新名单更新"),
                url=reverse("insurance_desk:insured-refresh"),
                icon="refresh-cw",
            )
        ]
        if may
        else [],
        stats=stats,
        bar=bar,
        table=table,
        part_id=_PART,
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


def _empty(total: int) -> dict[str, Any]:
    if total:
        return {"title": _("没有符合筛选的人"), "text": _("换一个条件，或清除筛选。")}
    return {
        "title": _("还没有今年的参保人"),
        "text": _("先接收医保的长护险名单，再点“按最新名单更新”。"),
        "icon": "users",
    }


@screen(Permission.MANAGE_INSURANCE, writes=True)
def refresh(request: HttpRequest) -> HttpResponseBase:
    """Ask for the insured of the year to be read anew from the lists."""
    reader = reader_of(request)
    if request.method == "POST":
        asked = defer_once("enrol_insured", reader, as_of=clock.today().isoformat())
        return redirect("insurance_desk:job", asked.pk)
    context = page(
        "insured",
        _("按最新名单更新参保人"),
        last=_("更新"),
        question=_("按现在收到的名单，重新写一遍今年的参保人。"),
        submit=_("更新参保人"),
        back=reverse("insurance_desk:insured"),
    )
    return render(request, "insurance_desk/confirm.html", context)


@screen(Permission.SEE_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the insured that match the filters as a sheet."""
    today = clock.today()
    bar = _bar(request)
    rows = _chosen(request, bar, today.year)
    return excel_response(
        request,
        INSURED,
        all_dressed(rows, INSURED.order_of(request), partial(_lines, today=today)),
        title=_("长护险参保人"),
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=rows,
    )
