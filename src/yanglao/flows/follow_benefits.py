"""Benefits follow the facts: spells written anew, cases stopped and started, officers told.

Runs after every match, after an ability result, and whenever somebody's facts change. A fact dated
back changes months that are past; the money that follows is for the payment month to claim or add.
A version that comes into force later says nothing of a month before it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from yanglao.domain.benefits.public import (
    apply_effects,
    follow_places,
    load_approved_pairs,
    record_spells,
)
from yanglao.engines.payments.months import first_day
from yanglao.flows.benefit_spells import FEW, make_spells
from yanglao.flows.benefit_terms import BenefitTerms, benefit_terms, regions_with_own_pack
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import put_rows


@dataclass(frozen=True, slots=True)
class Followed:
    """What following did, in numbers.

    Attributes:
        people: Looked at. begun, ended: Spells written, and no longer believed.
        alerts: Cases that an officer has to look at. moved: Cases that followed a move.
    """

    people: int
    begun: int
    ended: int
    alerts: int
    moved: int
    seconds: float


def follow_benefits(
    *,
    region: str,
    as_of: date,
    acting: Reader,
    people: Sequence[int] | None = None,
    report: Progress = silent,
) -> Followed:
    """Bring spells and cases of a region in line with the facts.

    Args:
        region: 12-digit division. Places inside it that have a catalogue of their own are judged
            by that.
        as_of: The day; spells reach to the end of its month.
        people: Only these; everybody with an approval when not given.

    Raises:
        PermissionError: When the region lies outside the acting area.
        LookupError: When no catalogue was published, or no pack says how money is paid.
    """
    if not acting.covers(region):
        raise PermissionError("只能更新自己辖区内的待遇。")
    began = time.perf_counter()
    total = Followed(0, 0, 0, 0, 0, 0.0)
    moved = follow_places(acting=acting.narrowed(region))
    own = regions_with_own_pack(region)
    for part in (region, *own):
        inner = [code for code in own if code != part]
        one = _follow_part(part, inner, as_of, acting, people, report)
        total = Followed(
            total.people + one.people,
            total.begun + one.begun,
            total.ended + one.ended,
            total.alerts + one.alerts,
            moved,
            time.perf_counter() - began,
        )
    return total


def _follow_part(
    region: str,
    without: Sequence[str],
    as_of: date,
    acting: Reader,
    people: Sequence[int] | None,
    report: Progress,
) -> Followed:
    with analytic_session(step="待遇跟随情况变化") as session:
        count = load_approved_pairs(session, region=region, without=without, people=people)
        if not count:
            return Followed(0, 0, 0, 0, 0, 0.0)
        terms = benefit_terms(region)
        listed = None
        if count <= FEW:
            listed = [row[0] for row in session.rows("SELECT person FROM follow_people ORDER BY 1")]
        make_spells(session, terms, as_of=as_of, people=listed, report=report)
        _tell_versions(session, terms)
        with transaction.atomic():
            run = record_spells(session=session, region=region, as_of=as_of, acting=acting)
            alerts = apply_effects(session=session, run=run, as_of=as_of, acting=acting)
    return Followed(run.people, run.begun, run.ended, alerts, 0, 0.0)


def _tell_versions(session: AnalyticSession, terms: BenefitTerms) -> None:
    """Make ``version_months``: from when on each version decides."""
    put_rows(
        session.con,
        "version_months",
        {"version": "VARCHAR", "first_month": "BIGINT", "first_day": "DATE"},
        [(one.code, one.first_month, first_day(one.first_month)) for one in terms.versions],
    )
