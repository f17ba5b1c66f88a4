"""From the database into DuckDB: statements, coverage, then the facts of a day."""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and dates only.

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yanglao.domain.people.facts import steps
from yanglao.domain.people.facts.columns import (
    COVERAGE_COLUMNS,
    ENTRY_COLUMNS,
    FACT_SOURCES,
    MENTION_COLUMNS,
    OWN_ROW,
    PERSON_COLUMNS,
    VALUE_COLUMNS,
)
from yanglao.domain.people.facts.wide import wide_row
from yanglao.domain.people.types import KINDS_WITH_ABSENCE
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import area_range

_ABSENCE = tuple(sorted(KINDS_WITH_ABSENCE))
_HELPERS = ("person", "full_list", "batch_place", "covered", "mention", "mentioned")


@dataclass(frozen=True, slots=True)
class _Covers:
    """What the full lists known on the day cover.

    Attributes:
        kinds: Kinds of which there is any full list.
        split: Kinds whose lists came for places apart from each other.
    """

    kinds: frozenset[str]
    split: frozenset[str]


def load_facts(
    session: AnalyticSession,
    *,
    as_of: date,
    region: str,
    person_ids: Sequence[int] | None = None,
    assessment_valid_months: int = 12,
    sources: bool = False,
) -> int:
    """Make the DuckDB table ``facts`` as of a day; return the number of people in it.

    Args:
        session: An open analytic session without tables of these names.
        as_of: The day; both what lists say and what their absence means is taken as of it.
        region: 12-digit division whose people are wanted (by the place they are served).
        person_ids: Only these people, when given, wherever they are served.
        assessment_valid_months: How long an ability assessment holds (pack parameter); it ends
            the day before its anniversary.
        sources: Also make ``fact_source(person_id, fact, kind, entry)``: which statement each
            fact followed from. For one person, not for everybody.
    """
    people, theirs = _wanted(session, region, person_ids)
    made = _make_words(session, people, theirs, tuple(VALUE_COLUMNS), as_of)
    day = steps.literal(as_of)
    made += _make_day(session, day, assessment_valid_months)
    session.con.execute(f"CREATE TABLE facts AS {wide_row(day)}")
    if sources:
        parts = [
            f"SELECT person_id, '{fact}' AS fact, '{kind}' AS kind, {column} AS entry FROM {table}"
            for fact, (kind, table, column) in FACT_SOURCES.items()
        ]
        parts.append(
            "SELECT person_id, 'alive', 'deaths', id FROM deaths_now "
            f"WHERE died_on <= {day}"  # before the register's word about the same
        )
        parts.append(
            "SELECT person_id, 'alive', 'household', coalesce(dead_id, id) FROM household_now"
        )
        session.con.execute(f"CREATE TABLE fact_source AS {' UNION ALL '.join(parts)}")
    for name in (*made, *_HELPERS, *VALUE_COLUMNS):
        session.con.execute(f"DROP TABLE {name}")
    return int(session.rows("SELECT count(*) FROM facts")[0][0])


def load_words(session: AnalyticSession, *, people: str) -> None:
    """Make the tables from which a person's own row is kept up to date.

    ``household_now``, ``household`` (all statements), ``deaths_now``, ``survey_now`` and
    ``person``, as of the last word of all lists, whatever its date.

    Args:
        session: An open analytic session.
        people: SQL that selects the ids of the wanted people.
    """
    last = date.max
    kinds = ("household", "survey", "deaths")
    _make_words(session, f"id IN ({people})", f"person_id IN ({people})", kinds, last, OWN_ROW)
    day = steps.literal(last)
    for name, text in (
        ("household_word", steps.household_word(day)),
        ("household_now", steps.household(day)),
        ("survey_now", steps.survey(day)),
        ("deaths_now", steps.deaths(day)),
    ):
        session.con.execute(f"CREATE TEMP TABLE {name} AS {text}")


