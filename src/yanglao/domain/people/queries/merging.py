"""Which files are laid into which others."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from yanglao.domain.people.models import Merge
from yanglao.domain.people.types import with_laid_in
from yanglao.foundation.scoping import Reader, area_condition


def laid_in_files() -> dict[int, int]:
    """Return, for every file that is laid into another, the one that goes on in the end."""
    return Merge.laid_in_files()


def files_of(person_ids: Iterable[int], into: Mapping[int, int] | None = None) -> list[int]:
    """Return the files themselves and those laid into them, in order."""
    return with_laid_in(person_ids, Merge.laid_in_files() if into is None else into)


def all_files_of(person_ids: Iterable[int]) -> dict[int, int]:
    """Return every file of the same human beings, with the one that goes on in the end.

    Whichever of somebody's files is named: one that was laid into another, or the one that goes on.
    """
    into = laid_in_files()
    ends = {into.get(pk, pk) for pk in person_ids}
    return {pk: into.get(pk, pk) for pk in files_of(ends, into)}


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
