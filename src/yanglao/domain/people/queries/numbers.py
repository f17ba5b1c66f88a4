"""ID numbers of many people at once: opened in chunks, for files that may carry them."""

from yanglao.domain.people.models import Person
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.secrets import opened

_CHUNK = 10_000


def load_numbers(session: AnalyticSession, *, into: str, people: str) -> int:
    """Make a DuckDB table of people: ``id``, ``id_number``, ``name``; return how many.

    Opening envelopes takes ten seconds for a million; ask only for those that are needed. Not
    scoped: the caller names people that the reader may see.

    Args:
        session: An open analytic session.
        into: Table to make.
        people: DuckDB SQL that selects their ids.
    """
    con = session.con
    con.execute(f"CREATE TABLE {into} (id BIGINT, id_number VARCHAR, name VARCHAR)")
    wanted = sorted({pk for (pk,) in con.execute(people).fetchall()})
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        rows = Person.objects.filter(pk__in=part).order_by("pk").values_list("pk", "sealed", "name")
        read = list(rows)
        con.execute(
            f"INSERT INTO {into} SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[]), "
            "unnest(?::VARCHAR[])",
            [
                [pk for pk, _, _ in read],
                [opened(Person, sealed).get("id_number", "") for _, sealed, _ in read],
                [name for _, _, name in read],
            ],
        )
    return len(wanted)
