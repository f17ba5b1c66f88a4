"""What a change would cost, and whom it would touch: drafts set side by side.

A draft comes as evaluated outcomes (who would get which benefit and how much a month); this room
counts. Who gains and loses is told against the draft called the base, by county, sex and age. The
cost of the next years is told from ageing alone: see docs/reference/payments.md for the method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist

import duckdb
import pyarrow as pa

from yanglao.engines.payments.mortality import Mortality

#: Kinds of near miss, with what a page says.
NEAR = {"year": "差一岁", "grade": "差一级", "document": "差一份材料"}
MOST_DRAFTS = 4
_YES, _POSSIBLE = 1, 2


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's outcomes.

    Attributes:
        outcomes: Arrow table: ``person`` BIGINT, ``benefit`` VARCHAR, ``status`` (1 yes,
            2 possible), ``fen`` a month (NULL unknown), ``missing`` (how many facts a possible
            one hangs on). Its own double payments are taken out already.
        shifted: ``year`` and ``grade`` to outcomes of the same rules had everybody been one year
            older, one grade higher; what is yes there and not here is a near miss.
    """

    outcomes: pa.Table
    shifted: Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class YearCost:
    """The cost of a year: ``expected`` fen, between ``low`` and ``high`` with the confidence.

    ``people`` is how many are expected to receive something. ``youngest`` is the age below which
    nobody is counted in that year, because nobody younger is in the register today; when somebody
    below it would receive money, ``complete`` is False and the cost is too low.
    """

    draft: str
    year: int
    expected: int
    low: int
    high: int
    people: float
    youngest: int
    complete: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer, as Arrow tables and rows.

    Attributes:
        totals: draft, benefit, people, fen (a month), unpriced, possible.
        changes: draft, benefit, county, sex, age (first of five years; -1 unknown), gained, lost,
            raised, lowered, fen (difference a month). Without those whom nothing happens to.
        overlaps: draft, one, other, people: who would receive both.
        near: draft, benefit, kind, people.
        years: This year and the next five of every draft.
    """

    totals: pa.Table
    changes: pa.Table
    overlaps: pa.Table
    near: pa.Table
    years: tuple[YearCost, ...]


def compare_drafts(
    people: pa.Table,
    drafts: Mapping[str, Draft],
    base: str,
    *,
    as_of: date,
    mortality: Mortality,
    confidence: float = 0.95,
    years: int = 5,
) -> WhatIf:
    """Set drafts side by side.

    Args:
        people: ``person``, ``county``, ``sex`` (M, F), ``born``: everybody alive in the register,
            also those too young for anything today.
        base: The draft that the others are told against, usually what is in force.

    Raises:
        ValueError: For an unknown base, more than four drafts, or a confidence not within 0 and 1.
    """
    if base not in drafts or len(drafts) > MOST_DRAFTS or not 0 < confidence < 1:
        raise ValueError(f"最多 {MOST_DRAFTS} 个方案，其中一个是比较的基准")
    con = duckdb.connect()
    con.register("people_given", people)
    con.execute(_PEOPLE, {"day": as_of})
    # Names of drafts are data: tables are numbered.
    for number, (name, draft) in enumerate(drafts.items()):
        con.register("draft_given", draft.outcomes)
        con.execute(f"CREATE TABLE d{number} AS SELECT * FROM draft_given")
        con.execute(
            "CREATE OR REPLACE TABLE all_drafts AS "
            + ("SELECT * FROM all_drafts UNION ALL " if number else "")
            + f"SELECT $name AS draft, * FROM d{number}",
            {"name": name},
        )
        con.unregister("draft_given")
    names = list(drafts)
    changes = [
        _table(
            con,
            _CHANGES.format(base=names.index(base), number=n, yes=_YES),
            {"name": name},
        )
        for n, name in enumerate(names)
        if name != base
    ]
    return WhatIf(
        totals=_table(con, _TOTALS.format(yes=_YES, possible=_POSSIBLE)),
        changes=pa.concat_tables(changes) if changes else pa.table({}),
        overlaps=_table(con, _OVERLAPS.format(yes=_YES)),
        near=_near(con, drafts),
        years=tuple(
            cost for name in names for cost in _project(con, name, mortality, confidence, years)
        ),
    )


def _table(
    con: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None
) -> pa.Table:
    return con.sql(query, params=dict(values) if values else None).to_arrow_table()


_PEOPLE = """
CREATE TABLE people AS SELECT person, county, coalesce(sex, '') AS sex,
  (year($day) - year(born)
    - ((month($day), day($day)) < (month(born), day(born)))::INTEGER)::INTEGER AS age
FROM people_given
"""

_TOTALS = """
SELECT draft, benefit, count(*) FILTER (status = {yes}) AS people,
  coalesce(sum(fen) FILTER (status = {yes}), 0)::BIGINT AS fen,
  count(*) FILTER (status = {yes} AND fen IS NULL) AS unpriced,
  count(*) FILTER (status = {possible}) AS possible
