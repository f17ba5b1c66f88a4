"""Statuses as a table for one pass over everybody."""

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

    Args:
        session: An open session without a table of this name.
        people: Only theirs; everybody's when not given.
        into: Table: ``id, person_id, status, place_code, details`` (JSON).
    """
    where = "ended_on IS NULL"
    if people is not None:
        listed = ", ".join(str(int(pk)) for pk in people) or "NULL"
        where += f" AND person_id IN ({listed})"
    return session.load(into, "statuses_statusspell", _COLUMNS, where=where)


def in_region(region: str) -> str:
    """Return the condition that a place lies in a region, over ``place_code``."""
    low, high = code_range(region)
    return f"place_code >= '{low}' AND place_code < '{high}'"
