"""What a payment month was computed from, kept sealed: to compute it again, and to see changes.

One sealed file a freezing: Parquet tables in a tar, digests of people first. It comes into its
place before its run is stored; one whose run was undone is an orphan, removed by the next freezing.
"""

import io
import os
import secrets
import tarfile
from pathlib import Path

from yanglao.domain.settlement.public import known_files
from yanglao.engines.payments.tables import SHAPES
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.secrets import open_pieces, sealed_folder, writing_pieces

_FOLDER = "payments"
_DIGESTS = "digests"
#: Tables whose rows decide what a person is due.
_DECIDING = ("answers", "approvals", "suspensions")


def digests_of(session: AnalyticSession) -> None:
    """Make ``digests``: one number a person over all facts that decide what he is due."""
    parts = []
    for name in _DECIDING:
        columns = ", ".join(f'"{column}"' for column in SHAPES[name] if column != "person")
        # Summed, not chained: the order of rows says nothing.
        parts.append(f"SELECT person, hash('{name}', {columns})::HUGEINT AS part FROM in_{name}")
    # A list of another payer that comes, or is undone, changes what past months are due.
    parts.append(
        "SELECT person, hash('elsewhere', benefit, month)::HUGEINT AS part "
        "FROM (SELECT DISTINCT person, benefit, month FROM in_elsewhere)"
    )
    parts.append("SELECT person, hash('people', died_on)::HUGEINT AS part FROM in_people")
    session.con.execute(
        "CREATE OR REPLACE TABLE digests AS SELECT person, (sum(part) % 9223372036854775783)"
        f"::BIGINT AS digest FROM ({' UNION ALL '.join(parts)}) GROUP BY person"
    )


def new_name(run_id: int, kind: str) -> str:
    """Return a file name that no other file has."""
    return f"{run_id:010}-{kind}-{secrets.token_hex(6)}"


def keep_input(session: AnalyticSession, run_id: int) -> str:
    """Seal the frozen input (tables ``pay_…`` and ``digests``); return the file's name."""
    sweep_orphans(f"{run_id:010}-input-")
    name = new_name(run_id, "input")
    names = [_DIGESTS, *(f"pay_{one}" for one in SHAPES)]
    with writing_pieces(sealed_folder(_FOLDER) / name) as target:
        archive = tarfile.open(fileobj=target, mode="w|")  # noqa: SIM115 - closed below
        for table in names:
            data = _parquet(session, table)
            info = tarfile.TarInfo(f"{table}.parquet")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        archive.close()
    return name


def read_digests(session: AnalyticSession, name: str, *, into: str) -> bool:
    """Make the table of what a run saw of people; say whether its file is there."""
    return bool(_load(session, name, {_DIGESTS: into}, only_first=True))


def read_input(session: AnalyticSession, name: str) -> bool:
    """Make the input tables ``in_…`` from a run's sealed file; say whether it is there."""
    tables = {f"pay_{one}": f"in_{one}" for one in SHAPES}
    return _load(session, name, tables) == len(tables)


def sweep_orphans(start: str) -> int:
    """Remove files of a run that no row names: those of freezings that were undone or repeated."""
    known, gone = known_files(), 0
    for path in sealed_folder(_FOLDER).glob(f"{start}*"):
        if path.name not in known:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _load(
    session: AnalyticSession, name: str, tables: dict[str, str], *, only_first: bool = False
) -> int:
    path = sealed_folder(_FOLDER) / name
    if not name or not path.exists():
        return 0
    found = 0
    with open_pieces(path) as source, tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            into = tables.get(member.name.removesuffix(".parquet"))
            inner = archive.extractfile(member)
            if into is not None and inner is not None:
                _from_parquet(session, inner.read(), into)
                found += 1
            if only_first:
                break
    return found


def _parquet(session: AnalyticSession, table: str) -> bytes:
    """Return a table as Parquet, made in memory that has a file's name."""
    descriptor = os.memfd_create("yanglao-payments")
    try:
        path = f"/proc/self/fd/{descriptor}"
        session.con.execute(
            f"COPY {table} TO '{path}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
        )
        return Path(path).read_bytes()
    finally:
        os.close(descriptor)


def _from_parquet(session: AnalyticSession, data: bytes, into: str) -> None:
    descriptor = os.memfd_create("yanglao-payments")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(data)
        session.con.execute(
            f"CREATE TABLE {into} AS SELECT * FROM read_parquet('/proc/self/fd/{descriptor}')"
        )
    finally:
        os.close(descriptor)
