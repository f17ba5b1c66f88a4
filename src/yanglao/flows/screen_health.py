"""Early finding: a screening judged and recorded, and everybody compared with a year ago."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yanglao.domain.health.public import (
    FoundWorse,
    NewScreening,
    Screening,
    record_screening,
    write_worse,
)
from yanglao.domain.people.public import load_facts
from yanglao.engines.scoring.validity import months_later
from yanglao.engines.screening import MEASURES, WrongScreening, find_worse, judge, read_screening
from yanglao.engines.screening import Screening as ScreeningScale
from yanglao.flows.load_seen_facts import load_seen_facts
from yanglao.flows.open_pack import open_pack
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader

_FOLDER = ("national", "screening")
CURRENT = "icope-2019"

__all__ = [
    "CURRENT",
    "ScreeningScale",
    "WrongScreening",
    "fact_of_measure",
    "look_for_worse",
    "problems_of_screening",
    "screen_person",
    "screening_scale",
]
_STEPS = 3


def screening_scale(code: str = CURRENT) -> ScreeningScale:
    """Return the questions of a screening.

    Raises:
        WrongScreening: If the file is not there or cannot be used.
    """
    path = Path(settings.POLICIES).joinpath(*_FOLDER) / f"{code}.yaml"
    if not path.is_file():
        raise WrongScreening([f"没有筛查表 {code}：请看 policies/national/screening/"])
    return _read(path, path.stat().st_mtime_ns)


def problems_of_screening() -> list[str]:
    """Return what is wrong with the screening in use, in Chinese; empty when nothing is."""
    try:
        screening_scale()
    except WrongScreening as wrong:
        return list(wrong.messages)
    return []


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> ScreeningScale:
    return read_screening(path.read_text("utf-8-sig"), f"{path.parent.name}/{path.name}")


def screen_person(
    *,
    person_id: int,
    answers: Mapping[str, str],
    screened_on: date,
    acting: Reader,
    note: str = "",
    code: str = CURRENT,
) -> Screening:
    """Judge the answers to a screening and record them with what is due next.

    Raises:
        ValueError: For an answer that the questions do not offer.
        Person.DoesNotExist, PermissionError, WrongMove: As ``health.public.record_screening``.
    """
    scale = screening_scale(code)
    verdict = judge(scale, answers)
    due = (
        screened_on + timedelta(days=scale.follow_days)
        if verdict.failed
        else months_later(screened_on, scale.repeat_months)
    )
    new = NewScreening(
        person_id=person_id,
        scale=scale.code,
        answers=dict(answers),
        failed=verdict.failed,
        unclear=verdict.unclear,
        screened_on=screened_on,
        due_on=due,
        note=note,
    )
    return record_screening(new=new, acting=acting)


def look_for_worse(
    *,
    region: str,
    as_of: date,
    acting: Reader,
    months: int = 12,
    report: Progress = silent,
) -> int:
    """Compare everybody's facts with those of some months ago; write who got worse.

    Args:
        region: 12-digit division.
        as_of: The day.
        acting: On whose behalf; must cover the region.
        months: How far back the other day lies.
        report: Called with steps done, all steps, and what is going on.

    Returns:
        How many are told for the first time.

    Raises:
        PermissionError: When the region lies outside the acting area.
        yanglao.flows.open_pack.NoPackInForce: When no pack is in force on the day.
    """
    if not acting.covers(region):
        raise PermissionError("只能查看自己辖区内的老人。")
    opened = open_pack(as_of, region)
    since = months_later(as_of, -months)
    valid = opened.assessment_months
    columns = ", ".join(["person_id", *(one.fact for one in MEASURES)])
    with analytic_session(step="查找情况变差的老人") as earlier:
        report(0, _STEPS, f"读取 {since} 的情况")
        load_facts(earlier, as_of=since, region=region, assessment_valid_months=valid)
        before = earlier.con.sql(f"SELECT {columns} FROM facts").to_arrow_table()
    with analytic_session(step="查找情况变差的老人") as session:
        report(1, _STEPS, f"读取 {as_of} 的情况")
        load_seen_facts(session, as_of=as_of, region=region, months=valid)
        session.con.register("facts_before", before)
        report(2, _STEPS, "对照")
        find_worse(session.con, before="facts_before", now="facts")
        rows = session.rows(
            "SELECT person_id, place_code, measure, was, is_now, weight FROM worse "
            "WHERE place_code IS NOT NULL AND place_code <> '' ORDER BY person_id, measure"
        )
    found = [
        FoundWorse(int(person), str(place), str(measure), str(was), str(now), int(weight))
        for person, place, measure, was, now, weight in rows
    ]
    with transaction.atomic():
        fresh = write_worse(found, found_on=as_of, since=since, region=region, acting=acting)
    report(_STEPS, _STEPS, "完成")
    return fresh


def fact_of_measure(code: str) -> str:
    """Return the fact that a measure looks at; the code itself for one that is no more."""
    return next((one.fact for one in MEASURES if one.code == code), code)
