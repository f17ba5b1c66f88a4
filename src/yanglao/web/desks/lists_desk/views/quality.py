"""哪些名单还缺: which list of which month is in, county by county; what to ask for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import KIND_SENDERS, Kind, ListQuality, list_quality
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.words import month_words
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.parts import Crumb, Stat, Status
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

#: Departments report by month, for the month before at the latest.
_FRESH_MONTHS = 1


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One kind in one county, ready to show."""

    found: ListQuality

    @property
    def missing(self) -> bool:
        """Whether there is nothing at all, or nothing fresh."""
        return self.found.months_old is None or self.found.months_old > _FRESH_MONTHS

    @property
    def sender(self) -> str:
        """Who has to send it."""
        return str(KIND_SENDERS[Kind(self.found.kind)])

    @property
    def status(self) -> Status:
        """How it stands: fresh, old, supplement only, or not there."""
        found = self.found
        if found.months_old is None:
            return Status(_("没有"), "accent")
        if self.missing:
            return Status(_("旧了"), "warning")
        if found.full_month is None:
            return Status(_("只有补充"), "info")
        return Status(_("有"), "success")

    @property
    def month(self) -> str:
        """The newest month that is in."""
        newest = max(
            (m for m in (self.found.full_month, self.found.supplement_month) if m), default=None
        )
        return month_words(newest)

    @property
    def ask(self) -> str:
        """What to ask the sender for, in words."""
        if self.found.months_old is None:
            return _("从来没有报过，请报完整名单")
        return _("最近一份是%(month)s，请补报之后的") % {"month": self.month}


TO_ASK = TableSpec(
    key="lists-to-ask",
    caption=gettext_lazy("要催的名单"),
    columns=(
        Column("found.county_name", gettext_lazy("县市"), sort="found.county", fixed=True),
        Column("sender", gettext_lazy("哪个部门"), sort="sender"),
        Column("found.kind_label", gettext_lazy("名单"), sort="found.kind"),
        Column("status", gettext_lazy("现状"), kind="status"),
        Column("ask", gettext_lazy("要什么"), wide=True, width=40),
    ),
    default_sort="found.county",
    page_size=200,
)


@screen(Permission.SEE_LISTS)
def quality(request: HttpRequest) -> HttpResponse:
    """Show a matrix of kinds and counties, and under it what to ask for."""
    lines = _lines(request)
    asked = [line for line in lines if line.missing]
    counties = list(dict.fromkeys((line.found.county, line.found.county_name) for line in lines))
    context = {
        "counties": [name for _code, name in counties],
        "matrix": _matrix(lines),
        "stats": _stats(lines, asked),
        "table": TO_ASK.bind(
            request,
            asked,
            total=len(asked),
            export_url=reverse("lists_desk:quality-export"),
            empty={
                "title": _("没有要催的名单"),
                "text": _("每个县市的每种名单都是上个月或这个月的。"),
                "icon": "circle-check",
            },
        ),
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(_("哪些名单还缺"))],
    }
    return render(request, "lists_desk/quality.html", context)


@screen(Permission.SEE_LISTS)
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the lists to ask for as a sheet that can be sent to the departments."""
    asked = [line for line in _lines(request) if line.missing]
    return excel_response(request, TO_ASK, asked, title=_("要催的名单"))


def _lines(request: HttpRequest) -> list[QualityLine]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = list_quality(reader, clock.today())
    return [QualityLine(one) for one in found if not reader.kinds or one.kind in reader.kinds]


def _matrix(lines: Sequence[QualityLine]) -> list[tuple[str, str, list[QualityLine]]]:
    """Return one row a kind: its name, who sends it, and a cell a county."""
    rows: dict[str, list[QualityLine]] = {}
    for line in lines:
        rows.setdefault(line.found.kind, []).append(line)
    return [(cells[0].found.kind_label, cells[0].sender, cells) for cells in rows.values()]


def _stats(lines: Sequence[QualityLine], asked: Sequence[QualityLine]) -> list[Stat]:
    never = sum(1 for line in asked if line.found.months_old is None)
    return [
        Stat(_("应有"), len(lines), _("县市乘以名单种类"), unit=_("份")),
        Stat(_("新的"), len(lines) - len(asked), _("上个月或这个月的"), unit=_("份")),
        Stat(
            _("旧了"), len(asked) - never, tone="accent" if len(asked) > never else "", unit=_("份")
        ),
        Stat(_("从来没有"), never, tone="accent" if never else "", unit=_("份")),
    ]
