"""Writes: what waits, and what a person decides about it."""

from yanglao.domain.linkage.actions.conflicts import (
    find_conflicts_again,
    reopen_conflict,
    settle_conflict,
)
from yanglao.domain.linkage.actions.pairs import (
    mark_pair_merged,
    put_pairs,
    reopen_pair,
    say_different,
)
from yanglao.domain.linkage.actions.rows import decide_row, put_waiting, take_back_decision

__all__ = [
    "decide_row",
    "find_conflicts_again",
    "mark_pair_merged",
    "put_pairs",
    "put_waiting",
    "reopen_conflict",
    "reopen_pair",
    "say_different",
    "settle_conflict",
    "take_back_decision",
]
