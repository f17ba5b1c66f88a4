"""安排评估员: whom a function proposes to whom on which day; an officer accepts villages or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    Assessor,
    PlannedPair,
    assessments,
    assessors,
    visits_by_day,
)
from yanglao.flows.assessment_rules import NoPackInForce
from yanglao.flows.plan_assessments import accept_plan, propose_visits, workdays
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.assessment_desk.lines import AssessmentLine, lines_of
from yanglao.web.desks.assessment_desk.views.asking import chosen, reader_of, tried
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_DAYS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Proposed:
    """A waiting assessment with what is proposed for it."""

    line: AssessmentLine
    plan: PlannedPair
    assessors: str


@dataclass(frozen=True, slots=True)
class PairDay:
    """People whom one pair visits on one day, village by village."""

    on: date | None
    assessors: str
    rows: list[Proposed]

    @property
    def ids(self) -> list[int]:
        """Numbers of the assessments."""
        return [row.plan.assessment_id for row in self.rows]


@dataclass(frozen=True, slots=True)
class Load:
    """An assessor's visits on the coming days."""

    assessor: Assessor
    counts: list[int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@screen(Permission.MANAGE_ASSESSMENTS, writes=True)
def plan(request: HttpRequest) -> HttpResponse:
    """Show the proposal; accept the chosen part of it."""
    reader = reader_of(request)
    today = clock.today()
    if request.method == "POST":
        return _accept(request, reader, today)
    try:
        plans = propose_visits(reader, as_of=today)
    except NoPackInForce as refusal:
        messages.error(request, str(refusal))
        return redirect("assessment_desk:board")
    days = workdays(today, _DAYS_SHOWN)
    groups, impossible = _grouped(reader, plans, today)
    context: dict[str, Any] = {
        "groups": groups,
        "impossible": impossible,
        "number": sum(len(group.rows) for group in groups),
        "days": days,
        "loads": _loads(reader, days),
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("安排评估员"))],
    }
    return render(request, "assessment_desk/plan.html", context)


def _accept(request: HttpRequest, reader: Reader, today: date) -> HttpResponse:
    """Propose once more for the chosen ones; what is accepted is what the page showed."""
    ids = set(chosen(request))
    if not ids:
        messages.warning(request, _("先勾选要安排的人。"))
        return redirect("assessment_desk:plan")
    plans = [one for one in propose_visits(reader, as_of=today) if one.assessment_id in ids]
    shown = {tuple(sent.split("/")) for sent in request.POST.getlist("shown")}
    changed = [one for one in plans if _key(one) not in shown]
    if changed:
        messages.warning(request, _("别人刚改过安排，请再看一遍。"))
        return redirect("assessment_desk:plan")
    tried(
        request,
        lambda: accept_plan(plans=plans, acting=reader, as_of=today) or True,
        _("已安排，评估员的手机上会看到。"),
    )
    return redirect("assessment_desk:plan")


def _key(plan: PlannedPair) -> tuple[str, ...]:
    """Return what the page shows of a plan, to see whether it is still the same."""
    return (
        str(plan.assessment_id),
        plan.on.isoformat() if plan.on else "",
        ".".join(map(str, plan.assessors)),
    )


def _grouped(
    reader: Reader, plans: Sequence[PlannedPair], today: date
) -> tuple[list[PairDay], list[Proposed]]:
    """Put proposals together by day and pair; those without a pair apart."""
    numbers = [one.assessment_id for one in plans]
    rows = {one.pk: one for one in assessments(reader).filter(pk__in=numbers)}
    lines = dict(zip(numbers, lines_of([rows[pk] for pk in numbers], today), strict=True))
    names = {one.pk: one.name for one in assessors(reader)}
    groups: dict[tuple[date, tuple[int, ...]], list[Proposed]] = {}
    impossible = []
    for one in plans:
        words = "、".join(names.get(number, "") for number in one.assessors)
        row = Proposed(lines[one.assessment_id], one, words)
        if one.on is None:
            impossible.append(row)
        else:
            groups.setdefault((one.on, one.assessors), []).append(row)
    found = [
        PairDay(on, rows[0].assessors, sorted(rows, key=lambda row: row.line.assessment.place_code))
        for (on, _pair), rows in sorted(groups.items())
    ]
    return found, impossible


def _loads(reader: Reader, days: Sequence[date]) -> list[Load]:
    busy = visits_by_day(reader, days[0], days[-1])
    return [
        Load(one, [busy.get((one.pk, day), 0) for day in days])
        for one in assessors(reader, active=True)
    ]
