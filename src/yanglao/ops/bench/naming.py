"""Names, households and telephones for the invented register that rows are linked to.

Names are as skewed as in life: a few given names are everybody's. Telephones begin with 09030: no
number of a place begins with 0, so that nobody has one.
"""

from random import Random

import duckdb
import pyarrow as pa

from yanglao.kernel.names import fold_name
from yanglao.kernel.sounds import sound_key
from yanglao.ops.demo.tables import names

#: The part of people with a name of the majority of the prefecture, and of households with a phone.
_UYGHUR, _REACHED = 0.9, 0.5
#: 1 is every name equally often; with 1.5 the first of two hundred is one in thirty-four.
_SKEW = 1.5


def name_people(con: duckdb.DuckDBPyConnection, seed: int) -> list[tuple[int, str]]:
    """Give ``elder`` names, sounds, households of their own; return (person, telephone).

    Everybody beyond the first hundred thousand repeats somebody (``ops.demo.fact_table``): their
    households become others by the number of the repetition.

    Args:
        con: Connection with the table ``elder``.
        seed: The same seed gives the same names.
    """
    rng = Random(f"{seed}/names")  # noqa: S311  reproducible, not secret
    people = con.execute("SELECT person_id, sex FROM elder ORDER BY person_id").fetchall()
    given = [draw_name(rng, sex) for _, sex in people]
    folds = {name: fold_name(name) for name in set(given)}
    sounds = {name: sound_key(name) for name in folds}
    table = pa.table(
        {
            "person_id": pa.array([pk for pk, _ in people], pa.int64()),
            "name": pa.array(given),
            "name_fold": pa.array([folds[name] for name in given]),
            "name_sound": pa.array([sounds[name] for name in given]),
        }
    )
    con.register("named", table)
    con.execute(
        """CREATE TABLE named_elder AS
        SELECT e.* REPLACE (n.name AS name, n.name_fold AS name_fold, n.name_sound AS name_sound,
            household_id || chr(CAST(65 + (person_id - 1) // 100000 AS INTEGER)) AS household_id)
        FROM elder AS e JOIN named AS n USING (person_id) ORDER BY person_id"""
    )
    con.unregister("named")
    con.execute("DROP TABLE elder; ALTER TABLE named_elder RENAME TO elder")
    return _telephones(con, rng)


def draw_name(rng: Random, sex: str) -> str:
    """Return a name; the first ones of a list are far more often drawn than the last."""
    if rng.random() < _UYGHUR:
        fathers = names("uyghur_male")
        return f"{_pick(rng, fathers if sex == 'M' else names('uyghur_female'))}·" + _pick(
            rng, fathers
        )
    return _pick(rng, names("han_surnames")) + _pick(
        rng, names("han_male" if sex == "M" else "han_female")
    )


def _pick(rng: Random, among: tuple[str, ...]) -> str:
    return among[int(rng.random() ** _SKEW * len(among))]


def _telephones(con: duckdb.DuckDBPyConnection, rng: Random) -> list[tuple[int, str]]:
    """Return who is reached by which telephone: one a household."""
    rows = con.execute(
        """SELECT person_id, substr(place_code, 1, 6) || coalesce(household_id, 'P' || person_id)
        FROM elder ORDER BY person_id"""
    ).fetchall()
    of_household: dict[str, str] = {}
    found = []
    for pk, household in rows:
        if household not in of_household:
            reached = rng.random() < _REACHED
            of_household[household] = f"09030{len(of_household):07d}" if reached else ""
        if of_household[household]:
            found.append((pk, of_household[household]))
    return found
