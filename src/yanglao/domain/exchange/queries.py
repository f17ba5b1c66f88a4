"""Reading lists, their rows that went back, and remembered mappings."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet, Sum

from yanglao.domain.exchange.models import Batch, ColumnMapping, ReceivedList, RowNote
from yanglao.domain.exchange.types import ListState
from yanglao.foundation.scoping import Reader, area_range, within_area
from yanglao.foundation.secrets import read_sealed, sealed_folder


def lists(reader: Reader) -> QuerySet[ReceivedList]:
    """Return the lists of the reader's area, newest first; a clerk sees his own kinds only.

    A clerk also sees lists whose kind could not be told, if he handed them in himself.
    """
    rows = within_area(ReceivedList.objects.select_related("batch"), reader)
    if reader.kinds:
        own = Q(kind="", batch__taken_by_id=reader.user_id)
        rows = rows.filter(Q(kind__in=sorted(reader.kinds)) | own)
    return rows.order_by("-id")


def get_list(reader: Reader, pk: int) -> ReceivedList:
    """Return one list.

    Raises:
        ReceivedList.DoesNotExist: If there is none, or the reader may not see it.
    """
    return lists(reader).get(pk=pk)


def notes(received_list: ReceivedList, *, returned: bool | None = True) -> QuerySet[RowNote]:
    """Return rows of a list that went back (or came in with a warning), in the order of the file.

    Args:
        received_list: From :func:`get_list`, which has checked that the reader may see it.
        returned: ``False`` for rows accepted with a warning, ``None`` for both.
    """
    rows = RowNote.objects.filter(received_list=received_list).order_by("id")
    return rows if returned is None else rows.filter(returned=returned)


def batches(reader: Reader) -> QuerySet[Batch]:
    """Return the batches of the reader's area, newest first."""
    return within_area(Batch.objects.all(), reader, "division_code").order_by("-id")


def mappings(sender: str) -> dict[str, dict[str, str]]:
    """Return what a sender's own column names mean: kind to (foreign name to column name).

    An empty column name says that the column was confirmed as one we have no field for.
    """
    found: dict[str, dict[str, str]] = {}
    rows = ColumnMapping.objects.filter(sender=sender).order_by("kind", "foreign_name")
    for row in rows:
        found.setdefault(row.kind, {})[row.foreign_name] = row.column_name
    return found


def earlier_lists(file_hash: str, batch: Batch) -> list[ReceivedList]:
    """Return what came in before from the same file with the same place, month and completeness."""
    return list(
        ReceivedList.objects.filter(
            file_hash=file_hash,
            state=ListState.TAKEN_IN,
            batch__division_code=batch.division_code,
            batch__month=batch.month,
            batch__full=batch.full,
        )
        .exclude(batch=batch)
        .order_by("id")
    )


def file_path(file_hash: str) -> Path:
    """Return where a received file is kept, whether it is still there or not."""
    if len(file_hash) != 64 or not file_hash.isalnum():
        raise ValueError(f"not a digest: {file_hash!r}")
    return sealed_folder("lists") / file_hash


def kept_file(file_hash: str) -> bytes | None:
    """Return a received file as it came, ``None`` when it is no longer kept."""
    try:
        return read_sealed(file_path(file_hash))
    except FileNotFoundError:
        return None


def row_sums(reader: Reader, since: date) -> list[dict[str, Any]]:
    """Return how many rows of lists came in, by kind and place, for lists of a month on.

    Keys: ``kind``, ``place_code``, ``received``, ``accepted``, ``returned``, ``people_new``. Lists
    of the reader's area and of divisions around it; one query.

    Args:
        reader: Who asks.
        since: First day of the first month.
    """
    low, high = area_range(reader.area)
    around = [reader.area[:length].ljust(12, "0") for length in (2, 4, 6, 9)]
    rows = ReceivedList.objects.filter(
        Q(place_code__gte=low, place_code__lt=high) | Q(place_code__in=around),
        Q(batch__month__gte=since) | Q(batch__month=None),
        state=ListState.TAKEN_IN,
    )
    sums = {name: Sum(name) for name in ("received", "accepted", "returned", "people_new")}
    counted = rows.order_by().values("kind", "place_code").annotate(**sums)
    return [dict(row) for row in counted]
