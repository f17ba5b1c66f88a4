"""What waits, in the reader's area."""

from typing import TypeVar

from django.db.models import Count, Model, QuerySet

from yanglao.domain.linkage.models import Candidate, Conflict, FilePair, WaitingRow
from yanglao.domain.linkage.types import ConflictState, DeskCounts, PairState, RowState
from yanglao.foundation.scoping import Reader, within_area

M = TypeVar("M", bound=Model)


def waiting_rows(reader: Reader, *, state: str = RowState.WAITING) -> QuerySet[WaitingRow]:
    """Return rows in a state, the oldest first; a department's clerk sees his own kinds."""
    rows = within_area(WaitingRow.objects.filter(state=state), reader)
    if reader.kinds:
        rows = rows.filter(kind__in=sorted(reader.kinds))
    return rows.select_related("received_list__batch").order_by("id")


def get_row(reader: Reader, pk: int) -> WaitingRow:
    """Return one row in any state.

    Raises:
        WaitingRow.DoesNotExist: If there is none in the reader's area.
    """
    rows = within_area(WaitingRow.objects.all(), reader)
    if reader.kinds:
        rows = rows.filter(kind__in=sorted(reader.kinds))
    return rows.select_related("received_list__batch").get(pk=pk)


def next_row(reader: Reader, after: int) -> WaitingRow | None:
    """Return the next row that waits, from the beginning again after the last."""
    rows = waiting_rows(reader)
    return rows.filter(pk__gt=after).first() or rows.exclude(pk=after).first()


def waiting_by_list(reader: Reader) -> dict[int, int]:
    """Return how many rows wait for each list."""
    rows = waiting_rows(reader).order_by().values("received_list_id").annotate(rows=Count("id"))
    return {row["received_list_id"]: row["rows"] for row in rows.order_by("received_list_id")}


def rows_that_wait(list_id: int) -> frozenset[tuple[str, int]]:
    """Return sheet and row of what waits of one list, for whoever may see the list; one query."""
    rows = WaitingRow.objects.filter(received_list_id=list_id, state=RowState.WAITING)
    return frozenset(rows.order_by("id").values_list("sheet", "row_no"))


def file_pairs(reader: Reader, *, state: str = PairState.WAITING) -> QuerySet[FilePair]:
    """Return pairs of files in a state, the likeliest first."""
    rows = within_area(_whole_files(FilePair.objects.filter(state=state), reader), reader)
    return rows.select_related("one", "other").order_by("-weight", "id")


def get_pair(reader: Reader, pk: int) -> FilePair:
    """Return one pair in any state.

    Raises:
        FilePair.DoesNotExist: If there is none in the reader's area.
    """
    rows = within_area(_whole_files(FilePair.objects.all(), reader), reader)
    return rows.select_related("one", "other").get(pk=pk)


def conflicts(reader: Reader, *, state: str = ConflictState.OPEN) -> QuerySet[Conflict]:
    """Return conflicts in a state, by rule and then the oldest first."""
    rows = within_area(_whole_files(Conflict.objects.filter(state=state), reader), reader)
    return rows.select_related("person").order_by("rule", "id")


def get_conflict(reader: Reader, pk: int) -> Conflict:
    """Return one conflict in any state.

    Raises:
        Conflict.DoesNotExist: If there is none in the reader's area.
    """
    rows = within_area(_whole_files(Conflict.objects.all(), reader), reader)
    return rows.select_related("person").get(pk=pk)


def _whole_files(rows: QuerySet[M], reader: Reader) -> QuerySet[M]:
    """Keep nothing for a department's clerk: whole files, and what others say, are not his."""
    return rows.none() if reader.kinds else rows


def desk_counts(reader: Reader) -> DeskCounts:
    """Return how much waits in the reader's area; three queries."""
    return DeskCounts(
        rows=waiting_rows(reader).count(),
        pairs=file_pairs(reader).count(),
        conflicts=conflicts(reader).count(),
    )


def candidates_of(row: WaitingRow) -> QuerySet[Candidate]:
    """Return the candidates of a row, the likeliest first."""
    return Candidate.objects.filter(waiting_row=row).select_related("person").order_by("rank")


def waiting_by_place(reader: Reader) -> dict[tuple[str, str], int]:
    """Return how many rows wait, by kind and the place of their list; one query."""
    rows = waiting_rows(reader).order_by().values("kind", "received_list__place_code")
    counted = rows.annotate(rows=Count("id")).order_by("kind", "received_list__place_code")
    return {(row["kind"], row["received_list__place_code"]): row["rows"] for row in counted}
