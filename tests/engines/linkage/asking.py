"""Let the engine look at an invented world, without any database."""

from collections.abc import Iterable, Sequence

import duckdb

from tests.engines.linkage.invented import Human, Row
from yanglao.engines.linkage import (
    Judgement,
    Model,
    Pair,
    Thresholds,
    block_pairs,
    judge,
    load_model,
    one_slip_away,
    people_to_compare,
    weigh_pairs,
)
from yanglao.kernel.names import fold_name
from yanglao.kernel.sounds import sound_key

_CLAIMS = (
    "n BIGINT, fold VARCHAR, sound VARCHAR, sex VARCHAR, born DATE, place VARCHAR, "
    "digits VARCHAR, phone VARCHAR, household VARCHAR"
)
_ALIKE = (
    "id BIGINT, fold VARCHAR, sound VARCHAR, sex VARCHAR, born DATE, place VARCHAR, "
    "hukou VARCHAR, lives VARCHAR"
)


def weighed(
    people: Sequence[Human], rows: Sequence[Row], *, model: Model | None = None, least: float = 1e-9
) -> list[Pair]:
    """Return all pairs that were looked at, with their probabilities."""
    con = duckdb.connect()
    numbers = {one.number: one.pk for one in people}
    phones: dict[str, list[int]] = {}
    homes: dict[str, list[int]] = {}
    for one in people:
        phones.setdefault(one.phone, []).append(one.pk)
        homes.setdefault(one.household, []).append(one.pk)
    claims, hints, marks = [], set(), set()
    for row in rows:
        fold = fold_name(row.name)
        claims.append(
            (row.n, fold, sound_key(fold), row.sex, _born(row), row.place, row.digits,
             row.phone, row.household)
        )  # fmt: skip
        hints |= {(row.n, numbers[t]) for t in one_slip_away(row.digits) if t in numbers}
        for what, text, known in (
            ("phone", row.phone, phones),
            ("household", row.household, homes),
        ):
            if text:
                hints |= {(row.n, pk) for pk in known.get(text, ())}
                marks |= {(pk, what, text) for pk in known.get(text, ())}
    alike = [
        (p.pk, fold_name(p.name), sound_key(p.name), p.sex, p.born, p.village, p.village, "")
        for p in people
    ]
    _put(con, "claims", _CLAIMS, claims)
    _put(con, "alike", _ALIKE, alike)
    _put(con, "hints", "n BIGINT, id BIGINT", sorted(hints))
    _put(con, "marks", "id BIGINT, what VARCHAR, text VARCHAR", sorted(marks))
    con.execute("CREATE TABLE namesakes AS SELECT fold, count(*) AS people FROM alike GROUP BY 1")
    block_pairs(con)
    wanted = set(people_to_compare(con))
    of = {one.pk: one.number for one in people if one.pk in wanted}
    return weigh_pairs(con, model or load_model(), of, least=least)


def _born(row: Row) -> object:
    if row.born is not None:
        return row.born
    from yanglao.kernel.idnumber import read_id_number

    return read_id_number(row.digits).birth_hint


def _put(con: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[tuple]) -> None:
    con.execute(f"CREATE TABLE {name} ({columns})")
    held = list(rows)
    if held:
        kinds = [column.split()[1] for column in columns.split(", ")]
        values = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
        con.execute(
            f"INSERT INTO {name} SELECT {values}", [list(c) for c in zip(*held, strict=True)]
        )


def judged(
    people: Sequence[Human],
    rows: Sequence[Row],
    *,
    thresholds: Thresholds | None = None,
    model: Model | None = None,
) -> dict[int, Judgement]:
    """Return the engine's verdicts."""
    return judge(weighed(people, rows, model=model), thresholds or Thresholds())
