"""Whom a draft touches: the people of the reader's area, one row a person and item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import Comparison
from yanglao.domain.people.public import Person, people_by_ids
from yanglao.domain.places.public import town_and_village
from yanglao.flows.compare_drafts import KINDS, ListGone, Touched, touched_people
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.drafting_desk.views.comparison import comparison_of
from yanglao.web.desks.drafting_desk.words import KIND_WORDS
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Crumb, Status, person_words
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_CHUNK = 2000
_TONES = {
    "gained": "success",
    "lost": "error",
    "raised": "success",
    "lowered": "warning",
    "unknown": "neutral",
}


@dataclass(frozen=True, slots=True)
class TouchedLine:
    """One person and item, with words."""

    touched: Touched
    name: str
    who: str
    place: str
    item: str
    lacks: str

    @property
    def status(self) -> Status:
        """What the draft does."""
        kind = self.touched.kind
        return Status(KIND_WORDS[kind], _TONES.get(kind, "info"))


PEOPLE = TableSpec(
    key="draft-people",
    caption=gettext_lazy("涉及的人"),
    columns=(
        Column("name", gettext_lazy("姓名"), kind="name_masked", fixed=True, note=lambda r: r.who),
        Column("place", gettext_lazy("地点"), wide=True, width=26),
        Column("item", gettext_lazy("项目"), width=20),
        Column(
            "status",
            gettext_lazy("怎样变"),
            kind="status",
            note=lambda r: _("缺：%s") % r.lacks if r.lacks else "",
        ),
        Column("touched.before", gettext_lazy("现在元/月"), kind="money"),
        Column("touched.after", gettext_lazy("改后元/月"), kind="money"),
        Column("lacks", gettext_lazy("缺什么"), hidden=True, width=24),
    ),
    row_url=lambda line: reverse("registry_desk:file", args=[line.touched.person_id]),
)


@screen(Permission.SEE_PEOPLE)
def people(request: HttpRequest, pk: int) -> HttpResponseBase:
    """List whom the draft touches, place by place."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found, bar, draft = _asked(request, pk)
    gone = ""
    rows: Any = []
    total: int | None = None
    try:
        page = touched_people(
            reader, found, draft=draft, kind=bar["kind"], item=bar["item"], count=1
        )
        total = page.total

        def fetch(order: str, start: int, count: int) -> list[TouchedLine]:
            cut = touched_people(
                reader,
                found,
                draft=draft,
                kind=bar["kind"],
                item=bar["item"],
                start=start,
                count=count,
            )
            return _dress(reader, found, cut.rows)

        rows = fetch
    except ListGone as problem:
        gone = str(problem)
    table = PEOPLE.bind(
        request,
        rows,
        total=total,
        part_id="people-list",
        export_url=reverse("drafting_desk:people-export", args=[pk])
        if reader.can(Permission.EXPORT) and not gone
        else "",
        empty={
            "title": _("这里没有人") if not gone else _("名单还没有列好"),
            "text": gone or _("换一个条件，或到上一级地方看看。"),
        },
    )
    title = next((one["title"] for one in found.subjects if str(one["draft"]) == draft), "")
    context = {
        "bar": bar,
        "table": table,
        "title": title,
        "total": total,
        "as_of": (found.figures or {}).get("as_of", ""),
        "trail": [
            Crumb(_("清单修订"), reverse("drafting_desk:board")),
            Crumb(_("测算"), reverse("drafting_desk:comparison", args=[pk]) + f"?draft={draft}"),
            Crumb(_("涉及的人")),
        ],
    }
    return render_page_or_part(
        request, "drafting_desk/people.html", "drafting_desk/parts/table.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the same people as an Excel sheet, names masked."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found, bar, draft = _asked(request, pk)
    return excel_response(request, PEOPLE, _all(reader, found, bar, draft), title=_("方案涉及的人"))


def _asked(request: HttpRequest, pk: int) -> tuple[Comparison, FilterBar, str]:
    """Return the comparison, the filters and the draft that is looked at."""
    full: Reader = request.full_reader  # type: ignore[attr-defined]
    if not full.can(Permission.SEE_DRAFTS) or not full.can(Permission.SEE_PEOPLE):
        raise PermissionDenied
    found = comparison_of(full, pk)
    figures = found.figures or {"drafts": [], "items": {}, "changed": {}}
    titles = [(one["name"], one["title"]) for one in figures["drafts"]]
    codes = dict.fromkeys(code for codes in figures["changed"].values() for code in codes)
    bar = bind_filters(
        request,
        [
            Filter("draft", _("方案"), choices=titles),
            Filter("kind", _("怎样变"), choices=[(kind, str(KIND_WORDS[kind])) for kind in KINDS]),
            Filter(
                "item",
                _("项目"),
                choices=[(code, f"{code} {figures['items'].get(code, '')}") for code in codes],
            ),
        ],
        part_id="people-list",
    )
    return found, bar, bar["draft"] or (titles[0][0] if titles else "")


def _all(reader: Reader, found: Comparison, bar: FilterBar, draft: str) -> Iterator[TouchedLine]:
    start = 0
    while True:
        try:
            page = touched_people(
                reader,
                found,
                draft=draft,
                kind=bar["kind"],
                item=bar["item"],
                start=start,
                count=_CHUNK,
            )
        except ListGone:
            return
        if not page.rows:
            return
        yield from _dress(reader, found, page.rows)
        start += _CHUNK


def _dress(reader: Reader, found: Comparison, rows: Sequence[Touched]) -> list[TouchedLine]:
    """Give rows names and places; two queries for any number."""
    today = clock.today()
    people = people_by_ids(reader, {row.person_id for row in rows})
    codes = {row.place_code for row in rows}
    places = town_and_village(codes)
    items = (found.figures or {}).get("items", {})
    labels = (found.figures or {}).get("labels", {})
    return [
        TouchedLine(
            touched=row,
            name=person.name if (person := people.get(row.person_id)) else "",
            who=_who(person, today),
            place=places[row.place_code],
            item=f"{row.item} {items.get(row.item, '')}".strip(),
            lacks="、".join(labels.get(fact, fact) for fact in row.lacks),
        )
        for row in rows
    ]


def _who(person: Person | None, today: Any) -> str:
    if person is None:
        return ""
    return person_words(person.sex, whole_years(person.birth_date, today))
