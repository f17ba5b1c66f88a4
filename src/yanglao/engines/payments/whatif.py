"""What a change would cost, and whom it would touch: drafts set side by side.

A draft comes as evaluated outcomes (who would get which benefit and how much a month); this room
counts. Who gains and loses is told against the draft called the base, by county, sex and age. The
cost of the next years is told from ageing alone: see docs/reference/payments.md for the method.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist

import duckdb
import pyarrow as pa

from yanglao.engines.payments.mortality import Mortality
from yanglao.kernel.no_spill import in_memory

#: Kinds of near miss, with what a page says.
NEAR = {"year": "差一岁", "grade": "差一级", "document": "差一份材料"}
MOST_DRAFTS = 4
_YES, _POSSIBLE = 1, 2
#: Sex and age to people today; the same to ``(receivers, fen, square of fen)``.
_People = dict[tuple[str, int], int]
_Money = dict[tuple[str, int], tuple[int, float, float]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's outcomes.

    Attributes:
        outcomes: Arrow table: ``person`` BIGINT, ``benefit`` VARCHAR, ``status`` (1 yes,
            2 possible), ``fen`` a month (NULL unknown), ``missing`` (how many facts a possible
            one hangs on). Its own double payments are taken out already.
        moved: Arrow table ``person``: those whose outcomes may differ from the base's; ``outcomes``
            then holds theirs only, and everybody else has those of the base. ``None``: everybody.
        shifted: ``year`` and ``grade`` to outcomes of the same rules had everybody been one year
            older, one grade higher; what is yes there and not here is a near miss.
    """

    outcomes: pa.Table
    shifted: Mapping[str, pa.Table]
    moved: pa.Table | None = None


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
        places: draft, benefit, county, people, fen (a month), unpriced.
        changes: draft, benefit, county, sex, age (first of five years; -1 unknown), gained, lost,
            raised, lowered, fen (difference a month). Without those whom nothing happens to.
        overlaps: draft, one, other, people: who would receive both.
        near: draft, benefit, kind, people.
        years: This year and the next five of every draft.
    """

    totals: pa.Table
    places: pa.Table
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
    con: duckdb.DuckDBPyConnection | None = None,
) -> WhatIf:
    """Set drafts side by side.

    Args:
        people: ``person``, ``county``, ``sex`` (M, F), ``born``: everybody alive in the register,
            also those too young for anything today.
        base: The draft that the others are told against, usually what is in force; its outcomes
            are everybody's.

    Raises:
        ValueError: For an unknown base, more than four drafts beside it, or a confidence that is
            not within 0 and 1.
    """
    names = [base, *(name for name in drafts if name != base)]
    if base not in drafts or len(drafts) > MOST_DRAFTS + 1 or not 0 < confidence < 1:
        raise ValueError(f"最多 {MOST_DRAFTS} 个方案，另有一个是比较的基准")
    opened = con if con is not None else duckdb.connect(":memory:", config=in_memory())
    opened.register("people_given", people)
    opened.execute(_PEOPLE, {"day": as_of})
    opened.register("names_given", pa.table({"number": range(len(names)), "draft": names}))
    opened.execute("CREATE TABLE names AS SELECT * FROM names_given")
    for number, name in enumerate(names):
        _lay(opened, number, drafts[name])
    found = WhatIf(
        totals=_table(opened, _TOTALS.format(yes=_YES, possible=_POSSIBLE)),
        places=_table(opened, _PLACES.format(yes=_YES)),
        changes=_table(opened, _CHANGES.format(yes=_YES)),
        overlaps=_table(opened, _OVERLAPS.format(yes=_YES)),
        near=_near(opened, names, drafts),
        years=tuple(_costs(opened, list(drafts), names, mortality, confidence, years)),
    )
    if con is None:
        opened.close()
    return found


def _lay(con: duckdb.DuckDBPyConnection, number: int, draft: Draft) -> None:
    """Lay a draft into ``part``: the base whole; of others what they take away and what they give.

    Every count of a draft is then the sum over the base's rows and its own, each with its sign.
    """
    con.register("draft_given", draft.outcomes)
    if not number:
        con.execute(
            "CREATE TABLE part AS SELECT 0::TINYINT AS number, 1::TINYINT AS sign, "
            "person, benefit, status, fen, missing FROM draft_given"
        )
        con.unregister("draft_given")
        return
    moved = ""
    if draft.moved is not None:
        con.register("moved_given", draft.moved)
        moved = "SEMI JOIN moved_given USING (person)"
    con.execute(
        f"""INSERT INTO part
        SELECT {number}, -1, person, benefit, status, fen, missing
        FROM (SELECT * FROM part WHERE number = 0) {moved}
        UNION ALL SELECT {number}, 1, person, benefit, status, fen, missing FROM draft_given"""
    )
    con.unregister("draft_given")
    if draft.moved is not None:
        con.unregister("moved_given")


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

#: Joins a sum by draft number to the drafts it counts in: the base's counts in all.
_IN = "JOIN names n ON a.number = 0 OR a.number = n.number"

_TOTALS = f"""
WITH a AS (SELECT number, benefit, sum(sign) FILTER (status = {{yes}}) AS people,
  sum(sign * fen) FILTER (status = {{yes}}) AS fen,
  sum(sign) FILTER (status = {{yes}} AND fen IS NULL) AS unpriced,
  sum(sign) FILTER (status = {{possible}}) AS possible
FROM part GROUP BY ALL)
SELECT n.draft, benefit, coalesce(sum(people), 0)::BIGINT AS people,
  coalesce(sum(fen), 0)::BIGINT AS fen, coalesce(sum(unpriced), 0)::BIGINT AS unpriced,
  coalesce(sum(possible), 0)::BIGINT AS possible
