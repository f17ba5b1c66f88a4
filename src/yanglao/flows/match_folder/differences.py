"""What differs from the results of an earlier day, and why; written once, in DuckDB's SQL.

Both engines have the views ``facts`` and ``facts_before`` (with ``seen_on``), ``now`` and
``before`` (answers, no left out), each with the levels of its place. The causes are those of runs
on the database (``entitlements``): same facts, same words.
"""

from datetime import date

from yanglao.domain.entitlements.public import cause_sql, told_parts, told_sql
from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.people import facts_columns
from yanglao.engines.policy.sql import named, quoted
from yanglao.flows.open_pack import all_words, item_rule
from yanglao.foundation.partitions import LEVELS

#: Columns of a difference, before those of its place.
COLUMNS = (
    "person_id",
    "item",
    "kind",
    "before_status",
    "after_status",
    "before_key",
    "after_key",
    "cause",
)
_LISTS_CHANGED = "名单有更新"


def change_sql() -> str:
    """SQL of the differences without their causes, to be kept as ``change``."""
    levels = ", ".join(f"coalesce(a.{name}, b.{name}) AS {name}" for name in LEVELS)
    return f"""SELECT coalesce(a.person_id, b.person_id) AS person_id,
            coalesce(a.item, b.item) AS item,
            CASE WHEN b.item IS NULL THEN 'new' WHEN a.item IS NULL THEN 'lost'
                ELSE 'changed' END AS kind,
            b.status AS before_status, a.status AS after_status,
            b.outcome_key AS before_key, a.outcome_key AS after_key, {levels}
        FROM now AS a FULL JOIN before AS b ON a.person_id = b.person_id AND a.item = b.item
        WHERE a.outcome_key IS DISTINCT FROM b.outcome_key"""


def difference_sql(compiled: Compiled, *, note: str, with_facts: bool) -> str:
    """SQL of the differences with their causes, over ``change``; place as of now, else before.

    Args:
        compiled: The pack for the day.
        note: What to say when another version of the pack is the cause; ``""`` when it is not.
        with_facts: Whether ``facts_before`` is there.
    """
    if not with_facts:
        levels = ", ".join(LEVELS)
        cause = quoted(note or _LISTS_CHANGED)
        known = _codes(compiled)
        return f"""SELECT {", ".join(COLUMNS[:-1])},
            CASE WHEN item IN ({known}) THEN {cause} ELSE '' END AS cause, {levels} FROM change"""
    plain = ", ".join(f"c.{name}" for name in COLUMNS[:-1])
    levels = ", ".join(f"coalesce(n.{name}, c.{name}) AS {name}" for name in LEVELS)
    own = _fact_names(compiled)
    moved = "person_id IN (SELECT person_id FROM change)"
    parts, told = _told(compiled)
    # Each thing is told once in a step of its own, then picked by item: Spark compiles it so.
    return f"""SELECT {", ".join(COLUMNS[:-1])},
            CASE WHEN item IN ({_codes(compiled)}) THEN {cause_sql(compiled.as_of, note)}
                ELSE '' END AS cause, {", ".join(LEVELS)}
        FROM (SELECT *, {told} AS told
            FROM (SELECT {plain}, {levels}, n.person_id AS f, o.person_id AS o, o.seen_on, {parts}
                FROM change AS c
                LEFT JOIN (SELECT person_id, {own}, {", ".join(LEVELS)}
                    FROM facts WHERE {moved}) AS n ON n.person_id = c.person_id
                LEFT JOIN (SELECT person_id, {own}, seen_on
                    FROM facts_before WHERE {moved}) AS o ON o.person_id = c.person_id
            ) AS things) AS told_of"""


def _told(compiled: Compiled) -> tuple[str, str]:
    """SQL of the columns of what may have changed; and of what is told for the item of the row."""
    words = all_words(compiled.pack)
    every: dict[str, str] = {}
    cases = []
    for one in compiled.items:
        parts = told_parts(item_rule(compiled, one, one.position), words, compiled.as_of)
        every |= parts
        told = told_sql([named(name) for name in parts])
        cases.append(f"WHEN {quoted(one.item.code)} THEN {told}")
    columns = ", ".join(f"{sql} AS {named(name)}" for name, sql in every.items())
    return columns, f"CASE item {' '.join(cases)} END"


def _codes(compiled: Compiled) -> str:
    return ", ".join(quoted(one.item.code) for one in compiled.items)


def _fact_names(compiled: Compiled) -> str:
    """Columns that causes may tell of."""
    names = [name for name in facts_columns(compiled.pack.vocabulary) if name != "person_id"]
    return ", ".join(named(name) for name in names)


def seen_on_sql(day: date) -> str:
    """SQL of the day on which facts were seen."""
    return f"DATE '{day.isoformat()}' AS seen_on"