def _wanted(
    session: AnalyticSession, region: str, person_ids: Sequence[int] | None
) -> tuple[str, str]:
    """Return the conditions for people and for their statements; the latter empty for all."""
    if person_ids is not None:
        listed = ", ".join(str(int(pk)) for pk in person_ids) or "NULL"
        return f"id IN ({listed})", f"person_id IN ({listed})"
    low, high = area_range(region)
    inside = f"place_code >= '{low}' AND place_code < '{high}'"
    if not low:
        return inside, ""
    outside = session.load(
        "outside",
        "people_person",
        [Column("id", "int")],
        f"place_code < '{low}' OR place_code >= '{high}'",
    )
    session.con.execute("DROP TABLE outside")
    if not outside:
        # Nobody is elsewhere: reading whole tables is faster than asking row by row.
        return inside, ""
    return inside, f"person_id IN (SELECT id FROM people_person WHERE {inside})"


def _make_words(
    session: AnalyticSession,
    people: str,
    theirs: str,
    kinds: Iterable[str],
    as_of: date,
    further: Mapping[str, tuple[Column, ...]] | None = None,
) -> list[str]:
    """Read people, statements, coverage and mentions; return names of further tables made."""
    more = further or {}
    session.load("person", "people_person", [*PERSON_COLUMNS, *more.get("person", ())], people)
    for kind in kinds:
        columns = [*ENTRY_COLUMNS, *VALUE_COLUMNS[kind], *more.get(kind, ())]
        session.load(kind, f"people_{kind}entry", columns, theirs)
    session.load("coverage", "people_coverage", COVERAGE_COLUMNS)
    session.load("mention", "people_mention", MENTION_COLUMNS, theirs)
    covers = _make_coverage(session, as_of)
    day = steps.literal(as_of)
    made = []
    for kind in kinds:
        if kind not in _ABSENCE or kind == "deaths":
            continue
        split = kind in covers.split
        if split:
            session.con.execute(f"CREATE TEMP TABLE limit_{kind} AS {_limits(kind)}")
            made.append(f"limit_{kind}")
        text = steps.live(kind, day, covered=kind in covers.kinds, split=split)
        session.con.execute(f"CREATE TEMP VIEW live_{kind} AS {text}")
    session.con.execute("DROP TABLE source_cover")
    return made


def _make_day(session: AnalyticSession, day: str, months: int) -> list[str]:
    """Make a table per kind with what is in force on the day; return their names."""
    texts = {
        "household_word": steps.household_word(day),
        "household_now": steps.household(day),
        "pension_now": steps.pension("live_pension"),
        "assistance_now": steps.assistance("live_assistance"),
        "disability_now": steps.disability("live_disability"),
        "health_now": steps.health("live_health"),
        "dementia_now": steps.dementia(day),
        "ltci_now": steps.ltci("live_ltci", day),
        "veterans_now": steps.veterans("live_veterans"),
        "survey_now": steps.survey(day),
        "relief_now": steps.relief("live_relief"),
        "assessment_now": steps.assessment(day, months),
        "deaths_now": steps.deaths(day),
    }
    for name, text in texts.items():
        session.con.execute(f"CREATE TEMP TABLE {name} AS {text}")
    for kind in _ABSENCE:
        session.con.execute(f"DROP VIEW IF EXISTS live_{kind}")
    return list(texts)


