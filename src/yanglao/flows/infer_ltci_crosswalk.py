"""What a long-term care grade or a disability card says about the ability level, and the reverse.

Used only where no valid assessment exists, never for money, and always shown as 推定.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from yanglao.domain.catalogue.public import pack_in_force
from yanglao.domain.people.public import load_facts
from yanglao.engines.scoring.crosswalk import (
    DISABILITY,
    LTC,
    Crosswalk,
    Evidence,
    Inference,
    infer_ability,
    infer_ltc,
    read_crosswalk,
)
from yanglao.engines.scoring.scales import in_force
from yanglao.flows.read_ltci_terms import ltci_terms, needed
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import Reader
from yanglao.kernel.disability import CATEGORIES

_COMBOS = """
    SELECT ability_level, ltci_level,
           CASE WHEN ltci_assessed_on > DATE '0001-01-01' THEN ltci_assessed_on END,
           disability_category, disability_grade, count(*)
    FROM facts WHERE alive IS NOT FALSE GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class WalkLine:
    """A line of the table: what is known, the level taken (None: none), between which it lies."""

    known: str
    take: int | None
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class WalkTable:
    """One kind of evidence. ``valid``: how old it may be, in words."""

    title: str
    valid: str
    lines: tuple[WalkLine, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """The crosswalk in force, for its page."""

    title: str
    source: str
    note: str
    verified: bool
    in_force_from: date
    tables: tuple[WalkTable, ...]


@dataclass(frozen=True, slots=True)
class WalkCounts:
    """People of an area by what is known of their ability; ``levels``: inferred level to people.

    Attributes:
        assessed: A valid assessment holds; nothing is inferred. inferred: A level was inferred.
        bounds: Only bounds. nothing: Nothing tells.
        to_grade: Assessed so heavy that a grade with a benefit is likely, and not graded yet.
    """

    assessed: int
    inferred: int
    bounds: int
    nothing: int
    to_grade: int
    levels: Mapping[int, int]


def crosswalk_on(as_of: date) -> Crosswalk:
    """Return the crosswalk of the pack in force, else the national one.

    Raises:
        LookupError: When none is in force.
    """
    version = pack_in_force(as_of)
    for pack in dict.fromkeys((version.pack if version else "national", "national")):
        folder = settings.POLICIES / pack / "assessment"
        found = in_force(
            [
                read_crosswalk(file.read_text(encoding="utf-8"), file.name)
                for file in sorted(folder.glob("crosswalk-*.yaml"))
            ],
            as_of,
        )
        if found is not None:
            return found
    raise LookupError(f"{as_of} 还没有生效的推定对照表。")


def walk_tables(as_of: date) -> Walk:
    """Return the crosswalk as a page shows it."""
    crosswalk = crosswalk_on(as_of)
    tables = []
    for kind in crosswalk.order:
        table = crosswalk.to_ability[kind]
        lines = tuple(
            WalkLine(_value_words(kind, value), line.take, line.at_least, line.at_most)
            for value, line in table.lines.items()
        )
        tables.append(WalkTable(f"{table.name}说明的能力等级", _valid(table.valid_months), lines))
    reverse = crosswalk.from_ability
    lines = tuple(
        WalkLine(f"能力等级 {value} 级", line.take, line.at_least, line.at_most)
        for value, line in reverse.lines.items()
    )
    tables.append(WalkTable("能力等级说明的长护失能等级", _valid(reverse.valid_months), lines))
    stamp = crosswalk.stamp
    source = f"{stamp.document} {stamp.article}"
    return Walk(
        crosswalk.title,
        source,
        stamp.note,
        stamp.verified,
        crosswalk.in_force_from,
        tuple(tables),
    )


def infer_of_facts(
    facts: Mapping[str, Any], as_of: date, crosswalk: Crosswalk | None = None
) -> tuple[Inference | None, Inference | None]:
    """Return what is inferred about the ability level, and about the grade, from facts.

    Args:
        facts: Of one person on the day: ``None`` unknown, ``-1`` known to have none.
    """
    walk = crosswalk or crosswalk_on(as_of)
    level = facts.get("ability_level")
    grade, graded = facts.get("ltci_level"), _day(facts.get("ltci_assessed_on"))
    evidence = []
    if isinstance(grade, int) and grade >= 0:
        evidence.append(Evidence(LTC, str(grade), graded))
    category, worse = facts.get("disability_category"), facts.get("disability_grade")
    if isinstance(category, int) and isinstance(worse, int) and category > 0 and worse > 0:
        evidence.append(Evidence(DISABILITY, f"{category}-{worse}", None))
    assessed = isinstance(level, int) and level >= 0
    ability = infer_ability(walk, evidence, has_valid_assessment=assessed, as_of=as_of)
    reverse = None
    if isinstance(level, int) and level >= 0:
        held = isinstance(grade, int) and grade >= 0
        day = _day(facts.get("assessed_on")) or as_of
        reverse = infer_ltc(walk, level, day, has_valid_grade=held)
    return ability, reverse


def count_inferred(reader: Reader, as_of: date) -> WalkCounts:
    """Count the people of an area by what the crosswalk says of them: one pass over everybody."""
    with analytic_session(step="失能等级对照") as session:
        load_facts(session, as_of=as_of, region=reader.area)
        combos = session.rows(_COMBOS)
    walk = crosswalk_on(as_of)
    lowest = needed(ltci_terms(as_of), "lowest_grade", as_of)
    counts = {"assessed": 0, "inferred": 0, "bounds": 0, "nothing": 0, "to_grade": 0}
    levels: dict[int, int] = {}
    for ability, grade, day, category, worse, people in combos:
        facts = {
            "ability_level": ability,
            "ltci_level": grade,
            "ltci_assessed_on": day,
            "disability_category": category,
            "disability_grade": worse,
        }
        about, reverse = infer_of_facts(facts, as_of, walk)
        if isinstance(ability, int) and ability >= 0:
            counts["assessed"] += people
            if reverse is not None and (reverse.level or reverse.at_least) >= lowest:
                counts["to_grade"] += people
        elif about is None:
            counts["nothing"] += people
        elif about.level is None:
            counts["bounds"] += people
        else:
            counts["inferred"] += people
            levels[about.level] = levels.get(about.level, 0) + people
    return WalkCounts(**counts, levels=levels)


def _value_words(kind: str, value: str) -> str:
    if kind == DISABILITY:
        category, grade = value.split("-")
        return f"{CATEGORIES[int(category)]}残疾 {grade} 级"
    return f"长护失能 {value} 级"


def _valid(months: int | None) -> str:
    return "不限多久以前的" if months is None else f"{months} 个月以内的"


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and value > date.min else None
