"""Statuses follow the facts: who has come to one, whose has changed, who has left, what to do now.

One pass over everybody after each match; a few people after a fact of theirs changed. Money and
services hang on the same facts and start and stop by themselves: what is written here is what
*people* must do. Unknown ends nothing, and endings by the hundred are held for a person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yanglao.domain.catalogue.public import pack_in_force
from yanglao.domain.statuses.public import (
    HeldBack,
    NewTask,
    Noticed,
    Occasion,
    Written,
    follow_places,
    get_hold,
    hold_back,
    last_noticed,
    load_open_spells,
    release_hold,
    spells,
    write_noticed,
)
from yanglao.engines.policy.pack import Pack, load_pack
from yanglao.engines.policy.problems import PackErrors
from yanglao.engines.policy.sql import quoted
from yanglao.engines.policy.statuses import (
    StatusRule,
    StatusRules,
    Step,
    ask_statuses,
    holds_for,
    read_statuses,
)
from yanglao.flows.load_seen_facts import load_seen_facts
from yanglao.flows.open_pack import OpenPack, open_pack
from yanglao.flows.standing_region import standing_region
from yanglao.foundation import clock
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.kernel.division import code_range

FILE = "statuses.yaml"
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """A pass in numbers, and what it held for a person."""

    written: Written
    held: tuple[HeldBack, ...] = ()


def status_rules(as_of: date, region: str) -> StatusRules | None:
    """Return the statuses of the pack in force; ``None`` when the pack has none.

    Raises:
        yanglao.flows.open_pack.NoPackInForce: When no pack is in force on the day.
        yanglao.engines.policy.problems.PackErrors: When the file cannot be used.
    """
    return rules_of(open_pack(as_of, region))


def standing_rules(as_of: date) -> StatusRules | None:
    """Return the statuses of the region whose run stands, for pages; ``None`` without any."""
    if pack_in_force(as_of) is None:
        return None
    return status_rules(as_of, standing_region(as_of))


def rules_of(opened: OpenPack) -> StatusRules | None:
    """Return the statuses of an opened pack."""
    path = Path(settings.POLICIES) / opened.version.pack / FILE
    if not path.is_file():
        return None
    return _read(path, path.stat().st_mtime_ns, opened.pack, opened.compiled.as_of)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, pack: Pack, day: date) -> StatusRules:
    file = f"{path.parent.name}/{path.name}"
    return read_statuses(path.read_text("utf-8-sig"), file, pack, day)


def problems_of_statuses(names: Sequence[str], as_of: date) -> list[str]:
    """Return what is wrong with the statuses of packs in the folder, in Chinese.

    A pack that cannot be read itself has told so already.
    """
    found: list[str] = []
    root = Path(settings.POLICIES)
    for name in names:
        path = root / name / FILE
        if not path.is_file():
            continue
        try:
            pack = load_pack(name, root, cases=False)
        except PackErrors:
            continue
        try:
            read_statuses(path.read_text("utf-8-sig"), f"{name}/{FILE}", pack, as_of)
        except PackErrors as wrong:
            found += [str(problem) for problem in wrong.problems]
    return found


def follow_statuses(
    *,
    region: str,
    as_of: date,
    acting: Reader,
    people: Sequence[int] | None = None,
    report: Progress = silent,
) -> Followed:
    """Hold who has which status against the facts of a day, and write what is different.

    Safe to run again: a second pass on the same facts writes nothing. A day before that of the
    last change, and a day ahead, write nothing: statuses do not turn back.

    Args:
        region: 12-digit division.
        as_of: The day.
        acting: Who asks for it; must cover the region.
        people: Only these; never holds anything back.
        report: Called with steps done, all steps, and what is going on.

    Raises:
        PermissionError: When the region lies outside the acting area.
        yanglao.flows.open_pack.NoPackInForce: When no pack is in force on the day.
    """
    if not acting.covers(region):
        raise PermissionError("只能查看自己辖区内的身份变化。")
    opened = open_pack(as_of, region)
    told = rules_of(opened)
    if told is None:
        return Followed(Written())
    ids = None if people is None else [int(pk) for pk in people]
    newest = last_noticed(system_reader(region))
    if as_of > clock.today():
        # A match that looks ahead finds what may come; steps are for what is.
        return Followed(Written())
    if newest is not None and as_of < newest:
        if ids is None:
            return Followed(Written())
        # A late word about a few people: judged on the day that already stands, never before it.
        as_of, opened = newest, open_pack(newest, region)
    with analytic_session(step="救助身份跟随情况变化") as session, transaction.atomic():
        return _pass(session, told, opened, as_of, region, ids, acting, report)


def _pass(
    session: AnalyticSession,
    told: StatusRules,
    opened: OpenPack,
    as_of: date,
    region: str,
    ids: list[int] | None,
    acting: Reader,
    report: Progress,
) -> Followed:
    """Look at everybody, or at some people, and write what is different."""
    report(0, _STEPS, "读取每位老人的情况")
    load_seen_facts(
        session,
        as_of=as_of,
        region=region,
        months=opened.assessment_months,
        person_ids=ids,
    )
    load_open_spells(session, people=ids)
    report(1, _STEPS, "对照身份")
    found = _notice(session, told, opened, as_of, region)
    held = () if ids is not None else _held(session, told, found, region, as_of, acting)
    stopped = {one.status for one in held}
    noticed = [
        one for one in found if not (one.occasion == Occasion.LEAVE and one.status in stopped)
    ]
    report(2, _STEPS, "写入变化和任务")
    first = _looked_first(told) if ids is None else frozenset()
    written = write_noticed(noticed, as_of=as_of, found_there=first, acting=acting)
    moved = follow_places(_places(session, region), acting=acting)
    report(_STEPS, _STEPS, "完成")
    return Followed(
        Written(
            entered=written.entered,
            changed=written.changed,
            left=written.left,
            tasks=written.tasks,
            overtaken=written.overtaken,
            moved=moved,
        ),
        held,
    )


def release_and_follow(*, hold_id: int, acting: Reader, as_of: date, reason: str) -> Followed:
    """Let held endings go on, and write them at once.

    Raises:
        StatusHold.DoesNotExist, PermissionError, WrongMove: As ``statuses.public.release_hold``.
    """
    with transaction.atomic():
        hold = get_hold(acting, hold_id)
        release_hold(hold_id=hold_id, acting=acting, reason=reason)
        opened = open_pack(as_of, hold.region_code)
        told = rules_of(opened)
        if told is None or hold.status not in told.statuses:
            return Followed(Written())
        with analytic_session(step="放行救助身份的变化") as session:
            load_seen_facts(
                session,
                as_of=as_of,
                region=hold.region_code,
                months=opened.assessment_months,
            )
            load_open_spells(session)
            found = _notice(session, told, opened, as_of, hold.region_code)
        leaving = [
            one for one in found if one.occasion == Occasion.LEAVE and one.status == hold.status
        ]
        written = write_noticed(leaving, as_of=as_of, found_there=frozenset(), acting=acting)
    return Followed(written)


def _looked_first(told: StatusRules) -> frozenset[str]:
    """Return the statuses that nobody was ever seen to have: whoever has one, had it before."""
    everywhere = system_reader()
    return frozenset(
        code for code in told.statuses if not spells(everywhere, status=code, ended=None).exists()
    )


def _notice(
    session: AnalyticSession, told: StatusRules, opened: OpenPack, as_of: date, region: str
) -> list[Noticed]:
    """Return what differs from what is written, with the steps that follow."""
    con = session.con
    ask_statuses(con, told, opened.pack, as_of)
    low, high = code_range(region)
    con.execute(
        f"""
        CREATE OR REPLACE TABLE noticed AS
        SELECT s.person_id, s.status, s.cause, o.id AS spell_id,
            coalesce(nullif(s.place_code, ''), o.place_code, '') AS place_code,
            s.details AS now, coalesce(o.details, '{{}}') AS before,
            CASE WHEN o.id IS NULL THEN 'enter' WHEN s.has IS FALSE THEN 'leave' ELSE 'change' END
                AS occasion
        FROM statuses s
        LEFT JOIN open_spells o ON o.person_id = s.person_id AND o.status = s.status
        WHERE (o.id IS NULL AND s.has IS TRUE
                AND s.place_code >= '{low}' AND s.place_code < '{high}')
            OR (o.id IS NOT NULL AND s.has IS FALSE)
            OR (o.id IS NOT NULL AND s.has IS TRUE AND {_differs(told)})
        """
    )
    rows = session.rows(
        "SELECT person_id, status, cause, spell_id, place_code, now, before, occasion "
        "FROM noticed ORDER BY status, person_id"
    )
    steps = _steps(session, told, opened, as_of)
    found = []
    for person, status, cause, spell, place, now, before, occasion in rows:
        known = {name: value for name, value in json.loads(now).items() if value is not None}
        was = json.loads(before)
        after = {**was, **known}
        changed = {name for name in after if after[name] != was.get(name)}
        found.append(
            Noticed(
                person_id=int(person),
                status=str(status),
                occasion=str(occasion),
                cause=str(cause) if occasion == Occasion.LEAVE else "",
                place_code=str(place),
                details=after,
                before=was,
                spell_id=None if spell is None else int(spell),
                tasks=_tasks(told.statuses[status], occasion, cause, changed, person, steps),
            )
        )
    return found


def _differs(told: StatusRules) -> str:
    """Return the SQL condition that a known detail is another than the one written."""
    parts = []
    for one in told.statuses.values():
        for name in one.details:
            path = quoted(f"$.{name}")
            now, was = (f"json_extract_string({side}.details, {path})" for side in ("s", "o"))
            parts.append(
                f"(s.status = {quoted(one.code)} AND {now} IS NOT NULL "
                f"AND {now} IS DISTINCT FROM {was})"
            )
    return f"({' OR '.join(parts)})" if parts else "FALSE"


_Steps = Mapping[tuple[str, str, str], set[int]]


def _steps(session: AnalyticSession, told: StatusRules, opened: OpenPack, day: date) -> _Steps:
    """Return, for each step with a condition, for whom of those noticed it is known to hold."""
    found = {}
    for one in told.statuses.values():
        for occasion in ("enter", "change"):
            for step in one.steps(occasion):
                if step.when is not None:
                    found[one.code, occasion, step.code] = holds_for(
                        session.con, step.when, opened.pack, day, people="noticed"
                    )
    return found


def _tasks(
    rule: StatusRule, occasion: str, cause: str, changed: set[str], person: int, steps: _Steps
) -> tuple[NewTask, ...]:
    def wanted(step: Step) -> bool:
        if step.cause and step.cause != cause:
            return False
        if step.fact and step.fact not in changed:
            return False
        return step.when is None or person in steps[rule.code, occasion, step.code]

    return tuple(
        NewTask(step.code, step.do, step.by, step.days)
        for step in rule.steps(occasion)
        if wanted(step)
    )


def _held(
    session: AnalyticSession,
    told: StatusRules,
    found: Sequence[Noticed],
    region: str,
    as_of: date,
    acting: Reader,
) -> tuple[HeldBack, ...]:
    """Return, and write, the statuses that so many would leave that a person must look first."""
    having = dict(session.rows("SELECT status, count(*) FROM open_spells GROUP BY 1"))
    held = []
    for code in told.statuses:
        leaving = sum(one.occasion == Occasion.LEAVE and one.status == code for one in found)
        of = int(having.get(code, 0))
        if leaving >= told.least and leaving * 100 > of * told.share:
            held.append(HeldBack(status=code, people=leaving, of=of, noticed_on=as_of))
    hold_back(held, region=region, statuses=told.statuses, acting=acting)
    return tuple(held)


def _places(session: AnalyticSession, region: str) -> list[tuple[int, str]]:
    """Return the spells that go on whose person is served at another place of the region now."""
    low, high = code_range(region)
    rows = session.rows(
        "SELECT o.id, s.place_code FROM open_spells o "
        "JOIN statuses s ON s.person_id = o.person_id AND s.status = o.status "
        f"WHERE s.place_code >= '{low}' AND s.place_code < '{high}' "
        "AND s.place_code <> o.place_code AND s.has IS NOT FALSE ORDER BY o.id"
    )
    return [(int(pk), str(place)) for pk, place in rows]
