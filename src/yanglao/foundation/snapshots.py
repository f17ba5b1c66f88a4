"""What a run saw, kept beside the database: one file of facts a run, without names or ID numbers.

With it a run can be repeated exactly (same facts, same pack, same day), and the next run can say
which fact made a difference. Files lie in ``YANGLAO_HOME/runs``; a run without its file is still
explained, only less exactly. A file comes into its place when its transaction has committed.
"""

import os
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
from django.db import transaction

from yanglao.foundation.home import home_folder
from yanglao.foundation.scoping import EVERYWHERE
from yanglao.kernel.division import contains

_FILE = re.compile(r"(\d{10})-(\d{12})-(whole|some|trial)\.parquet")


def keep(
    con: duckdb.DuckDBPyConnection, *, run_id: int, as_of: date, region: str, sort: str
) -> Path:
    """Write the table ``facts`` of a run; the file counts once the transaction has committed.

    Args:
        con: The session that holds ``facts``.
        run_id: Of the run.
        as_of: Its day.
        region: 12-digit division that was looked at.
        sort: ``"whole"`` for everybody of the region, ``"some"`` for a few people, ``"trial"``.
    """
    folder = home_folder("runs")
    for left in folder.glob("*.new"):
        left.unlink(missing_ok=True)  # of a run that was undone; runs are written one at a time
    target = folder / f"{run_id:010}-{region}-{sort}.parquet"
    draft = target.with_suffix(".new")
    con.execute(
        f"""COPY (SELECT *, DATE '{as_of.isoformat()}' AS seen_on, {int(run_id)} AS run_no
        FROM facts) TO '{_quoted(draft)}' (FORMAT parquet, COMPRESSION zstd)"""  # noqa: S608 - own paths
    )
    transaction.on_commit(lambda: os.replace(draft, target))
    return target


def load_before(con: duckdb.DuckDBPyConnection, *, region: str, into: str = "facts_before") -> bool:
    """Make the table of what earlier runs last saw of the people in ``moved``; say if there is any.

    Reads from the last run over the whole region on, looks at a few people included.

    Args:
        con: The session that holds ``facts`` and ``moved``.
        region: 12-digit division of the present run.
        into: Table to make: the columns of ``facts`` and ``seen_on``.
    """
    files = list(_since_whole(region))
    if not files:
        return False
    listed = ", ".join(f"'{_quoted(path)}'" for path in files)
    con.execute(
        f"""CREATE TABLE {into} AS SELECT * FROM read_parquet([{listed}], union_by_name = true)
        WHERE person_id IN (SELECT person_id FROM moved)
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY run_no DESC) = 1"""  # noqa: S608 - own paths
    )
    have = {row[0] for row in con.execute(f"DESCRIBE {into}").fetchall()}
    for name, kind, *_rest in con.execute("DESCRIBE facts").fetchall():
        if name not in have:
            con.execute(f'ALTER TABLE {into} ADD COLUMN "{name}" {kind}')
    return True


def load_run(con: duckdb.DuckDBPyConnection, *, run_id: int, into: str = "facts") -> bool:
    """Make the table of facts that a run saw; say whether they were kept."""
    found = [path for path, number, _region, _sort in _kept() if number == run_id]
    if not found:
        return False
    con.execute(
        f"""CREATE TABLE {into} AS SELECT * EXCLUDE (seen_on, run_no)
        FROM read_parquet('{_quoted(found[0])}')"""  # noqa: S608 - own paths
    )
    return True


def remove(run_ids: Iterable[int]) -> int:
    """Remove what runs saw (when people's files are retired); return how many files went."""
    gone = set(run_ids)
    found = [path for path, number, _region, _sort in _kept() if number in gone]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _kept() -> list[tuple[Path, int, str, str]]:
    """Return all files, the newest run first."""
    found = []
    for path in home_folder("runs").iterdir():
        name = _FILE.fullmatch(path.name)
        if name:
            found.append((path, int(name[1]), name[2], name[3]))
    return sorted(found, key=lambda entry: -entry[1])


def _since_whole(region: str) -> Iterable[Path]:
    """Yield files that may have seen people of a region, back to one that saw all of them."""
    for path, _number, seen, sort in _kept():
        if sort == "trial":
            continue
        yield path
        if sort == "whole" and (seen == EVERYWHERE or contains(seen, region)):
            return


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
