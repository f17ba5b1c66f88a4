"""Statements that are set aside: somebody found that the other department was right.

What is set aside counts as if its row had gone back: the fact is unknown, not "known not to be",
unless another list says it. A report of death that is set aside was never made.
"""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and numbers only.

from collections.abc import Mapping, Sequence

import duckdb

from yanglao.domain.people.models import SetAside

_DEATHS = "deaths"
_MENTION = "kind, person_id, month, batch"


def read_set_aside(person_ids: Sequence[int] | None) -> dict[str, dict[str, list[int]]]:
    """Return kind → value (``""``: the whole row) → ids of statements that are set aside.

    Args:
        person_ids: Only of these files; ``None``: of all. One query.
    """
    rows = SetAside.objects.order_by("id")
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    found: dict[str, dict[str, list[int]]] = {}
    for kind, value, entry in rows.values_list("kind", "value", "entry_id"):
        found.setdefault(kind, {}).setdefault(value, []).append(entry)
    return found


def without(
    con: duckdb.DuckDBPyConnection, kind: str, aside: Mapping[str, Sequence[int]]
) -> str | None:
    """Make ``<kind>_kept``: the statements that count; return SQL of remarks for the others.

    Args:
        con: With the relation of the kind.
        kind: List kind.
        aside: Value to ids, from :func:`read_set_aside`.
    """
    whole = _numbers(aside.get("", ()))
    blanked = ", ".join(
        f"CASE WHEN id IN ({_numbers(ids)}) THEN NULL ELSE {value} END AS {value}"
        for value, ids in sorted(aside.items())
        if value
    )
    replaced = f" REPLACE ({blanked})" if blanked else ""
    # Not yet put away: remarks are made from the rows that go.
    con.execute(f"CREATE TABLE {kind}_gone AS SELECT * FROM {kind} WHERE id IN ({whole})")
    con.execute(
        f"CREATE TABLE {kind}_kept AS SELECT *{replaced} FROM {kind} WHERE id NOT IN ({whole})"
    )
    if kind == _DEATHS:
        return None
    return (
        f"SELECT '{kind}' AS kind, person_id, seen_to AS month, last_batch AS batch "
        f"FROM {kind}_gone"
    )


def with_remarks(con: duckdb.DuckDBPyConnection, remarks: Sequence[str]) -> None:
    """Make ``mention_kept``: the remarks about rows that went back, and these."""
    texts = " UNION ALL ".join([f"SELECT {_MENTION} FROM mention", *remarks])
    con.execute(f"CREATE TABLE mention_kept AS {texts}")


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(str(int(one)) for one in ids) or "-1"
