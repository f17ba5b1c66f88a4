"""What was decided before, across all areas: who a row is about does not hang on who asks."""

from collections.abc import Iterable

from yanglao.domain.linkage.models import Candidate, FilePair, WaitingRow
from yanglao.domain.linkage.types import PairState, Remembered, RowState
from yanglao.foundation import clock
from yanglao.foundation.secrets import blind_index

_PURPOSE = "linkage.waitingrow.key"


def row_key(*parts: str) -> bytes:
    """Return the key by which the same row of the same sender is known again next month."""
    return blind_index(_PURPOSE, "\x1f".join(parts))


def remembered(keys: Iterable[bytes]) -> dict[bytes, Remembered]:
    """Return the last decision about rows with one of the keys; two queries for all."""
    wanted = list(set(keys))
    if not wanted:
        return {}
    rows = list(
        WaitingRow.objects.filter(key__in=wanted)
        .exclude(state=RowState.WAITING)
        .order_by("decided_at", "id")
    )
    asked: dict[int, set[int]] = {}
    candidates = Candidate.objects.filter(waiting_row__in=rows).order_by("id")
    for row_id, person_id in candidates.values_list("waiting_row_id", "person_id"):
        asked.setdefault(row_id, set()).add(person_id)
    found = {}
    for row in rows:
        lost = row.state != RowState.RETURNED and row.person_id is None
        if lost or row.decided_at is None:
            continue
        found[bytes(row.key)] = Remembered(
            row.state,
            row.person_id,
            frozenset(asked.get(row.pk, ())),
            row.decided_by,
            clock.day_of(row.decided_at),
            row.reason,
        )
    return found


def different_pairs() -> set[tuple[int, int]]:
    """Return pairs of files that a clerk has said are two people; the smaller key first."""
    rows = FilePair.objects.filter(state=PairState.DIFFERENT).order_by("id")
    return set(rows.values_list("one_id", "other_id"))
