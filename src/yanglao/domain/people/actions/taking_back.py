"""Statements as they were before a row was given to a person, for taking it back exactly."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.domain.people.types import Kind
from yanglao.foundation.scoping import Reader


def restore_statements(
    kind: Kind,
    person_id: int,
    before: Sequence[Sequence[Any]],
    *,
    list_id: int | None,
    row: str,
    acting: Reader,
) -> None:
    """Take a row of a list from a person again, inside the caller's transaction.

    A statement that the row made goes; one that it only repeated is as it was, unless a later list
    has repeated it too.

    Args:
        kind: List kind.
        person_id: Whose it was.
        before: What :func:`statements_as_they_are` gave before the row was added.
        list_id: The row's list; ``None`` for a statement entered by hand.
        row: Where it stands there.
        acting: Who takes it back.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    mine = ENTRY_MODELS[kind].objects.filter(person_id=person_id)
    stood = {pk for pk, *_ in before}
    mine.filter(first_list_id=list_id, first_row=row).exclude(pk__in=stood).delete()
    for pk, seen_to, last_batch, last_list, last_row in before:
        mine.filter(pk=pk, last_list_id=list_id, last_row=row).update(
            seen_to=date.fromisoformat(seen_to),
            last_batch=last_batch,
            last_list_id=last_list,
            last_row=last_row,
        )
