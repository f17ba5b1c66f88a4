"""Reads: what waits, in the reader's area; what was decided before."""

from yanglao.domain.linkage.queries.memory import different_pairs, remembered, row_key
from yanglao.domain.linkage.queries.worklists import (
    candidates_of,
    conflicts,
    desk_counts,
    file_pairs,
    get_conflict,
    get_pair,
    get_row,
    next_row,
    rows_that_wait,
    waiting_by_list,
    waiting_by_place,
    waiting_rows,
)

__all__ = [
    "candidates_of",
    "conflicts",
    "desk_counts",
    "different_pairs",
    "file_pairs",
    "get_conflict",
    "get_pair",
    "get_row",
    "next_row",
    "remembered",
    "row_key",
    "rows_that_wait",
    "waiting_by_list",
    "waiting_by_place",
    "waiting_rows",
]
