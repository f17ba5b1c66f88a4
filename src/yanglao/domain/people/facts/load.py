"""From the database into DuckDB: statements, coverage, then the facts of a day.

For everybody each step is a table of its own; for a few people all steps are parts of one query,
because there a tenth of a second is all the time there is. The steps are the same.
"""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and dates only.

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from yanglao.domain.people.facts import steps
from yanglao.domain.people.facts.aside import read_set_aside, with_remarks, without
from yanglao.domain.people.facts.columns import (
    COVERAGE_COLUMNS,
    ENTRY_COLUMNS,
    MENTION_COLUMNS,
    OWN_ROW,
    PERSON_COLUMNS,
    VALUE_COLUMNS,
)
from yanglao.domain.people.facts.wide import source_columns, wide_row
from yanglao.domain.people.models import DEMENTIA, Merge
from yanglao.domain.people.types import KINDS_WITH_ABSENCE, with_laid_in
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.few_rows import register_few
from yanglao.foundation.scoping import area_range
from yanglao.foundation.secrets import unmask_column
from yanglao.foundation.staging import put_rows

_ABSENCE = tuple(sorted(KINDS_WITH_ABSENCE))
#: So many people at most are looked at in one query.
_FEW = 200
#: What is read for the facts of people: themselves, what was said of them, remarks.
_READ = ("person", *VALUE_COLUMNS, "mention")
_COVER = {"kind": "VARCHAR", "low": "VARCHAR", "high": "VARCHAR", "k": "BIGINT"}
_FULL_LIST = {
    "kind": "VARCHAR",
    "low": "VARCHAR",
    "high": "VARCHAR",
    "month": "DATE",
    "batch": "BIGINT",
}
_BATCH_PLACE = {"batch": "BIGINT", "low": "VARCHAR", "high": "VARCHAR"}


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
        sources: Put behind the facts, for each table of ``FACT_SOURCES``, which statement they
            followed from.
    """
    into = Merge.laid_in_files()
    if person_ids is not None:
        ends = {into.get(pk, pk) for pk in person_ids}
        person_ids = with_laid_in(ends, into)
        # Merges of others are no matter here: a page about one person stays as fast as it is.
        into = {pk: end for pk, end in into.items() if end in ends}
    people, theirs = _wanted(session, region, person_ids, into)
    few = person_ids is not None and len(person_ids) <= _FEW
    maker = _Maker(session, few=few, into=into, aside=read_set_aside(person_ids))
    maker.read(tuple(VALUE_COLUMNS), people, theirs)
    return _finish(maker, as_of, assessment_valid_months, sources=sources)


def keep_statements(
    session: AnalyticSession, *, region: str, person_ids: Sequence[int] | None = None
) -> None:
    """Read all statements once, for :func:`facts_on` to be asked about many days.

    Args:
        session: An open session without tables ``kept_…``.
        region: Whose people, when ``person_ids`` names none.
    """
    into = Merge.laid_in_files()
    if person_ids is not None:
        ends = {into.get(pk, pk) for pk in person_ids}
        person_ids = with_laid_in(ends, into)
        into = {pk: end for pk, end in into.items() if end in ends}
    people, theirs = _wanted(session, region, person_ids, into)
    maker = _Maker(session, few=False, into=into, aside=read_set_aside(person_ids))
    maker.read(tuple(VALUE_COLUMNS), people, theirs)
    for name in _READ:
        session.con.execute(f"ALTER TABLE {name} RENAME TO kept_{name}")
        maker.tables.remove(name)
    maker.forget()


def forget_statements(session: AnalyticSession) -> None:
    """Let go of what :func:`keep_statements` read."""
    for name in _READ:
        session.con.execute(f"DROP TABLE kept_{name}")


def facts_on(
    session: AnalyticSession, *, as_of: date, among: str, assessment_valid_months: int
) -> int:
    """Make the table ``facts`` as of a day out of the statements kept; see :func:`load_facts`.

    Args:
        among: Table of the session, or a query in brackets, whose column ``person`` names the
            wanted people.
    """
    maker = _Maker(session, few=False, into={}, aside={})
    for name in _READ:
        own = "id" if name == "person" else "person_id"
        maker.make(name, f"SELECT * FROM kept_{name} WHERE {own} IN (SELECT person FROM {among})")
    return _finish(maker, as_of, assessment_valid_months, sources=False)


def _finish(maker: "_Maker", as_of: date, assessment_valid_months: int, *, sources: bool) -> int:
    """Make ``facts`` out of what was read; return the number of people in it."""
    session = maker.session
    day = steps.literal(as_of)
    covers = maker.cover(as_of)
    maker.words(tuple(VALUE_COLUMNS), covers, day)
    for name, text in (
        ("household_word", steps.household_word(day)),
        ("household_now", steps.household(day)),
        ("pension_now", steps.pension("live_pension")),
        ("assistance_now", steps.assistance("live_assistance")),
        ("disability_now", steps.disability("live_disability")),
        ("health_now", steps.health("live_health")),
        ("dementia_now", steps.dementia(day)),
        ("ltci_now", steps.ltci("live_ltci", day)),
        ("veterans_now", steps.veterans("live_veterans")),
        ("survey_now", steps.survey(day)),
        ("relief_now", steps.relief("live_relief")),
        ("assessment_now", steps.assessment(day, assessment_valid_months)),
        ("deaths_now", steps.deaths(day)),
    ):
        maker.make(name, text)
    maker.finish("facts", wide_row(day, source_columns(day) if sources else {}))
    maker.forget()
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
    day = steps.literal(last)
    kinds = ("household", "survey", "deaths")
    into = Merge.laid_in_files()
    maker = _Maker(session, few=False, into=into, aside=read_set_aside(None))
    maker.read(kinds, f"id IN ({people})", f"person_id IN ({people})", OWN_ROW)
    maker.cover(last)
    for name, text in (
        ("household_word", steps.household_word(day)),
        ("household_now", steps.household(day)),
        ("survey_now", steps.survey(day)),
        ("deaths_now", steps.deaths(day)),
    ):
        maker.make(name, text)


def _wanted(
    session: AnalyticSession,
    region: str,
    person_ids: Sequence[int] | None,
    into: Mapping[int, int],
) -> tuple[str, str]:
    """Return the conditions for people and for their statements; the latter empty for all."""
    if person_ids is not None:
        listed = ", ".join(str(int(pk)) for pk in person_ids) or "NULL"
        return f"id IN ({listed})", f"person_id IN ({listed})"
    low, high = area_range(region)
    inside = f"place_code >= '{low}' AND place_code < '{high}'"
    if not low:
        return "", ""
    outside = session.load(
        "outside",
        "people_person",
        [Column("id", "int")],
        # Files laid into others (a letter in front) are no people of another place.
        f"place_code < '{low}' OR (place_code >= '{high}' AND place_code < ':')",
    )
    session.con.execute("DROP TABLE outside")
    if not outside:
        # Nobody is elsewhere: reading whole tables is faster than asking row by row.
        return "", ""
    theirs = f"person_id IN (SELECT id FROM people_person WHERE {inside})"
    if into:
        theirs = f"({theirs} OR person_id IN ({', '.join(map(str, sorted(into)))}))"
    return inside, theirs


class _Maker:
    """Makes relations under names: tables for many people, parts of one query for few."""

    def __init__(
        self,
        session: AnalyticSession,
        *,
        few: bool,
        into: Mapping[int, int],
        aside: Mapping[str, Mapping[str, Sequence[int]]],
    ) -> None:
        self.session = session
        self.aside = aside
        self.con = session.con
        self.few = few
        self.parts: dict[str, str] = {}
        self.tables: list[str] = []
        self.registered: list[str] = []
        #: Kinds without a statement about any of few people: nothing to weigh there.
        self.silent: set[str] = set()
        self.into = into
        if into:
            columns = {"file_id": "BIGINT", "goes_on": "BIGINT"}
            put_rows(self.con, "laid_in", columns, sorted(into.items()))
            self.tables.append("laid_in")

    def make(self, name: str, text: str) -> None:
        """Make a relation out of those made before."""
        if self.few:
            self.parts[name] = text
        else:
            self.con.execute(f"CREATE TABLE {name} AS {text}")
            self.tables.append(name)

    def finish(self, name: str, text: str) -> None:
        """Make the table that everything was for."""
        parts = ", ".join(f"{part} AS ({sql})" for part, sql in self.parts.items())
        head = f"WITH {parts} " if parts else ""
        self.con.execute(f"CREATE TABLE {name} AS {head}{text}")

    def forget(self) -> None:
        """Let go of everything but what was finished."""
        for name in self.tables:
            self.con.execute(f"DROP TABLE {name}")
        for name in self.registered:
            self.con.unregister(name)

    def read(
        self,
        kinds: Iterable[str],
        people: str,
        theirs: str,
        further: Mapping[str, tuple[Column, ...]] | None = None,
    ) -> None:
        """Read people, their statements and the remarks about rows that went back."""
        more = further or {}
        self._read("person", "people_person", [*PERSON_COLUMNS, *more.get("person", ())], people)
        for kind in kinds:
            columns = [*ENTRY_COLUMNS, *VALUE_COLUMNS[kind], *more.get(kind, ())]
            self._read(kind, f"people_{kind}entry", columns, theirs)
        self._read("mention", "people_mention", MENTION_COLUMNS, theirs)
        self._set_aside(kinds)

    def _set_aside(self, kinds: Iterable[str]) -> None:
        """Leave out what a person or a rule has set aside."""
        remarks = []
        for kind in kinds:
            if kind in self.aside and kind not in self.silent:
                remark = without(self.con, kind, self.aside[kind])
                self.tables.append(f"{kind}_gone")
                self._put_in_place(kind)
                remarks += [remark] if remark else []
        if remarks:
            with_remarks(self.con, remarks)
            self._put_in_place("mention")

    def _put_in_place(self, name: str) -> None:
        """Let ``<name>_kept`` be the relation of that name."""
        if name in self.registered:
            self.con.unregister(name)
            self.registered.remove(name)
            self.tables.append(name)
        else:
            self.con.execute(f"DROP TABLE {name}")
        self.con.execute(f"ALTER TABLE {name}_kept RENAME TO {name}")

    def _read(self, name: str, table: str, columns: Sequence[Column], where: str) -> None:
        if self.into:
            # What was said of a file laid into another is said of the one that goes on.
            own = f"{name}_own"
            self.session.load(own, table, columns, where)
            self.con.execute(
                f"CREATE TABLE {name} AS SELECT * FROM {own} "
                "WHERE id NOT IN (SELECT file_id FROM laid_in)"
                if name == "person"
                else f"CREATE TABLE {name} AS SELECT o.* REPLACE "
                f"(coalesce(l.goes_on, o.person_id) AS person_id) FROM {own} AS o "
                "LEFT JOIN laid_in AS l ON l.file_id = o.person_id"
            )
            self.con.execute(f"DROP TABLE {own}")
            self.tables.append(name)
        elif self.few:
            if not register_few(self.session, name, table, columns, where):
                self.silent.add(name)
            self.registered.append(name)
        else:
            self.session.load(name, table, columns, where)
            self.tables.append(name)
        if name == "health":
            self._unmask_health()

    def _unmask_health(self) -> None:
        """Put the answers about dementia in the place of their masks."""
        masked = self.con.sql("SELECT * FROM health").to_arrow_table()
        at = masked.schema.get_field_index("dementia_mask")
        answers = [unmask_column(DEMENTIA, chunk) for chunk in masked.column(at).chunks]
        plain = masked.set_column(at, "dementia", pa.chunked_array(answers, type=pa.bool_()))
        if "health" in self.registered:
            self.con.unregister("health")
            self.con.register("health", plain)
            return
        self.con.register("health_unmasked", plain)
        self.con.execute("CREATE OR REPLACE TABLE health AS SELECT * FROM health_unmasked")
        self.con.unregister("health_unmasked")

    def cover(self, as_of: date) -> _Covers:
        """Make ``covered`` and ``mentioned``: per person and kind, the key of the last list.

        A full list covers a person when its division contains the place where he is served, where
        he is registered or where he lives. Few codes, many people: covered per code first.
        """
        places = self._read_coverage()
        rows = self.con.execute("SELECT kind, low, high, month, batch FROM full_list").fetchall()
        last: dict[tuple[str, str, str], int] = {}
        for kind, low, high, month, batch in rows:
            if month <= as_of:
                known = last.get((kind, low, high), 0)
                last[kind, low, high] = max(known, steps.key_of(month, batch))
        put_rows(self.con, "cover", _COVER, [(*one, k) for one, k in sorted(last.items())])
        self.tables.append("cover")
        for name, text in steps.covered(_ABSENCE).items():
            self.make(name, text)
        split = {
            kind
            for kind, low, high in last
            if kind in KINDS_WITH_ABSENCE and any(_apart((low, high), one) for one in places)
        }
        if split:
            self.make("source_cover", steps.source_cover(split))
        return _Covers(frozenset(kind for kind, _, _ in last), frozenset(split))

    def _read_coverage(self) -> set[tuple[str, str]]:
        """Make ``full_list`` and ``batch_place``; return the ranges of all places named."""
        register_few(self.session, "coverage", "people_coverage", COVERAGE_COLUMNS)
        rows = self.con.execute(
            "SELECT kind, division_code, month, batch, is_full FROM coverage ORDER BY batch"
        ).fetchall()
        self.con.unregister("coverage")
        ranges = {code: area_range(code) for code in {row[1] for row in rows}}
        full = [(kind, *ranges[code], month, b) for kind, code, month, b, whole in rows if whole]
        put_rows(self.con, "full_list", _FULL_LIST, full)
        places = {batch: ranges[code] for _, code, _, batch, _ in rows}
        of_batches = [(batch, low, high) for batch, (low, high) in places.items()]
        put_rows(self.con, "batch_place", _BATCH_PLACE, of_batches)
        self.tables += ["full_list", "batch_place"]
        return set(ranges.values())

    def words(self, kinds: Iterable[str], covers: _Covers, day: str) -> None:
        """Make ``live_<kind>``: the statements that no later full list has ended."""
        for kind in kinds:
            if kind not in _ABSENCE or kind == "deaths":
                continue
            if kind in self.silent:
                self.make(f"live_{kind}", f"SELECT *, CAST(NULL AS BIGINT) AS k FROM {kind}")
                continue
            split = kind in covers.split
            if split:
                self.make(f"limit_{kind}", steps.limits(kind))
            self.make(
                f"live_{kind}",
                steps.live(kind, day, covered=kind in covers.kinds, split=split),
            )


def _apart(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two ranges of codes have nothing in common."""
    return one[1] <= other[0] or other[1] <= one[0]