def _make_coverage(session: AnalyticSession, as_of: date) -> _Covers:
    """Make ``covered`` (per person and kind, the key of the last full list of his place).

    A full list covers a person when its division contains the place where he is served, where he
    is registered or where he lives. Few codes, many people: covered per code first.
    """
    con = session.con
    rows = con.execute(
        "SELECT kind, division_code, month, batch, is_full FROM coverage ORDER BY batch"
    ).fetchall()
    con.execute("DROP TABLE coverage")
    con.execute(
        "CREATE TABLE full_list (kind VARCHAR, low VARCHAR, high VARCHAR, month DATE, batch BIGINT)"
    )
    con.execute("CREATE TABLE batch_place (batch BIGINT, low VARCHAR, high VARCHAR)")
    full = [(kind, *area_range(code), month, b) for kind, code, month, b, whole in rows if whole]
    if full:
        con.executemany("INSERT INTO full_list VALUES (?, ?, ?, ?, ?)", full)
    places = {batch: area_range(code) for _, code, _, batch, _ in rows}
    if places:
        con.executemany(
            "INSERT INTO batch_place VALUES (?, ?, ?)",
            [(batch, low, high) for batch, (low, high) in places.items()],
        )
    known = f"month <= {steps.literal(as_of)}"
    key = steps.key("month", "batch")
    con.execute(
        f"""CREATE TEMP TABLE cover AS
        SELECT kind, low, high, max({key}) AS k FROM full_list WHERE {known} GROUP BY ALL"""
    )
    _make_covered(session)
    keyed = ", ".join(f"max({key}) FILTER (kind = '{kind}') AS {kind}" for kind in _ABSENCE)
    con.execute(
        f"CREATE TABLE mentioned AS SELECT person_id, {keyed} FROM mention GROUP BY person_id"
    )
    found = con.execute("SELECT kind, low, high FROM cover").fetchall()
    split = {
        kind
        for kind, low, high in found
        if kind in KINDS_WITH_ABSENCE and any(_apart((low, high), one) for one in places.values())
    }
    _make_source_cover(session, split)
    con.execute("DROP TABLE cover; DROP TABLE codes")
    return _Covers(frozenset(kind for kind, _, _ in found), frozenset(split))


def _make_covered(session: AnalyticSession) -> None:
    con = session.con
    con.execute(
        """CREATE TEMP TABLE codes AS
        SELECT place_code AS code FROM person UNION SELECT hukou_code FROM person
        UNION SELECT residence_code FROM person"""
    )
    wide = ", ".join(f"max(k) FILTER (kind = '{kind}') AS {kind}" for kind in _ABSENCE)
    con.execute(
        f"""CREATE TEMP TABLE code_cover AS SELECT code, {wide}
        FROM codes JOIN cover ON code >= low AND code < high GROUP BY code"""
    )
    best = ", ".join(f"greatest(a.{kind}, b.{kind}, c.{kind}) AS {kind}" for kind in _ABSENCE)
    con.execute(
        f"""CREATE TABLE covered AS SELECT person.id AS person_id, {best} FROM person
        LEFT JOIN code_cover a ON a.code = place_code
        LEFT JOIN code_cover b ON b.code = hukou_code
        LEFT JOIN code_cover c ON c.code = residence_code"""
    )
    con.execute("DROP TABLE code_cover")


def _make_source_cover(session: AnalyticSession, split: Iterable[str]) -> None:
    """Make ``source_cover``: per code and place of a list, the last full list that may end it.

    One county's full list says nothing about a person who stands on another county's: it ends a
    statement only if the places of the two lists overlap.
    """
    wanted = ", ".join(f"'{kind}'" for kind in sorted(split)) or "NULL"
    session.con.execute(
        f"""CREATE TABLE source_cover AS
        WITH source AS (SELECT DISTINCT low, high FROM batch_place)
        SELECT cover.kind, source.low AS source, codes.code, max(cover.k) AS k
        FROM cover, source, codes
        WHERE cover.kind IN ({wanted}) AND codes.code >= cover.low AND codes.code < cover.high
            AND ((source.low <= cover.low AND cover.low < source.high)
                OR (cover.low <= source.low AND source.low < cover.high))
        GROUP BY ALL"""
    )


def _limits(kind: str) -> str:
    """Return SQL: for each statement, the key of the last full list that may end it."""
    joins = " ".join(
        f"LEFT JOIN source_cover {name} ON {name}.kind = '{kind}' AND {name}.source = b.low "
        f"AND {name}.code = p.{code}"
        for name, code in (("x", "place_code"), ("y", "hukou_code"), ("z", "residence_code"))
    )
    # What was entered by hand came with no list: any list of the person's place may end it.
    return f"""
        SELECT s.id, CASE WHEN b.batch IS NULL THEN covered.{kind}
            ELSE greatest(x.k, y.k, z.k) END AS k
        FROM {kind} AS s JOIN person AS p ON p.id = s.person_id
        JOIN covered ON covered.person_id = s.person_id
        LEFT JOIN batch_place AS b ON b.batch = s.last_batch {joins}"""


def _apart(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two ranges of codes have nothing in common."""
    return one[1] <= other[0] or other[1] <= one[0]
