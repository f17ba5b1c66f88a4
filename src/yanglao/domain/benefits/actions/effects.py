"""What spells do to cases by themselves: stop, start again, and tell an officer why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from yanglao.domain.benefits.actions.moving import note_steps, on_record
from yanglao.domain.benefits.models import Approval, Case, CaseAlert, CaseStep, FollowRun
from yanglao.domain.benefits.types import (
    CLOSED_STATES,
    LIVE_STATES,
    AlertKind,
    CaseAct,
    CaseState,
    StopCause,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import put_rows
from yanglao.kernel.money import format_yuan

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _Now:
    """How a pair of person and benefit stands on the day: the spell that covers it, or the last."""

    covered: bool
    known: bool
    fen: int | None
    tier: str
    ended: date | None
    cause: str


def apply_effects(*, session: AnalyticSession, run: FollowRun, as_of: date, acting: Reader) -> int:
    """Move cases as their spells say; return how many alerts there are to see.

    Belongs to the transaction of ``record_spells``. An approved case without an answer on the day
    stops, with the cause; one that stopped by facts alone goes on when they are taken back. What
    people must know is an alert. Cases stopped by hand stay as they are.

    Args:
        session: With ``follow_people``, ``next_spells`` and ``version_months``.
    """
    in_force = f"SELECT count(*) FROM version_months WHERE first_day <= DATE '{as_of}'"
    if not session.rows(in_force)[0][0]:
        return 0  # no version speaks of the day: nothing is concluded from its silence
    _load_now(session, as_of)
    _load_cases(session)
    changed = session.rows(_CHANGED)
    now = {(row[0], row[1]): _Now(*row[2:]) for row in changed}
    alerts = 0
    rows = sorted(now)
    for at in range(0, len(rows), _CHUNK):
        part = rows[at : at + _CHUNK]
        cases = _locked(part)
        alerts += _apply(cases, now, run, as_of, acting)
    for name in ("spell_now", "followed_case"):
        session.con.execute(f"DROP TABLE {name}")
    return alerts


def _locked(part: Iterable[tuple[int, str]]) -> list[Case]:
    """Return the cases of pairs that have an open approval, locked."""
    people = {pair[0] for pair in part}
    open_ones = Approval.objects.filter(revoked_on=None, person_id__in=people).values("case_id")
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=open_ones)
    wanted = set(part)
    found = rows.filter(state__in=[*LIVE_STATES, CaseState.STOPPED]).order_by("id")
    return [case for case in found if (case.person_id, case.benefit) in wanted]


def _load_now(session: AnalyticSession, as_of: date) -> None:
    """Make ``spell_now``: of each pair, by the version in force, what covers the day."""
    session.con.execute(
        f"""
        CREATE TABLE spell_now AS
        WITH latest AS (
            SELECT n.*, n.first <= DATE '{as_of}'
                AND (n."end" IS NULL OR n."end" > DATE '{as_of}') AS covers
            FROM next_spells AS n WHERE n.version = (SELECT max_by(version, first_month)
                FROM version_months WHERE first_day <= DATE '{as_of}')
            AND n.first <= DATE '{as_of}')
        SELECT p.person, p.benefit, coalesce(bool_or(covers), FALSE) AS covered,
            coalesce(bool_or(known) FILTER (covers), FALSE) AS known,
            max(fen) FILTER (covers) AS fen, coalesce(max(tier) FILTER (covers), '') AS tier,
            max("end") AS ended, coalesce(arg_max(ended_by, first), '') AS cause
        FROM follow_pairs AS p LEFT JOIN latest AS l
            ON l.person = p.person AND l.benefit = p.benefit GROUP BY 1, 2"""
    )


def _load_cases(session: AnalyticSession) -> None:
    """Make ``followed_case``: cases with an open approval, as they stand."""
    rows = (
        Approval.objects.filter(revoked_on=None)
        .order_by("id")
        .values_list(
            "person_id",
            "benefit",
            "case__state",
            "case__stopped_by_hand",
            "case__fen",
            "case__tier",
            "case__status",
        )
    )
    put_rows(
        session.con,
        "followed_case",
        {
            "person": "BIGINT",
            "benefit": "VARCHAR",
            "state": "VARCHAR",
            "by_hand": "BOOLEAN",
            "fen": "BIGINT",
            "tier": "VARCHAR",
            "status": "VARCHAR",
        },
        rows.iterator(chunk_size=20_000),
    )


#: Pairs of which something must be written: all others cost nothing.
_CHANGED = """
    SELECT n.person, n.benefit, any_value(n.covered), any_value(n.known), any_value(n.fen),
        any_value(n.tier), any_value(n.ended), any_value(n.cause)
    FROM spell_now AS n JOIN followed_case AS c
        ON c.person = n.person AND c.benefit = n.benefit AND NOT c.by_hand
    WHERE (NOT n.covered AND c.state IN ('approved', 'suspended'))
        OR (n.covered AND c.state = 'stopped')
        OR (n.covered AND c.state IN ('approved', 'suspended')
            AND (n.fen IS DISTINCT FROM c.fen OR (c.status = 'yes') <> n.known))
    GROUP BY 1, 2"""


def _apply(
    cases: list[Case],
    now: dict[tuple[int, str], _Now],
    run: FollowRun,
    as_of: date,
    acting: Reader,
) -> int:
    stop, back, told = [], [], []
    alerts = []
    for case in cases:
        one = now[case.person_id, case.benefit]
        live = case.state in LIVE_STATES
        if live and not one.covered:
            alerts.append(_stopped(case, one, run, as_of))
            stop.append(case)
        elif not live and one.covered and not _has_other(case):
            alerts.append(
                _alert(case, AlertKind.BACK, as_of, "按现有情况又符合条件，已自动恢复", run, as_of)
            )
            back.append(case)
        elif live and one.covered:
            found = _told(case, one, run, as_of)
            if found:
                alerts.append(found)
                told.append(case)
    _write(stop, CaseAct.EFFECT, CaseState.STOPPED, as_of, acting)
    _write(back, CaseAct.BACK, CaseState.APPROVED, as_of, acting)
    _save_alike(told, ("fen", "tier", "status"))
    CaseAlert.objects.bulk_create(alerts, batch_size=_CHUNK)
    return len(alerts)


def _has_other(case: Case) -> bool:
    rows = Case.objects.filter(person_id=case.person_id, item_id=case.item_id)
    return rows.exclude(pk=case.pk).exclude(state__in=CLOSED_STATES).exists()


def _stopped(case: Case, one: _Now, run: FollowRun, as_of: date) -> CaseAlert:
    cause = one.cause if one.cause in StopCause.values else StopCause.OTHER.value
    day = one.ended or as_of
    case.stop_cause, case.stopped_on, case.stopped_by_hand = cause, day, False
    words = f"因{StopCause(cause).label}，从 {day:%Y-%m-%d} 起自动停发"
    return _alert(case, AlertKind(cause), day, words, run, as_of)


def _told(case: Case, one: _Now, run: FollowRun, as_of: date) -> CaseAlert | None:
    """Tell of an amount or a doubt; the case keeps what it is now, and tells once."""
    if not one.known:
        if case.status != "yes":
            return None
        case.status = "possible"
        words = "有的情况现在不清楚，查清前先不发"
        return _alert(case, AlertKind.UNKNOWN, as_of, words, run, as_of)
    before, after = _yuan(case.fen), _yuan(one.fen)
    was_unknown = case.status != "yes"
    case.status, case.fen, case.tier = "yes", one.fen, one.tier[:20]
    if was_unknown:
        return _alert(case, AlertKind.BACK, as_of, "情况已经查清，照常发放", run, as_of)
    words = f"月标准由{before}变为{after}"
    return _alert(case, AlertKind.AMOUNT, as_of, words, run, as_of)


def _yuan(fen: int | None) -> str:
    return "未公布" if fen is None else f" {format_yuan(fen)} 元"


def _alert(
    case: Case, kind: AlertKind, day: date, words: str, run: FollowRun, as_of: date
) -> CaseAlert:
    return CaseAlert(
        case=case,
        place_code=case.place_code,
        kind=kind,
        day=day,
        effect=words,
        run=run,
        found_on=as_of,
    )


def _write(cases: list[Case], act: CaseAct, target: CaseState, as_of: date, acting: Reader) -> None:
    if not cases:
        return
    note_steps(cases, act, target, acting=acting)
    suspended = _still_suspended(cases) if target == CaseState.APPROVED else set()
    for case in cases:
        case.state, case.state_on, case.due_on = target, as_of, None
        if target == CaseState.APPROVED:
            case.stop_cause, case.stopped_on = "", None
            if case.pk in suspended:
                case.state = CaseState.SUSPENDED
    _save_alike(
        cases, ("state", "state_on", "due_on", "stop_cause", "stopped_on", "stopped_by_hand")
    )
    on_record(acting, "benefit_cases_effected", cases, act=act.value)


def _save_alike(cases: list[Case], names: tuple[str, ...]) -> None:
    """Write columns of many cases: one update for all that get the same values.

    Thousands get few different ones; a value for each row apart costs ten times as much.
    """
    groups: dict[tuple[Any, ...], list[int]] = {}
    for case in cases:
        groups.setdefault(tuple(getattr(case, name) for name in names), []).append(case.pk)
    for values, ids in groups.items():
        for at in range(0, len(ids), _CHUNK):
            rows = Case.objects.filter(pk__in=ids[at : at + _CHUNK])
            rows.update(**dict(zip(names, values, strict=True)))


def _still_suspended(cases: list[Case]) -> set[int]:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases], suspensions__isnull=False)
    held = rows.filter(suspensions__end=None).order_by("id")
    return set(held.values_list("id", flat=True))


@transaction.atomic
def follow_places(*, acting: Reader) -> int:
    """Let open cases follow people who are served elsewhere now; return how many moved.

    Files that are served nowhere any more (laid into another) stay with the case's place.
    """
    rows = within_area(Case.objects.all(), acting).exclude(state__in=CLOSED_STATES)
    stray = (
        rows.exclude(place_code=F("person__place_code"))
        .exclude(person__place_code="")
        .filter(person__place_code__lt=":")
        .select_related("person")
        .order_by("id")
    )
    moved = list(stray)
    if not moved:
        return 0
    note = [
        CaseStep(
            case=case,
            at=clock.now(),
            by_id=acting.user_id,
            by_name=acting.name[:80],
            act=CaseAct.MOVE,
            from_state=case.state,
            to_state=case.state,
        )
        for case in moved
    ]
    CaseStep.objects.bulk_create(note, batch_size=_CHUNK)
    for case in moved:
        case.place_code = case.person.place_code
    Case.objects.bulk_update(moved, ["place_code"], batch_size=_CHUNK)
    on_record(acting, "benefit_cases_effected", moved, act=CaseAct.MOVE.value)
    return len(moved)


@transaction.atomic
def see_alerts(*, ids: Iterable[int], acting: Reader) -> int:
    """Note that an officer has seen what happened; return how many were open."""
    rows = within_area(CaseAlert.objects.filter(pk__in=list(ids), seen_at=None), acting)
    count = rows.update(seen_at=clock.now(), seen_by=acting.name[:80])
    if count:
        audit.record(
            acting,
            "benefit_alerts_seen",
            subject="benefit_case",
            place_code=acting.area,
            detail={"count": count},
        )
    return count
