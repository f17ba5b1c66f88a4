"""Statuses as a table for one pass over everybody."""

from yanglao.domain.people.public import files_of, laid_in_files
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.kernel.division import code_range

_COLUMNS = (
    Column("id", "int"),
    Column("person_id", "int"),
    Column("status", "text"),
    Column("place_code", "text"),
    Column("details", "text", source="CAST(details AS text)"),
)


def load_open_spells(
    session: AnalyticSession, *, people: list[int] | None = None, into: str = "open_spells"
) -> int:
    """Make a table of the statuses that people have; return how many there are.

    Of a file laid into another, the person of the file that goes on is named; when both files
    have a status, the one of the file that goes on stands for both.

    Args:
        session: An open session without a table of this name.
        people: Only theirs; everybody's when not given.
        into: Table: ``id, person_id, status, place_code, details`` (JSON).
    """
    where = "ended_on IS NULL"
    if people is not None:
        listed = ", ".join(str(pk) for pk in files_of(people)) or "NULL"
        where += f" AND person_id IN ({listed})"
    count = session.load(into, "statuses_statusspell", _COLUMNS, where=where)
    merged = laid_in_files()
    for file, person in sorted(merged.items()) if count else ():
        session.con.execute(
            f"DELETE FROM {into} WHERE person_id = $1 AND status IN "
            f"(SELECT status FROM {into} WHERE person_id = $2)",
            [file, person],
        )
        session.con.execute(
            f"UPDATE {into} SET person_id = $2 WHERE person_id = $1",
            [file, person],
        )
    return count


def in_region(region: str) -> str:
    """Return the condition that a place lies in a region, over ``place_code``."""
    low, high = code_range(region)
    return f"place_code >= '{low}' AND place_code < '{high}'"
