"""Pairs to probabilities, by Splink on DuckDB."""

import logging
import uuid
import warnings
from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from yanglao.engines.linkage.judging import Pair
from yanglao.engines.linkage.model import LEVELS, Model
from yanglao.kernel.sounds import readings

_CLAIM, _PERSON = "claim", "person"
#: So many pairs are weighed at a time; each takes about two kilobytes of memory meanwhile.
_AT_ONCE = 250_000


def weigh_pairs(
    con: duckdb.DuckDBPyConnection, model: Model, numbers: Mapping[int, str], *, least: float
) -> list[Pair]:
    """Return the pairs whose probability is at least ``least``, by row and then likeliest first.

    Reads ``claims``, ``alike``, ``namesakes``, ``pairs`` and ``marks`` (id, what: ``phone`` or
    ``household``, text) of the connection.

    Args:
        con: Connection with these tables.
        model: Parameters.
        numbers: ID numbers of those people in ``pairs`` whom ``people_to_compare`` names.
        least: Less likely pairs are left out.
    """
    _readings(con)
    own = pa.table(
        {
            "id": pa.array(list(numbers), pa.int64()),
            "number": pa.array(list(numbers.values()), pa.string()),
        }
    )
    con.register("numbers_of_people", own)
    con.execute(_CLAIMS_FOR_SPLINK)
    con.execute(_PEOPLE_FOR_SPLINK)
    con.unregister("numbers_of_people")
    pairs: list[Pair] = []
    for first, last in _ranges(con):
        con.execute(_PAIRS_FOR_SPLINK, [first, last])
        pairs += _predict(con, model, least)
        con.execute("DROP TABLE pairs_for_splink")
    return pairs


def _ranges(con: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Return the first and last rows of parts with about :data:`_AT_ONCE` pairs."""
    parts = f"CAST(ceil(row_number() OVER (ORDER BY n) / {_AT_ONCE}.0) AS BIGINT)"
    # The pairs of a row stay together: it belongs to the part in which its last one falls.
    return con.execute(
        f"""SELECT min(n), max(n) FROM (
            SELECT n, max(part) AS part FROM (SELECT n, {parts} AS part FROM pairs) GROUP BY n
        ) GROUP BY part ORDER BY part"""  # noqa: S608 - own words
    ).fetchall()


def _readings(con: duckdb.DuckDBPyConnection) -> None:
    folds = con.execute(
        """SELECT DISTINCT fold FROM claims UNION
        SELECT DISTINCT fold FROM alike WHERE id IN (SELECT id FROM pairs)"""
    ).fetchall()
    names = [fold for (fold,) in folds]
    spoken = pa.table(
        {
            "fold": pa.array(names, pa.string()),
            "reading": pa.array([readings(name) for name in names], pa.string()),
        }
    )
    con.register("spoken_names", spoken)
    con.execute("CREATE TABLE spoken AS SELECT * FROM spoken_names")
    con.unregister("spoken_names")


_CLAIMS_FOR_SPLINK = """
    CREATE TABLE claims_for_splink AS
    SELECT c.n AS unique_id, c.fold, s.reading, c.sound, c.sex, c.born,
        strftime(c.born, '%Y%m%d') AS day, c.place,
        '' AS hukou, '' AS lives, c.digits, 0::BIGINT AS namesakes,
        CASE WHEN c.phone = '' THEN []::VARCHAR[] ELSE [c.phone] END AS phones,
        CASE WHEN c.household = '' THEN []::VARCHAR[] ELSE [c.household] END AS households
    FROM claims AS c JOIN spoken AS s ON s.fold = c.fold"""

_PEOPLE_FOR_SPLINK = """
    CREATE TABLE people_for_splink AS
    WITH kept AS (
        SELECT id, coalesce(list(text) FILTER (WHERE what = 'phone'), []) AS phones,
            coalesce(list(text) FILTER (WHERE what = 'household'), []) AS households
        FROM marks GROUP BY id)
    SELECT p.id AS unique_id, p.fold, s.reading, p.sound, p.sex, p.born,
        strftime(p.born, '%Y%m%d') AS day, p.place, p.hukou, p.lives,
        coalesce(n.number, '') AS digits, coalesce(k.people, 1) AS namesakes,
        coalesce(m.phones, []) AS phones, coalesce(m.households, []) AS households
    FROM alike AS p SEMI JOIN pairs AS a ON a.id = p.id JOIN spoken AS s ON s.fold = p.fold
    LEFT JOIN numbers_of_people AS n ON n.id = p.id
    LEFT JOIN namesakes AS k ON k.fold = p.fold LEFT JOIN kept AS m ON m.id = p.id"""

_PAIRS_FOR_SPLINK = f"""
    CREATE TABLE pairs_for_splink AS
    SELECT '0' AS match_key, '{_CLAIM}-__-' || n AS join_key_l, '{_PERSON}-__-' || id AS join_key_r
    FROM pairs WHERE n BETWEEN ? AND ?"""  # noqa: S608 - own words


def _predict(con: duckdb.DuckDBPyConnection, model: Model, least: float) -> list[Pair]:
    """Let Splink weigh the pairs."""
    from splink import DuckDBAPI, Linker

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = DuckDBAPI(connection=con)
        claims = api.register("claims_for_splink", dataset_display_name=_CLAIM)
        people = api.register("people_for_splink", dataset_display_name=_PERSON)
        linker = Linker([claims, people], model.settings(), log_level=logging.ERROR)
        blocked = api.register("pairs_for_splink", dataset_display_name=f"pairs_{uuid.uuid4().hex}")
        linker.table_management.register_blocked_pairs_for_predict(blocked)
        found = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
    gammas = ", ".join(f"gamma_{name}" for name in LEVELS)
    rows = con.execute(
        f"""SELECT unique_id_l, unique_id_r, match_probability, match_weight, {gammas}
        FROM {found.physical_name} ORDER BY unique_id_l, match_weight DESC, unique_id_r"""  # noqa: S608
    ).fetchall()
    # Many pairs meet the same levels: these are looked up, and held, once.
    levels: dict[tuple[int, ...], dict[str, str]] = {}
    pairs = []
    for n, pk, probability, weight, *met in rows:
        key = tuple(met)
        if key not in levels:
            levels[key] = _levels(model, key)
        pairs.append(Pair(n, pk, probability, weight, levels[key]))
    return pairs


def _levels(model: Model, gammas: Sequence[int]) -> dict[str, str]:
    return {name: model.level(name, gamma) for name, gamma in zip(LEVELS, gammas, strict=True)}
