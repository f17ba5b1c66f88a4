"""What a batch of lists spoke for, and who stands on a list whose row went back."""

from collections.abc import Iterable
from datetime import date

from yanglao.domain.people.models import Coverage
from yanglao.domain.people.types import KINDS_WITH_ABSENCE, Kind
from yanglao.foundation import clock
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader


def declare_coverage(
    *, kind: Kind, division_code: str, month: date, batch: int, full: bool, acting: Reader
) -> Coverage:
    """Say that a batch brought lists of a kind for a place and month, complete or not.

    Inside the caller's transaction. When full, who is not on the lists is known not to be.

    Raises:
        PermissionError: If the place lies outside the acting person's area: nobody can say for
            another's area that a list is complete.
    """
    if not acting.covers(division_code):
        raise PermissionError("只能为自己的辖区声明名单完整。")
    cover, _ = Coverage.objects.update_or_create(
        kind=kind.value,
        division_code=division_code,
        month=month.replace(day=1),
        batch=batch,
        defaults={"full": full, "declared_at": clock.now()},
    )
    return cover


def record_mentions(
    *, kind: Kind, person_ids: Iterable[int], month: date, batch: int, acting: Reader
) -> int:
    """Note people who stand on a list of a batch but whose row went back; return how many.

    Called once for each kind of a batch, inside its transaction. Kinds whose absence says
    nothing need no such note.

    Raises:
        PermissionError: If the acting person may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    if kind not in KINDS_WITH_ABSENCE:
        return 0
    first = month.replace(day=1).isoformat()
    return bulk_insert(
        "people_mention",
        ("person_id", "kind", "month", "batch"),
        [(pk, kind.value, first, batch) for pk in sorted(set(person_ids))],
    )
