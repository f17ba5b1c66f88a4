"""Folders of invented people for two days, and what a run wrote into them."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.engines.policy.people import invent_people
from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.people import make_facts
from yanglao.flows.match_folder import open_folder_pack
from yanglao.foundation.partitions import (
    PART,
    county_files,
    county_folder,
    day_folder,
    level_columns,
)

FIRST, SECOND = date(2026, 11, 1), date(2026, 12, 1)
People = list[dict[str, Any]]


def two_months(compiled: Compiled, count: int) -> tuple[People, People]:
    """People of one month, and of the next: some gone, some new, some moved, some facts changed."""
    before = invent_people(compiled.pack.vocabulary, count, FIRST, seed=5)
    others = invent_people(compiled.pack.vocabulary, count, FIRST, seed=6)
    after = []
    for number, (old, other) in enumerate(zip(before, others, strict=True), start=1):
        person = {"person_id": number, **old}
        if number % 5 == 0:
            person |= {name: other[name] for name in ("living", "ability_level", "alive")}
        if number % 7 == 0:
            person["place_code"] = other["place_code"]
        if number % 11:
            after.append(person)
    after += [{"person_id": count + number, **one} for number, one in enumerate(others[:50], 1)]
    return before, after


def write_facts(root: Path, compiled: Compiled, people: People) -> None:
    """Write the facts of a day as ``export_facts`` lays them out."""
    base = day_folder(root, "facts", compiled.as_of)
    with duckdb.connect(":memory:") as con:
        make_facts(con, compiled.pack.vocabulary, people, as_of=compiled.as_of)
        county = level_columns("place_code")["county"]
        for (code,) in con.execute(f"SELECT DISTINCT {county} FROM facts").fetchall():
            target = base / county_folder(code)
            target.mkdir(parents=True)
            con.execute(
                f"COPY (SELECT * FROM facts WHERE {county} = '{code}' ORDER BY person_id) "
                f"TO '{target / PART}' (FORMAT parquet)"
            )


def write_two_months(root: Path, count: int = 400) -> tuple[Compiled, Compiled]:
    """Write both months; return the pack for each day."""
    first, second = (open_folder_pack("hetian", day) for day in (FIRST, SECOND))
    before, after = two_months(first, count)
    write_facts(root, first, before)
    write_facts(root, second, after)
    return first, second


def written(root: Path, day: date, kind: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows that a run wrote, by county, as they stand in the file."""
    files = county_files(day_folder(root, "results", day) / kind)
    with duckdb.connect(":memory:") as con:
        return {
            county: con.execute(
                f"SELECT * FROM read_parquet('{path}', hive_partitioning = false)"
            ).fetchall()
            for county, path in files.items()
        }