FROM a {_IN} GROUP BY n.number, n.draft, benefit
HAVING sum(people) > 0 OR sum(possible) > 0 ORDER BY n.number, benefit
"""

_PLACES = f"""
WITH a AS (SELECT number, benefit, county, sum(sign) AS people, sum(sign * fen) AS fen,
  sum(sign) FILTER (fen IS NULL) AS unpriced
FROM part JOIN people USING (person) WHERE status = {{yes}} GROUP BY ALL)
SELECT n.draft, benefit, county, sum(people)::BIGINT AS people,
  coalesce(sum(fen), 0)::BIGINT AS fen, coalesce(sum(unpriced), 0)::BIGINT AS unpriced
FROM a {_IN} GROUP BY n.number, n.draft, benefit, county
HAVING sum(people) > 0 ORDER BY n.number, benefit, county
"""

_CHANGES = """
WITH a AS (SELECT * FROM part WHERE number > 0 AND sign = -1 AND status = {yes}),
b AS (SELECT * FROM part WHERE number > 0 AND sign = 1 AND status = {yes}),
both_ AS (
  SELECT coalesce(a.number, b.number) AS number, coalesce(a.person, b.person) AS person,
    coalesce(a.benefit, b.benefit) AS benefit, a.person IS NOT NULL AS was,
    b.person IS NOT NULL AS is_, a.fen AS before, b.fen AS after
  FROM a FULL JOIN b ON a.number = b.number AND a.person = b.person AND a.benefit = b.benefit
  WHERE a.person IS NULL OR b.person IS NULL OR a.fen IS DISTINCT FROM b.fen
)
SELECT n.draft, benefit, county, sex, coalesce(age // 5 * 5, -1) AS age,
  count(*) FILTER (NOT was) AS gained, count(*) FILTER (NOT is_) AS lost,
  count(*) FILTER (was AND is_ AND coalesce(after, 0) > coalesce(before, 0)) AS raised,
  count(*) FILTER (was AND is_ AND coalesce(after, 0) < coalesce(before, 0)) AS lowered,
  sum(coalesce(after, 0) - coalesce(before, 0))::BIGINT AS fen
FROM both_ JOIN names n USING (number) LEFT JOIN people USING (person)
GROUP BY n.number, n.draft, benefit, county, sex, 5 ORDER BY n.number, benefit, county, sex, 5
"""

_OVERLAPS = f"""
WITH yes AS (SELECT number, sign, person, benefit FROM part WHERE status = {{yes}}),
a AS (SELECT x.number, x.benefit AS one, y.benefit AS other, sum(x.sign) AS people
  FROM yes x JOIN yes y ON x.person = y.person AND x.number = y.number AND x.sign = y.sign
    AND x.benefit < y.benefit GROUP BY ALL)
SELECT n.draft, one, other, sum(people)::BIGINT AS people FROM a {_IN}
GROUP BY n.number, n.draft, one, other HAVING sum(people) > 0 ORDER BY n.number, one, other
"""


def _near(
    con: duckdb.DuckDBPyConnection, names: list[str], drafts: Mapping[str, Draft]
) -> pa.Table:
    """Who would be in with one year, one grade or one document more."""
    found = [
        _table(
            con,
            f"WITH a AS (SELECT number, benefit, sum(sign) AS people FROM part "
            f"WHERE status = {_POSSIBLE} AND missing = 1 GROUP BY ALL) "
            f"SELECT n.draft, benefit, 'document' AS kind, sum(people)::BIGINT AS people "
            f"FROM a {_IN} GROUP BY n.number, n.draft, benefit HAVING sum(people) > 0 "
            "ORDER BY n.number, benefit",
        )
    ]
    for number, name in enumerate(names):
        # Who has it: the base's rows but those the draft took away, and what it gave.
        has = (
            "SELECT person, benefit FROM part WHERE status = "
            f"{_YES} AND number IN (0, {number}) GROUP BY ALL HAVING sum(sign) > 0"
        )
        for kind, table in sorted(drafts[name].shifted.items()):
            con.register("shifted_given", table)
            found.append(
                _table(
                    con,
                    f"SELECT $name AS draft, s.benefit, $kind AS kind, count(*) AS people "
                    f"FROM shifted_given s ANTI JOIN ({has}) d "
                    f"ON s.person = d.person AND s.benefit = d.benefit WHERE s.status = {_YES} "
                    "GROUP BY ALL ORDER BY ALL",
                    {"name": name, "kind": kind},
                )
            )
            con.unregister("shifted_given")
    return pa.concat_tables(found)


def _costs(
    con: duckdb.DuckDBPyConnection,
    order: list[str],
    names: list[str],
    mortality: Mortality,
    confidence: float,
    years: int,
) -> Iterator[YearCost]:
    """The cost of this year and the next of every draft."""
    people: _People = {
        (sex, age): count
        for sex, age, count in con.execute(
            "SELECT sex, age, count(*) FROM people WHERE age >= 0 GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    }
    money: list[_Money] = [{} for _ in names]
    for number, sex, age, *sums in con.execute(
        f"""WITH money AS (SELECT number, sign, person, sum(fen)::DOUBLE AS fen FROM part
          WHERE status = {_YES} AND fen IS NOT NULL GROUP BY ALL)
        SELECT number, sex, age, sum(sign)::BIGINT, sum(sign * fen), sum(sign * fen * fen)
        FROM money JOIN people USING (person) WHERE age >= 0 GROUP BY ALL ORDER BY ALL"""
    ).fetchall():
        money[number][sex, age] = (sums[0], sums[1], sums[2])
    for name in order:
        number = names.index(name)
        cells = {}
        for key, count in people.items():
            parts = [money[0].get(key, (0, 0.0, 0.0))]
            if number:
                parts.append(money[number].get(key, (0, 0.0, 0.0)))
            cells[key] = _Cell(
                count,
                sum(part[0] for part in parts),
                sum(part[1] for part in parts),
                sum(part[2] for part in parts),
            )
        yield from _project(cells, name, mortality, confidence, years)


@dataclass(frozen=True, slots=True)
class _Cell:
    """People of one sex and age: number, receivers, sums of a month's fen and of its square."""

    people: int
    receivers: int
    fen: float
    square: float


def _project(
    cells: Mapping[tuple[str, int], _Cell],
    draft: str,
    mortality: Mortality,
    confidence: float,
    years: int,
) -> list[YearCost]:
    """The cost of this year and the next, each age receiving what it receives today."""
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
