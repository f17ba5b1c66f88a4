"""Exchange: the lists that departments hand over, kept as received and answered row by row.

A batch is one handing-over; a list is one kind in one file of it. Received is always accepted
plus returned. What a sender's own column names mean is confirmed once and remembered.
"""

from yanglao.domain.exchange.actions import (
    answer_row_again,
    forget_mapping,
    keep_file,
    record_batch,
    record_list,
    record_rows,
    remember_mapping,
)
from yanglao.domain.exchange.models import Batch, ColumnMapping, ReceivedList, RowNote
from yanglao.domain.exchange.queries import (
    batches,
    earlier_lists,
    file_path,
    get_list,
    kept_file,
    lists,
    mappings,
    notes,
    row_sums,
)
from yanglao.domain.exchange.types import STATE_LABELS, Counts, ListHead, ListState, Note

__all__ = [
    "STATE_LABELS",
    "Batch",
    "ColumnMapping",
    "Counts",
    "ListHead",
    "ListState",
    "Note",
    "ReceivedList",
    "RowNote",
    "answer_row_again",
    "batches",
    "earlier_lists",
    "file_path",
    "forget_mapping",
    "get_list",
    "keep_file",
    "kept_file",
    "lists",
    "mappings",
    "notes",
    "record_batch",
    "record_list",
    "record_rows",
    "remember_mapping",
    "row_sums",
]
