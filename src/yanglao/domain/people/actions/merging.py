"""Two files of one person: the one is laid into the other, and can be taken out again exactly.

No statement is rewritten: see :class:`~yanglao.domain.people.models.Merge`.
"""

from datetime import date
from typing import Any

from django.db import transaction

from yanglao.domain.people.actions.files import refresh_people
from yanglao.domain.people.models import Merge, Person
from yanglao.domain.people.queries import get_person, laid_in_files
from yanglao.domain.people.types import laid_in_code
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import one_writer
from yanglao.kernel.sounds import sound_key
from yanglao.kernel.whole_words import whole

_OWN_ROW = (
    "name",
    "name_fold",
    "place_code",
    "hukou_code",
    "residence_code",
    "in_register",
    "died_on",
)


@transaction.atomic
def merge_files(*, goes_on: int, laid_in: int, acting: Reader, reason: str) -> Merge:
    """Lay one file into another: from now on both are one person.

    Args:
        goes_on: The file whose ID number is right.
        laid_in: The file whose number was written wrongly.
        acting: Who says so; both people must be of his area.
        reason: Where he knows it from.

    Raises:
        Person.DoesNotExist: If one of them is not in the acting person's area, or laid in already.
        PermissionError: If the role may not take in lists.
        ValueError: If it is the same file twice, or there is no reason.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有合并档案的权限。")
    if goes_on == laid_in:
        raise ValueError("这是同一份档案。")
    if not reason.strip():
        raise ValueError("请写明合并的依据。")
    one_writer("people")
    people = within_area(Person.objects.all(), acting)
    stays, goes = people.get(pk=goes_on), people.get(pk=laid_in)
    merge = Merge.objects.create(
        laid_in=goes,
        goes_on=stays,
        merged_at=clock.now(),
        merged_by=acting.name[:80],
        reason=whole(reason, 200, ValueError),
        before={"goes_on": _own_row(stays), "laid_in": _own_row(goes)},
    )
    Person.objects.filter(pk=goes.pk).update(place_code=laid_in_code(goes.place_code))
    refresh_people({stays.pk}, acting=acting)
    audit.record(
        acting,
        "files_merged",
        subject="person",
        subject_id=stays.pk,
        place_code=stays.place_code,
        reason=whole(reason, 200, ValueError),
        detail={"laid_in": goes.pk, "merge": merge.pk},
    )
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, acting: Reader, reason: str = "") -> Merge:
    """Take a merge back: both files are as if it had never been, with all that came in since.

    Raises:
        Merge.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
        ValueError: If it has been undone already.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有撤销合并的权限。")
    one_writer("people")
    merge = Merge.objects.get(pk=merge_id)
    stays = get_person(acting, laid_in_files().get(merge.goes_on_id, merge.goes_on_id))
    if merge.undone_at is not None:
        raise ValueError("这次合并已经撤销。")
    merge.undone_at, merge.undone_by = clock.now(), acting.name[:80]
    merge.save(update_fields=["undone_at", "undone_by"])
    _put_back(merge.goes_on_id, merge.before["goes_on"], merge.goes_on_id in laid_in_files())
    _put_back(merge.laid_in_id, merge.before["laid_in"], hidden=False)
    refresh_people({stays.pk, merge.goes_on_id, merge.laid_in_id}, acting=acting)
    audit.record(
        acting,
        "merge_undone",
        subject="person",
        subject_id=merge.goes_on_id,
        place_code=stays.place_code,
        reason=whole(reason, 200, ValueError),
        detail={"laid_in": merge.laid_in_id, "merge": merge.pk},
    )
    return merge


def _own_row(person: Person) -> dict[str, Any]:
    row = {name: getattr(person, name) for name in _OWN_ROW}
    return row | {"died_on": person.died_on.isoformat() if person.died_on else None}


def _put_back(pk: int, row: dict[str, Any], hidden: bool) -> None:
    """Write a person's own row as it was; what lists have said since is taken up after it."""
    died = row["died_on"]
    values = row | {"died_on": date.fromisoformat(died) if died else None}
    values["name_sound"] = sound_key(row["name"])
    if hidden:
        values["place_code"] = laid_in_code(row["place_code"])
    Person.objects.filter(pk=pk).update(**values)
