"""Which files are laid into which others."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from yanglao.domain.people.models import Merge
from yanglao.foundation.scoping import Reader, area_condition


def laid_in_files() -> dict[int, int]:
    """Return, for every file that is laid into another, the one that goes on in the end.

    One query; empty in most places. Merges are few: a person decides each.
    """
    rows = Merge.objects.filter(undone_at=None).order_by("id")
    into = dict(rows.values_list("laid_in_id", "goes_on_id"))
    return {pk: _end_of(pk, into) for pk in into}


def _end_of(pk: int, into: dict[int, int]) -> int:
    seen = {pk}
    while pk in into and into[pk] not in seen:
        pk = into[pk]
        seen.add(pk)
    return pk


def files_of(person_ids: Iterable[int], into: dict[int, int] | None = None) -> list[int]:
    """Return the files themselves and those laid into them, in order."""
    wanted: Collection[int] = set(person_ids)
    found = laid_in_files() if into is None else into
    return sorted({*wanted, *(pk for pk, end in found.items() if end in wanted)})


def merges(reader: Reader, *, person_id: int | None = None) -> QuerySet[Merge]:
    """Return merges of the reader's area (by the file that goes on), the newest first."""
    rows = Merge.objects.filter(area_condition(reader, "goes_on__place_code"))
    if person_id is not None:
        rows = rows.filter(goes_on_id=person_id)
    return rows.select_related("goes_on", "laid_in").order_by("-id")


def get_merge(reader: Reader, pk: int) -> Merge:
    """Return one merge.

    Raises:
        Merge.DoesNotExist: If there is none in the reader's area.
    """
    return merges(reader).get(pk=pk)
