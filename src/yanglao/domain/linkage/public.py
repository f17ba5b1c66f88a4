"""Linkage: doubts about who is who, what a person decided about each, and how it is taken back.

Three worklists. A *waiting row* is a row of a list of which the engine could not say whose it is:
it has been accepted and belongs to nobody until a clerk decides; the decision is remembered for the
sender's next list. A *file pair* is two files that may be of one person. A *conflict* is two
departments saying what cannot both be true of one person.
"""

from yanglao.domain.linkage.actions import (
    decide_row,
    find_conflicts_again,
    mark_pair_merged,
    put_pairs,
    put_waiting,
    reopen_conflict,
    reopen_pair,
    say_different,
    settle_conflict,
    take_back_decision,
)
from yanglao.domain.linkage.models import Candidate, Conflict, FilePair, WaitingRow
from yanglao.domain.linkage.queries import (
    candidates_of,
    conflicts,
    desk_counts,
    different_pairs,
    file_pairs,
    get_conflict,
    get_pair,
    get_row,
    next_row,
    remembered,
    row_key,
    waiting_by_list,
    waiting_by_place,
    waiting_rows,
)
from yanglao.domain.linkage.types import (
    ConflictState,
    Decision,
    DeskCounts,
    FoundConflict,
    NewCandidate,
    NewPair,
    NewWaiting,
    PairState,
    Remembered,
    RowState,
    Side,
    Why,
)

__all__ = [
    "Candidate",
    "Conflict",
    "ConflictState",
    "Decision",
    "DeskCounts",
    "FilePair",
    "FoundConflict",
    "NewCandidate",
    "NewPair",
    "NewWaiting",
    "PairState",
    "Remembered",
    "RowState",
    "Side",
    "WaitingRow",
    "Why",
    "candidates_of",
    "conflicts",
    "decide_row",
    "desk_counts",
    "different_pairs",
    "file_pairs",
    "find_conflicts_again",
    "get_conflict",
    "get_pair",
    "get_row",
    "mark_pair_merged",
    "next_row",
    "put_pairs",
    "put_waiting",
    "remembered",
    "reopen_conflict",
    "reopen_pair",
    "row_key",
    "say_different",
    "settle_conflict",
    "take_back_decision",
    "waiting_by_list",
    "waiting_by_place",
    "waiting_rows",
]