FROM all_drafts GROUP BY ALL ORDER BY ALL
"""

_CHANGES = """
WITH a AS (SELECT person, benefit, fen FROM d{base} WHERE status = {yes}),
b AS (SELECT person, benefit, fen FROM d{number} WHERE status = {yes}),
both_ AS (
  SELECT coalesce(a.person, b.person) AS person, coalesce(a.benefit, b.benefit) AS benefit,
    a.person IS NOT NULL AS was, b.person IS NOT NULL AS is_, a.fen AS before, b.fen AS after
  FROM a FULL JOIN b ON a.person = b.person AND a.benefit = b.benefit
  WHERE a.person IS NULL OR b.person IS NULL OR a.fen IS DISTINCT FROM b.fen
)
SELECT $name AS draft, benefit, county, sex, coalesce(age // 5 * 5, -1) AS age,
  count(*) FILTER (NOT was) AS gained, count(*) FILTER (NOT is_) AS lost,
  count(*) FILTER (was AND is_ AND after > before) AS raised,
  count(*) FILTER (was AND is_ AND after < before) AS lowered,
  sum(coalesce(after, 0) - coalesce(before, 0))::BIGINT AS fen
FROM both_ LEFT JOIN people USING (person) GROUP BY ALL ORDER BY ALL
"""

_OVERLAPS = """
WITH yes AS (SELECT draft, person, benefit FROM all_drafts WHERE status = {yes}
  QUALIFY count(*) OVER (PARTITION BY draft, person) > 1)
SELECT a.draft, a.benefit AS one, b.benefit AS other, count(*) AS people
FROM yes a JOIN yes b ON a.draft = b.draft AND a.person = b.person AND a.benefit < b.benefit
GROUP BY ALL ORDER BY ALL
"""


def _near(con: duckdb.DuckDBPyConnection, drafts: Mapping[str, Draft]) -> pa.Table:
    """Who would be in with one year, one grade or one document more."""
    found = [
        _table(
            con,
            f"SELECT draft, benefit, 'document' AS kind, count(*) AS people FROM all_drafts "
            f"WHERE status = {_POSSIBLE} AND missing = 1 GROUP BY ALL ORDER BY ALL",
        )
    ]
    for number, (name, draft) in enumerate(drafts.items()):
        for kind, table in sorted(draft.shifted.items()):
            con.register("shifted_given", table)
            found.append(
                _table(
                    con,
                    f"SELECT $name AS draft, s.benefit, $kind AS kind, count(*) AS people "
                    f"FROM shifted_given s ANTI JOIN (SELECT * FROM d{number} WHERE status = {_YES}"
                    f") d ON s.person = d.person AND s.benefit = d.benefit WHERE s.status = {_YES} "
                    "GROUP BY ALL ORDER BY ALL",
                    {"name": name, "kind": kind},
                )
            )
            con.unregister("shifted_given")
    return pa.concat_tables(found)


@dataclass(frozen=True, slots=True)
class _Cell:
    """People of one sex and age: number, receivers, sums of a month's fen and of its square."""

    people: int
    receivers: int
    fen: float
    square: float


def _project(
    con: duckdb.DuckDBPyConnection, draft: str, mortality: Mortality, confidence: float, years: int
) -> list[YearCost]:
    """The cost of this year and the next, each age receiving what it receives today."""
    rows = con.execute(
        f"""
        WITH money AS (SELECT person, sum(fen)::DOUBLE AS fen FROM all_drafts
          WHERE draft = $name AND status = {_YES} AND fen IS NOT NULL GROUP BY person)
        SELECT sex, age, count(*), count(m.person), coalesce(sum(m.fen), 0),
          coalesce(sum(m.fen * m.fen), 0)
        FROM people LEFT JOIN money m USING (person) WHERE age >= 0 GROUP BY ALL
        """,
        {"name": draft},
    ).fetchall()
    cells = {(sex, age): _Cell(*rest) for sex, age, *rest in rows}
    if not cells:
        return []
    youngest = min(age for _, age in cells)
    paid_from = min((age for (_, age), cell in cells.items() if cell.receivers), default=None)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    found = []
    for year in range(years + 1):
        middle = _moments(cells, mortality, year, 1.0)
        many = _moments(cells, mortality, year, 1 - mortality.spread)
        few = _moments(cells, mortality, year, 1 + mortality.spread)
        found.append(
            YearCost(
                draft=draft,
                year=year,
                expected=round(middle[0]),
                low=max(0, round(few[0] - z * few[1])),
                high=round(many[0] + z * many[1]),
                people=middle[2],
                youngest=youngest + year,
                complete=paid_from is None or youngest + year <= paid_from,
            )
        )
    return found


def _moments(
    cells: Mapping[tuple[str, int], _Cell], mortality: Mortality, year: int, factor: float
) -> tuple[float, float, float]:
    """Expected cost of a year, its standard deviation, and expected receivers."""
    months = 12
    total = variance = receivers = 0.0
    for (sex, age), cell in cells.items():
        alive = mortality.survival(sex, age, year, factor)
        model = _nearest(cells, sex, age + year)
        mean, square = model.fen / model.people, model.square / model.people
        total += cell.people * alive * mean * months
        receivers += cell.people * alive * model.receivers / model.people
        if year:
            # Each person by himself: alive or not, and with the money of that age or not ...
            one = alive * square - (alive * mean) ** 2
            # ... and the money of that age is known only from those who are that old today.
            known = (square - mean**2) / model.people * (cell.people * alive) ** 2
            variance += (cell.people * one + known) * months**2
    return total, sqrt(max(0.0, variance)), receivers


def _nearest(cells: Mapping[tuple[str, int], _Cell], sex: str, age: int) -> _Cell:
    """The people of an age today; beyond the oldest, or in a gap, the next younger ones."""
    for one in range(age, -1, -1):
        if (sex, one) in cells:
            return cells[sex, one]
    raise KeyError((sex, age))
