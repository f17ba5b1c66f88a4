"""比上次变了什么: person by person, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import items
from yanglao.domain.entitlements.public import Change, ChangeKind, Run, changes, get_run
from yanglao.domain.places.public import town_and_village
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Crumb, Status, person_words
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_TONES = {ChangeKind.NEW: "accent", ChangeKind.LOST: "neutral", ChangeKind.CHANGED: "info"}
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One difference, ready to show."""

    change: Change
    place: str
    run: Run

    @property
    def who(self) -> str:
        """Sex and age on the run's day."""
        person = self.change.person
        return person_words(person.sex, whole_years(person.birth_date, self.run.as_of))

    @property
    def kind(self) -> Status:
        """New, lost or changed."""
        kind = ChangeKind(self.change.kind)
        return Status(kind.label, _TONES[kind])

    @property
    def before(self) -> str:
        """The answer before."""
        return _answer(self.change.before)

    @property
    def after(self) -> str:
        """The answer now."""
        return _answer(self.change.after)


CHANGES = TableSpec(
    key="run-changes",
    caption=gettext_lazy("比上次变了什么"),
    columns=(
        Column(
            "change.person.name",
            gettext_lazy("姓名"),
            fixed=True,
            note=lambda line: line.who,
        ),
        Column("place", gettext_lazy("地点"), sort="place_code", wide=True),
        Column(
            "item",
            gettext_lazy("项目"),
            value=lambda line: f"{line.change.item.code} {line.change.item.name}",
            sort="item_id",
        ),
        Column("kind", gettext_lazy("变化"), kind="status", sort="kind"),
        Column("change.cause", gettext_lazy("因为什么"), wide=True),
        Column("before", gettext_lazy("原来"), wide=True, hidden=True),
        Column("after", gettext_lazy("现在"), wide=True, hidden=True),
    ),
    default_sort="place_code",
    row_url=lambda line: reverse("registry_desk:file", args=[line.change.person_id]),
)


@screen(Permission.SEE_RUNS)
def changes_page(request: HttpRequest, pk: int) -> HttpResponse:
    """List what a run changed in the reader's area."""
    reader = _reader(request)
    run = _run(reader, pk)
    bar = _bar(request)
    rows = _rows(reader, run, bar)
    table = CHANGES.bind(
        request,
        fetch_dressed(rows, partial(_dress, run=run)),
        total=rows.count(),
        part_id="changes-list",
        export_url=reverse("match_desk:changes-export", args=[pk])
        if reader.can(Permission.EXPORT)
        else "",
        empty={
            "title": _("没有变化"),
            "text": _("第一次比对没有可比的；之后没有变化，说明名单和政策都没有影响到这里的人。"),
        },
    )
    context = {
        "run": run,
        "bar": bar,
        "table": table,
        "trail": [
            Crumb(_("比对"), reverse("match_desk:runs")),
            Crumb(f"第 {run.pk} 次", reverse("match_desk:run", args=[pk])),
            Crumb(_("比上次变了什么")),
        ],
    }
    return render_page_or_part(
        request, "match_desk/changes.html", "match_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the chosen differences as an Excel sheet."""
    reader = _reader(request)
    run = _run(reader, pk)
    rows = _rows(reader, run, _bar(request))
    return excel_response(
        request,
        CHANGES,
        all_dressed(rows, CHANGES.order_of(request), partial(_dress, run=run)),
        title=_("第 %(n)s 次比对的变化") % {"n": pk},
        behind=rows,
    )


def _reader(request: HttpRequest) -> Reader:
    """Return the reader if he may see both runs and people; changes name people.

    Raises:
        PermissionDenied: If he may not.
    """
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if not (reader.can(Permission.SEE_RUNS) and reader.can(Permission.SEE_PEOPLE)):
        raise PermissionDenied(_("您的角色不看老人的名单。"))
    return reader


def _run(reader: Reader, pk: int) -> Run:
    try:
        return get_run(reader, pk)
    except Run.DoesNotExist as problem:
        raise Http404(_("没有这次比对。")) from problem


def _bar(request: HttpRequest) -> FilterBar:
    offered = [(str(item.pk), f"{item.code} {item.name}") for item in items()]
    filters = (
        Filter("item", _("项目"), choices=offered),
        Filter("kind", _("变化"), choices=[(kind.value, kind.label) for kind in ChangeKind]),
    )
    return bind_filters(request, filters, part_id="changes-list")


def _rows(reader: Reader, run: Run, bar: FilterBar) -> "QuerySet[Change]":
    return changes(
        reader, run, item=int(bar["item"]) if bar["item"] else None, kind=bar["kind"] or None
    )


def _dress(rows: Sequence[Change], run: Run) -> list[ChangeLine]:
    places = town_and_village(row.place_code for row in rows)
    return [ChangeLine(row, places[row.place_code], run) for row in rows]


def _answer(outcome: Any) -> str:
    if outcome is None:
        return str(_("不符合"))
    return str(outcome.reason)
