"""Public notices: which hang out until when, and the sheet to print with masked names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import Notice, cases_on_notice, get_notice
from yanglao.domain.benefits.public import notices as notices_in
from yanglao.domain.places.public import full_names_of
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.lines import lines_of
from yanglao.web.desks.benefits_desk.words import desk_tabs
from yanglao.web.kit.parts import Crumb, Status
from yanglao.web.kit.rows import fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "notices-list"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as listed on a day."""

    notice: Any
    place: str
    today: date

    @property
    def item(self) -> str:
        """Which benefit."""
        return str(self.notice.item.name)

    @property
    def people(self) -> int:
        """How many cases hang on it."""
        return int(self.notice.people or 0)

    @property
    def days(self) -> str:
        """From when until when."""
        return f"{self.notice.from_on:%Y-%m-%d} — {self.notice.to_on:%m-%d}"

    @property
    def state(self) -> Status:
        """Whether it still hangs out."""
        left = (self.notice.to_on - self.today).days
        if left < 0:
            return Status(_("已期满"), "neutral")
        return Status(_("还有 %(days)d 天") % {"days": left + 1}, "info")


NOTICES = TableSpec(
    key="benefit-notices",
    caption=gettext_lazy("公示"),
    default_sort="-from_on",
    row_url=lambda line: reverse("benefits_desk:notice", args=[line.notice.pk]),
    row_label=lambda line: f"{line.item} {line.place}",
    columns=(
        Column("item", gettext_lazy("待遇"), fixed=True),
        Column("place", gettext_lazy("地点"), sort="place_code", fixed=True, wide=True),
        Column("people", gettext_lazy("人数"), kind="num"),
        Column("days", gettext_lazy("公示期"), sort="from_on"),
        Column("state", gettext_lazy("状态"), kind="status", sort="to_on"),
    ),
)


def _lines(rows: Sequence[Notice], today: date) -> list[NoticeLine]:
    names = full_names_of(one.place_code for one in rows)
    return [NoticeLine(one, names.get(one.place_code, ""), today) for one in rows]


@screen(Permission.SEE_BENEFITS)
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices of the area, the newest first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "tabs": desk_tabs(request, "notices"),
        "table": NOTICES.bind(
            request,
            fetch_dressed(notices_in(reader), partial(_lines, today=clock.today())),
            part_id=_PART,
            empty={
                "title": _("还没有公示"),
                "text": _("在个案列表里勾选初审过的，点“公示”。"),
            },
        ),
        "part_id": _PART,
        "title": _("公示"),
        "board_url": reverse("notice_board_place", args=[reader.area]) if reader.area else "",
        "note": _("按乡镇和待遇分张，姓名只留第一个字，期满没有异议才能审批"),
    }
    return render_page_or_part(
        request, "benefits_desk/list.html", "benefits_desk/parts/table.html", context
    )


@screen(Permission.SEE_BENEFITS)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet to print: names masked, village, benefit, month's money, where to object."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found = get_notice(reader, pk)
    except Notice.DoesNotExist as missing:
        raise Http404 from missing
    lines = lines_of(cases_on_notice(reader, found), clock.today())
    context: dict[str, Any] = {
        "notice": found,
        "place": full_names_of([found.place_code]).get(found.place_code, ""),
        "lines": lines,
        "board": request.build_absolute_uri(reverse("notice_board_place", args=[found.place_code])),
        "trail": [
            Crumb(_("公示"), reverse("benefits_desk:notices")),
            Crumb(str(found.item.name)),
        ],
    }
    return render(request, "benefits_desk/notice.html", context)
