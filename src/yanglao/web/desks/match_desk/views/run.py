"""一次比对: what it found, item by item, for the reader's area."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import (
    ChangeKind,
    Run,
    RunItem,
    TallyRow,
    change_counts,
    get_run,
    run_items,
    tallies,
)
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.charts import Chart, Series, stacked_chart
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.parts import Bar, Crumb, Stat
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the catalogue as a run found it in an area."""

    item_id: int
    code: str
    name: str
    yes: int
    possible: int
    delivered: int
    not_delivered: int
    new: int
    lost: int
    changed: int
    url: str

    @property
    def title(self) -> str:
        """Number and name."""
        return f"{self.code} {self.name}"

    @property
    def bar(self) -> Bar:
        """How many of those entitled have it."""
        return Bar(self.delivered, self.yes)


ITEMS = TableSpec(
    key="run-items",
    caption=gettext_lazy("各项目比对结果"),
    columns=(
        Column("title", gettext_lazy("项目"), sort="code", fixed=True, width=24),
        Column("yes", gettext_lazy("符合"), kind="num", sort="yes"),
        Column("bar", gettext_lazy("其中在享"), kind="bar", excel=lambda row: row.delivered),
        Column("not_delivered", gettext_lazy("未享或未证实"), kind="num", sort="not_delivered"),
        Column("possible", gettext_lazy("可能符合"), kind="num", sort="possible"),
        Column("new", gettext_lazy("新增"), kind="num", sort="new"),
        Column("lost", gettext_lazy("不再符合"), kind="num", sort="lost"),
        Column("changed", gettext_lazy("有变化"), kind="num", sort="changed"),
    ),
    default_sort="code",
    page_size=200,
    row_url=lambda row: row.url,
)


@screen(Permission.SEE_RUNS)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a run: counts, what is held, differences to the run before."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = _run(reader, pk)
    lines = _lines(reader, found)
    held = [row for row in run_items(found) if row.held_reason]
    context = {
        "run": found,
        "trail": [Crumb(_("比对"), reverse("match_desk:runs")), Crumb(f"第 {found.pk} 次")],
        "stats": _stats(reader, found, lines),
        "held": _held(held),
        "may_see_people": reader.can(Permission.SEE_PEOPLE),
        "may_release": reader.can(Permission.RELEASE_ITEMS),
        "chart": _chart(lines) if any(line.yes for line in lines) else None,
        "table": ITEMS.bind(
            request,
            lines,
            total=len(lines),
            export_url=reverse("match_desk:run-export", args=[pk])
            if reader.can(Permission.EXPORT)
            else "",
            empty={
                "title": _("这次比对在您的辖区没有结果"),
                "text": _("可能名单还没有接收，或者没有一个人符合。"),
            },
        ),
    }
    return render(request, "match_desk/run.html", context)


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the counts as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if not reader.can(Permission.SEE_RUNS):
        raise PermissionDenied(_("您的角色不看比对。"))
    found = _run(reader, pk)
    note = _("按 %(day)s 计，清单版本 %(hash)s") % {
        "day": found.as_of,
        "hash": found.pack_hash[:12],
    }
    return excel_response(
        request, ITEMS, _lines(reader, found), title=_("第 %(n)s 次比对") % {"n": pk}, note=note
    )


def _run(reader: Reader, pk: int) -> Run:
    try:
        return get_run(reader, pk)
    except Run.DoesNotExist as problem:
        raise Http404(_("没有这次比对。")) from problem


def _lines(reader: Reader, found: Run) -> list[ItemLine]:
    counted: dict[tuple[int, str], int] = {
        (row["item_id"], row["kind"]): row["people"] for row in change_counts(reader, found)
    }
    return [
        _line(row, counted, _row_url(reader, found, row)) for row in tallies(reader, found, "item")
    ]


def _row_url(reader: Reader, found: Run, row: TallyRow) -> str:
    """Return what stands behind an item: what changed, or, the first time, who matches."""
    if not reader.can(Permission.SEE_PEOPLE):
        return ""
    if found.first:
        address = reverse("policy_room:people", args=[row.item])
        return f"{address}?{urlencode({'place': reader.area})}"
    address = reverse("match_desk:changes", args=[found.pk])
    return f"{address}?{urlencode([('item', str(row.item_id)), ('place', reader.area)])}"


def _line(row: TallyRow, counted: dict[tuple[int, str], int], url: str) -> ItemLine:
    item = row.item_id or 0
    return ItemLine(
        item_id=item,
        code=row.item,
        name=row.item_name,
        yes=row.yes,
        possible=row.possible,
        delivered=row.delivered,
        not_delivered=row.not_delivered,
        new=counted.get((item, ChangeKind.NEW), 0),
        lost=counted.get((item, ChangeKind.LOST), 0),
        changed=counted.get((item, ChangeKind.CHANGED), 0),
        url=url,
    )


def _stats(reader: Reader, found: Run, lines: list[ItemLine]) -> list[Stat]:
    changes_url = ""
    if reader.can(Permission.SEE_PEOPLE):
        changes_url = f"{reverse('match_desk:changes', args=[found.pk])}?place={reader.area}"
    changed = sum(line.new + line.lost + line.changed for line in lines)
    difference = (
        Stat(_("和上次不同"), 0, _("第一次比对，没有可比的"))
        if found.first
        else Stat(_("和上次不同"), changed, _("人次"), changes_url)
    )
    return [
        Stat(_("符合"), sum(line.yes for line in lines), _("人次")),
        Stat(_("其中未享或未证实"), sum(line.not_delivered for line in lines), _("人次")),
        Stat(_("可能符合"), sum(line.possible for line in lines), _("人次 · 还差信息")),
        difference,
    ]


def _held(rows: list[RunItem]) -> list[dict[str, object]]:
    return [
        {
            "row": row,
            "waits": row.held,
            "name": f"{row.item.code} {row.item.name}",
            "release_url": reverse("match_desk:release", args=[row.pk]),
        }
        for row in rows
    ]


def _chart(lines: list[ItemLine]) -> Chart:
    worst = max(lines, key=lambda line: line.not_delivered)
    return stacked_chart(
        _("%(item)s未享或未证实的最多，%(count)s 人")
        % {"item": worst.name, "count": f"{worst.not_delivered:,}"},
        _("各项目符合的人里，多少人已经在享"),
        [line.title for line in lines],
        [
            Series(_("在享"), tuple(line.delivered for line in lines)),
            Series(_("未享或未证实"), tuple(line.not_delivered for line in lines)),
            Series(_("可能符合"), tuple(line.possible for line in lines)),
        ],
        label_title=_("项目"),
        unit=_("人"),
        urls=[line.url for line in lines] if all(line.url for line in lines) else [],
    )
