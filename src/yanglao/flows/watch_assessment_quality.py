"""What a supervisor should look at: pairs that differ, items always scored alike, odd durations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from yanglao.domain.assessments.public import CountedSheet, assessors, counted_sheets
from yanglao.engines.scoring.quality import (
    AlikeItem,
    Limits,
    OddDuration,
    PairDifference,
    SeenSheet,
    compare_pairs,
    items_scored_alike,
    odd_durations,
    read_quality,
)
from yanglao.engines.scoring.scales import in_force
from yanglao.flows.read_assessment_form import AbilityForm, ability_form
from yanglao.foundation.scoping import Reader

_FOLDER = "national/assessment"


@dataclass(frozen=True, slots=True)
class QualityPicture:
    """What a supervisor sees of an area and a span of time.

    Attributes:
        since, as_of: The span. sheets: How many sheets were looked at.
        pairs, alike, durations: Findings, flagged ones first.
        names: Name of each assessor by number, as text.
        labels: Name of each item. totals: Total of each sheet that has one.
        counted: The sheets by id, for drilling down.
        note: Where the limits stand, and whether they were seen in a source.
    """

    since: date
    as_of: date
    sheets: int
    pairs: tuple[PairDifference, ...]
    alike: tuple[AlikeItem, ...]
    durations: tuple[OddDuration, ...]
    names: Mapping[str, str]
    labels: Mapping[str, str]
    totals: Mapping[str, int]
    counted: Mapping[str, CountedSheet]
    note: str

    def pair_words(self, pair: frozenset[str]) -> str:
        """Return the names of a pair: 甲、乙."""
        return "、".join(self.names.get(number, f"评估员 {number}") for number in sorted(pair))


def assessment_quality(reader: Reader, *, as_of: date, days: int) -> QualityPicture:
    """Look at the handed-in sheets of an area over some days; a fixed number of queries.

    Sheets are compared within a county and a kind of assessment.

    Raises:
        yanglao.flows.read_assessment_form.NoForm: When no standard is in force.
        LookupError: When no limits are in force.
    """
    form = ability_form(as_of)
    since = as_of - timedelta(days=days)
    counted = counted_sheets(reader, since, form.scale.items)
    seen = [_seen(sheet, form) for sheet in counted]
    whole = [one for one in seen if len(one.points) == len(form.scale.items)]
    limits, note = _limits(as_of)
    return QualityPicture(
        since=since,
        as_of=as_of,
        sheets=len(counted),
        pairs=tuple(compare_pairs(whole, limits)),
        alike=tuple(items_scored_alike(whole, limits)),
        durations=tuple(odd_durations(seen, limits)),
        names={str(one.pk): one.name for one in assessors(reader)},
        labels={code: f"{item.clause} {item.name}" for code, item in form.scale.items.items()},
        totals={one.sheet: one.total for one in whole},
        counted={sheet.sheet_id: sheet for sheet in counted},
        note=note,
    )


def _seen(sheet: CountedSheet, form: AbilityForm) -> SeenSheet:
    points = {code: sheet.points[code] for code in form.scale.items if code in sheet.points}
    return SeenSheet(
        sheet=sheet.sheet_id,
        pair=frozenset(str(number) for number in sheet.pair),
        points=points,
        total=sum(points.values()),
        stratum=f"{sheet.place_code[:6]}/{sheet.kind}",
        begun=sheet.begun_at,
        ended=sheet.ended_at,
    )


def _limits(as_of: date) -> tuple[Limits, str]:
    files = sorted((Path(settings.POLICIES) / _FOLDER).glob("quality-*.yaml"))
    rules = [read_quality(file.read_text(encoding="utf-8"), file.name) for file in files]
    found = in_force(rules, as_of) or min(rules, key=lambda one: one.in_force_from)
    doubt = "" if found.stamp.verified else f"，{found.stamp.note}"
    return found.limits, f"{found.stamp.document}{doubt}"
