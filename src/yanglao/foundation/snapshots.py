"""What a run saw, kept beside the database: one file of facts a run, without names or ID numbers.

With it a run can be repeated exactly (same facts, same pack, same day), and the next run can say
which fact made a difference. Files lie in ``YANGLAO_HOME/runs``; the run's row names its file, so a
file that belongs to another database is never taken for one of this. A run without its file is
still explained, only less exactly. A file comes into its place when its transaction has committed.

Files are sealed as a whole: they say who is poor, disabled or ill. DuckDB writes and reads them in
memory that has a file's name, so that nothing readable touches the disk.
"""

# ruff: noqa: S608 - paths and numbers of this program's own making

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import duckdb
from django.db import transaction

from yanglao.foundation.secrets import read_sealed, sealed_folder, write_sealed


def new_name(run_id: int) -> str:
    """Return a file name for what a run saw; never the same twice."""
    return f"{run_id:010}-{secrets.token_hex(6)}.parquet"


def keep(con: duckdb.DuckDBPyConnection, *, name: str, run_id: int, as_of: date) -> None:
    """Write the table ``facts``; the file counts once the caller's transaction has committed."""
    folder = sealed_folder("runs")
    for left in folder.glob("*.new"):
        left.unlink(missing_ok=True)  # of a run that was undone; runs are written one at a time
    target = folder / name
    draft = target.with_suffix(".new")
    with _in_memory() as path:
        con.execute(
            f"""COPY (SELECT *, DATE '{as_of.isoformat()}' AS seen_on, {int(run_id)} AS run_no
            FROM facts) TO '{path}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"""
        )
        write_sealed(draft, Path(path).read_bytes())
    transaction.on_commit(lambda: os.replace(draft, target))


def load_before(
    con: duckdb.DuckDBPyConnection, *, names: Iterable[str], into: str = "facts_before"
) -> bool:
    """Make the table of what runs last saw of the people in ``moved``; say if there is any file.

    Args:
        con: The session that holds ``facts`` and ``moved``.
        names: Files of the runs to look into; of each person the newest run counts.
        into: Table to make: the columns of ``facts``, ``seen_on`` and ``run_no``.
    """
    paths = [path for name in names if (path := sealed_folder("runs") / name).exists()]
    if not paths:
        return False
    with ExitStack() as stack:
        opened = [stack.enter_context(_in_memory(read_sealed(path))) for path in paths]
        listed = ", ".join(f"'{path}'" for path in opened)
        con.execute(
            f"""CREATE TABLE {into} AS
            SELECT * FROM read_parquet([{listed}], union_by_name = true)
            WHERE person_id IN (SELECT person_id FROM moved)
            QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY run_no DESC) = 1"""
        )
    have = {row[0] for row in con.execute(f"DESCRIBE {into}").fetchall()}
    for column, kind, *_rest in con.execute("DESCRIBE facts").fetchall():
        if column not in have:
            con.execute(f'ALTER TABLE {into} ADD COLUMN "{column}" {kind}')
    return True


def load_run(
    con: duckdb.DuckDBPyConnection,
    *,
    name: str,
    into: str = "facts",
    columns: Iterable[str] | None = None,
) -> bool:
    """Make the table of facts that a run saw; say whether they were kept.

    Args:
        columns: Only these; one that the run did not know is all unknown (NULL) and has no type.
    """
    path = sealed_folder("runs") / name
    if not name or not path.exists():
        return False
    with _in_memory(read_sealed(path)) as opened:
        wanted = "* EXCLUDE (seen_on, run_no)"
        if columns is not None:
            told = con.execute(f"DESCRIBE SELECT * FROM read_parquet('{opened}')").fetchall()
            have = {row[0] for row in told}
            wanted = ", ".join(
                f'"{name}"' if name in have else f'NULL AS "{name}"' for name in columns
            )
        con.execute(f"CREATE TABLE {into} AS SELECT {wanted} FROM read_parquet('{opened}')")
    return True


def remove(names: Iterable[str]) -> int:
    """Remove what runs saw (when people's files are retired); return how many files went."""
    gone = 0
    for name in names:
        path = sealed_folder("runs") / name
        if name and path.exists():
            path.unlink()
            gone += 1
    return gone


@contextmanager
def _in_memory(data: bytes = b"") -> Iterator[str]:
    """Give the path of a file that is only in memory, for the length of a ``with`` block."""
    descriptor = os.memfd_create("yanglao-facts")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(data)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
