"""Outcomes as an Arrow table: what both engines join to people and write to files."""

from collections.abc import Sequence

import pyarrow as pa

from yanglao.engines.policy.outcomes import STATUS_WORDS, Outcome

#: Columns of an answer beside the person, with their Arrow types: what both engines write.
ANSWER_COLUMNS = {
    "item": pa.string(),
    "status": pa.string(),
    "tier": pa.string(),
    "amount_fen": pa.int64(),
    "delivered": pa.bool_(),
    "outcome_key": pa.string(),
    "reason": pa.string(),
    "missing": pa.list_(pa.string()),
}


def outcome_table(outcomes: Sequence[Outcome]) -> pa.Table:
    """Outcomes as columns: ``no`` and :data:`ANSWER_COLUMNS`."""
    values: dict[str, list[object]] = {
        "item": [one.item for one in outcomes],
        "status": [STATUS_WORDS[one.status] for one in outcomes],
        "tier": [one.tier for one in outcomes],
        "amount_fen": [one.amount_fen for one in outcomes],
        "delivered": [one.delivered for one in outcomes],
        "outcome_key": [one.key for one in outcomes],
        "reason": [one.reason for one in outcomes],
        "missing": [list(one.missing) for one in outcomes],
    }
    arrays = {"no": pa.array(range(len(outcomes)), pa.int32())}
    arrays |= {name: pa.array(values[name], kind) for name, kind in ANSWER_COLUMNS.items()}
    return pa.table(arrays)
