"""Who visits whom on which day: a pure function proposes, a person accepts.

People of one village are visited by one pair on one day as far as the day holds; the pair that has
least to do goes first. A pair must keep every rule of ``check_pair``; who cannot be served is told
with the reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, timedelta
from itertools import combinations

from yanglao.domain.assessments.public import (
    Assessment,
    AssessmentState,
    Assessor,
    Conflicts,
    Finding,
    PlannedPair,
    assessments,
    assessors,
    check_pair,
    conflicts_by_assessment,
    plan_visits,
    visits_by_day,
)
from yanglao.engines.scoring.scales import GBT42195
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.read_assessment_form import ability_form
from yanglao.foundation.scoping import Reader

_DAYS_AHEAD = 14
_MOST_AT_ONCE = 500
_SATURDAY = 5


def propose(
    waiting: Sequence[Assessment],
    candidates: Sequence[Assessor],
    conflicts: Mapping[int, Conflicts],
    *,
    days: Sequence[date],
    busy: Mapping[tuple[int, date], int],
    most_a_day: int,
) -> list[PlannedPair]:
    """Propose a pair and a day for each waiting assessment. Pure: same input, same proposal.

    Args:
        waiting: The earliest due first; villages are kept together in that order.
        candidates: Who may assess, with their bodies.
        conflicts: What keeps whom from each assessment, by its number.
        days: Days that may be used, in order.
        busy: Visits that are planned already, by assessor and day.
        most_a_day: Most visits of an assessor on a day.
    """
    load = defaultdict(int, busy)
    total: dict[int, int] = defaultdict(int)
    for (number, _day), count in busy.items():
        total[number] += count
    pairs = [
        pair
        for pair in combinations(sorted(candidates, key=lambda one: one.pk), 2)
        if any(one.medical for one in pair)
    ]
    found: list[PlannedPair] = []
    #: Which pair is in which village on which day already.
    there: set[tuple[str, tuple[int, ...], date]] = set()
    for one in _by_village(waiting):
        plan = _place(one, pairs, conflicts[one.pk], days, load, total, most_a_day, there)
        if plan.on is not None:
            for number in plan.assessors:
                load[number, plan.on] += 1
                total[number] += 1
            there.add((one.place_code, plan.assessors, plan.on))
        found.append(plan)
    return found


def _by_village(waiting: Sequence[Assessment]) -> list[Assessment]:
    """Keep people of a village together, villages in the order of their most urgent person."""
    first: dict[str, int] = {}
    for position, one in enumerate(waiting):
        first.setdefault(one.place_code, position)
    return sorted(waiting, key=lambda one: (first[one.place_code], one.due_on, one.pk))


def _place(
    one: Assessment,
    pairs: Sequence[tuple[Assessor, Assessor]],
    conflicts: Conflicts,
    days: Sequence[date],
    load: Mapping[tuple[int, date], int],
    total: Mapping[int, int],
    most_a_day: int,
    there: Set[tuple[str, tuple[int, ...], date]],
) -> PlannedPair:
    """Find the first day, and on it the pair that is already in the village or has least to do."""
    if not days:
        return PlannedPair(one.pk, (), None, "没有可以安排的日期")
    allowed, findings = [], []
    for pair in pairs:
        against = check_pair(pair, conflicts, place_code=one.place_code, as_of=days[0])
        if against:
            findings += against
        else:
            allowed.append(pair)
    if not allowed:
        return PlannedPair(one.pk, (), None, _why(pairs, findings))
    for day in days:
        free = [
            pair for pair in allowed if all(load[number.pk, day] < most_a_day for number in pair)
        ]
        if free:
            best = min(
                free,
                key=lambda pair: (
                    (one.place_code, (pair[0].pk, pair[1].pk), day) not in there,
                    total[pair[0].pk] + total[pair[1].pk],
                    pair[0].pk,
                    pair[1].pk,
                ),
            )
            return PlannedPair(one.pk, (best[0].pk, best[1].pk), day)
    return PlannedPair(one.pk, (), None, "这段时间评估员都排满了")


def _why(pairs: Sequence[object], findings: Iterable[Finding]) -> str:
    """Say in one sentence why no pair may go: the first words of each kind of reason."""
    if not pairs:
        return "没有可用的两名评估员，或者没有医疗、护理背景的评估员"
    told: dict[str, str] = {}
    for finding in findings:
        told.setdefault(finding.code, finding.says)
    return "".join(told.values())


def workdays(first: date, count: int) -> list[date]:
    """Return so many days from Monday to Friday; holidays are not known here."""
    found: list[date] = []
    day = first
    while len(found) < count:
        if day.weekday() < _SATURDAY:
            found.append(day)
        day += timedelta(days=1)
    return found


def propose_visits(
    reader: Reader, *, as_of: date, ids: Iterable[int] | None = None, first: date | None = None
) -> list[PlannedPair]:
    """Propose visits for the accepted assessments of the area that wait for a pair.

    A fixed number of queries, but for households of assessors whose own file is known.

    Args:
        reader: Whose area.
        as_of: The day.
        ids: Only these assessments, when given.
        first: First day that may be used; the next day when not given.

    Raises:
        yanglao.flows.assessment_rules.NoPackInForce: When no list is in force.
    """
    rows = assessments(reader, state=AssessmentState.ACCEPTED)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    waiting = list(rows[:_MOST_AT_ONCE])
    candidates = list(assessors(reader, active=True))
    days = workdays(first or as_of + timedelta(days=1), _DAYS_AHEAD)
    return propose(
        waiting,
        candidates,
        conflicts_by_assessment(waiting, candidates, as_of),
        days=days,
        busy=visits_by_day(reader, days[0], days[-1]),
        most_a_day=assessment_rules(as_of).most_a_day,
    )


def accept_plan(*, plans: Sequence[PlannedPair], acting: Reader, as_of: date) -> int:
    """Send the pairs of a plan; every rule is asked once more. Returns how many were planned.

    Raises:
        PermissionError: When the role may not plan.
        yanglao.domain.assessments.public.WrongMove: With every rule that a pair breaks.
        yanglao.flows.read_assessment_form.NoForm: When no standard is in force.
    """
    form = ability_form(as_of)
    return plan_visits(
        plans=plans,
        required=form.required,
        standard=GBT42195,
        version=form.scale.version,
        acting=acting,
    )
