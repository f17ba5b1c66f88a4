"""Drafts side by side: who gains and loses, what it costs, who is just outside; and the paper."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import (
    Comparison,
    ComparisonState,
    Draft,
    get_comparison,
    get_draft,
)
from yanglao.domain.places.public import children, map_shapes, names_of
from yanglao.flows.draft_catalogue import read_draft
from yanglao.flows.publish_draft_counts import published_changes
from yanglao.foundation import progress
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import prefix
from yanglao.web.desks.drafting_desk import paper as papers
from yanglao.web.desks.drafting_desk.figures import Figures, a_year, signed, summary
from yanglao.web.desks.drafting_desk.opening import Opened
from yanglao.web.desks.drafting_desk.pictures import ages_chart, places_map, years_chart
from yanglao.web.desks.drafting_desk.words import KIND_WORDS, grouped_changes
from yanglao.web.kit.documents import as_response
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.parts import Crumb, Stat, Tab
from yanglao.web.kit.screens import is_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_OPEN = (ComparisonState.WAITING, ComparisonState.FIRST)
_SHOWN = 10
#: Jobs among which that of a comparison is looked for.
_RECENT = 20

COUNTS = TableSpec(
    key="draft-counts",
    caption=gettext_lazy("各方案分县市人次"),
    columns=(
        Column("subject", gettext_lazy("方案"), wide=True, width=30),
        Column("place", gettext_lazy("地方"), width=16),
        Column("gained", gettext_lazy("新增"), value=lambda row: row.parts[0]),
        Column("lost", gettext_lazy("减少"), value=lambda row: row.parts[1]),
        Column("changed", gettext_lazy("金额变化"), value=lambda row: row.parts[2]),
    ),
)


@screen(Permission.SEE_DRAFTS)
def comparison(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show how far the count is, then its figures; one draft in detail at a time."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    found = comparison_of(reader, pk)
    if found.state == ComparisonState.FAILED:
        context = {"found": found, "trail": _trail()}
        return render(request, "drafting_desk/comparison_failed.html", context)
    if is_part(request):
        response = render(request, "drafting_desk/parts/counting.html", _counting(reader, found))
        if found.figures and request.GET.get("wait") != found.state:
            response["HX-Refresh"] = "true"
        return response
    if not found.figures:
        context = _counting(reader, found) | {"trail": _trail()}
        return render(request, "drafting_desk/counting.html", context)
    return render(request, "drafting_desk/comparison.html", _context(request, reader, found))


@screen(Permission.SEE_DRAFTS, leaves_trace=True)
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the paper for the meeting."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    found = comparison_of(reader, pk)
    if not found.figures:
        raise Http404(_("还没有算出结果。"))
    figures = _figures(reader, found)
    changes = {str(one["draft"]): _changes(reader, one) for one in found.subjects}
    doc = papers.paper_of(found, figures, reader, _place(found.area), changes)
    name = _("清单修订测算 %s") % found.figures["as_of"]
    return as_response(doc, name, request=request)


@screen(Permission.EXPORT)
def publish_counts(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the counts that may leave the office: small ones are hidden."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    if not reader.can(Permission.SEE_DRAFTS):
        raise PermissionDenied
    found = comparison_of(reader, pk)
    if not found.figures:
        raise Http404(_("还没有算出结果。"))
    figures = _figures(reader, found)
    rows, note = published_changes(
        [(title, figures.places(name)) for name, title in figures.drafts]
    )
    return excel_response(request, COUNTS, rows, title=_("清单修订测算（可公开）"), note=note)


def comparison_of(reader: Reader, pk: int) -> Comparison:
    """Return a comparison of the reader's area.

    Raises:
        Http404: When there is none.
    """
    try:
        return get_comparison(reader, pk)
    except Comparison.DoesNotExist as problem:
        raise Http404(_("没有这次测算。")) from problem


def _trail() -> list[Crumb]:
    return [Crumb(_("清单修订"), reverse("drafting_desk:board")), Crumb(_("测算"))]


def _counting(reader: Reader, found: Comparison) -> dict[str, Any]:
    """Return how far the job is."""
    # What a job was asked is sealed: it can't be looked for in the database.
    recent = jobs_of_area(reader).filter(name="compare_drafts")[:_RECENT]
    job = next((one for one in recent if one.arguments.get("comparison") == found.pk), None)
    state = progress.read(job.pk) if job else None
    return {
        "found": found,
        "failed": job is not None and job.state == Job.State.FAILED,
        "done": state.done if state else 0,
        "total": state.total if state else 0,
        "what": state.what if state else _("等待开始"),
        "finished": found.state not in _OPEN,
        "poll_url": f"{reverse('drafting_desk:comparison', args=[found.pk])}?wait={found.state}",
    }


def _figures(reader: Reader, found: Comparison) -> Figures:
    """Return the figures with names of the counties of the area that was counted."""
    if len(prefix(found.area)) <= 4:
        names = {row.code[:6]: row.name for row in children(found.area)}
    else:
        code = f"{prefix(found.area)[:6]:0<12}"
        names = {code[:6]: names_of([code]).get(code, code)}
    return Figures(found.figures or {}, names)


def _context(request: HttpRequest, reader: Reader, found: Comparison) -> dict[str, Any]:
    figures = _figures(reader, found)
    lines = figures.lines()
    names = [name for name, _title in figures.drafts]
    asked = request.GET.get("draft", "")
    chosen = asked if asked in names else names[0]
    number = names.index(chosen) + 1
    line = next(one for one in lines if one.name == chosen)
    places = figures.places(chosen)
    raw = figures.raw
    years = figures.years(date.fromisoformat(raw["values_day"]).year)
    url = reverse("drafting_desk:people", args=[found.pk]) + f"?draft={chosen}"
    here = reverse("drafting_desk:comparison", args=[found.pk])
    return {
        "found": found,
        "counting": _counting(reader, found),
        "is_open": found.state in _OPEN,
        "lines": lines,
        "line": line,
        "answer": summary(lines),
        "tabs": [
            Tab(title, f"{here}?draft={name}", name == chosen) for name, title in figures.drafts
        ]
        if len(names) > 1
        else [],
        "stats": _stats(line, url if reader.can(Permission.SEE_PEOPLE) else ""),
        "items": figures.items_of(chosen),
        "places": places,
        "map": places_map(places, line, _shapes(reader, found), url),
        "ages": ages_chart(figures, line),
        "years": years_chart(figures, years, number),
        "cost_rows": [(row.label, row.costs[0], row.costs[number], row.complete) for row in years],
        "near": [
            (str(KIND_WORDS[kind]), count, f"{url}&kind={kind}")
            for kind, count in figures.near(chosen).items()
        ],
        "overlaps": figures.overlaps(chosen)[:_SHOWN],
        "missing": figures.missing(chosen)[:_SHOWN],
        "method": papers.method(figures),
        "people_url": url,
        "may_see_people": reader.can(Permission.SEE_PEOPLE),
        "may_export": reader.can(Permission.EXPORT),
        "draft_pk": int(chosen),
        "trail": _trail(),
        "place": _place(found.area),
    }


def _stats(line: Any, url: str) -> list[Stat]:
    """Return the numbers on top."""

    def link(kind: str, count: int) -> str:
        return f"{url}&kind={kind}" if url and count else ""

    found = [
        Stat(_("新增"), line.gained, url=link("gained", line.gained), unit=_("人次")),
        Stat(
            _("减少"),
            line.lost,
            url=link("lost", line.lost),
            unit=_("人次"),
            tone="accent" if line.lost else "",
        ),
        Stat(_("钱变多"), line.raised, url=link("raised", line.raised), unit=_("人次")),
        Stat(_("钱变少"), line.lowered, url=link("lowered", line.lowered), unit=_("人次")),
        Stat(_("全年"), signed(a_year(line.more)), note=_("每月%s") % signed(line.more)),
    ]
    if line.unpriced:
        found.append(
            Stat(
                _("金额未公布"),
                line.unpriced,
                note=_("只数人，没有计入费用"),
                unit=_("人次"),
                tone="warning",
            )
        )
    return found


def _shapes(reader: Reader, found: Comparison) -> dict[str, Any]:
    if len(prefix(found.area)) > 4:
        return {}
    return {
        feature["properties"]["code"]: feature["geometry"]
        for feature in map_shapes(reader)["features"]
    }


def _place(area: str) -> str:
    return names_of([area]).get(area, area)


def _changes(reader: Reader, subject: dict[str, Any]) -> list[str]:
    """Return what a draft changed when it was counted, one line each."""
    try:
        draft = get_draft(reader, subject["draft"])
    except Draft.DoesNotExist:
        return []
    opened = Opened(draft, read_draft(draft), reader)
    return grouped_changes(subject["changes"], opened.names)
