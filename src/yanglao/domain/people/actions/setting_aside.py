"""Setting statements aside because another department was found to be right, and counting again."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from yanglao.domain.people.actions.files import refresh_people
from yanglao.domain.people.models import ENTRY_MODELS, Person, SetAside
from yanglao.domain.people.types import VALUE_FIELDS, Disregarded, Kind
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader, within_area

#: Kinds whose rows are never set aside: where somebody is registered hangs on them.
KEPT_KINDS = frozenset({Kind.HOUSEHOLD})


@transaction.atomic
def set_aside(
    found: Sequence[Disregarded], *, by_rule: bool, on: date, acting: Reader
) -> list[int]:
    """Let statements count no longer; return the people whose facts may have changed, in order.

    Said twice, it is as said once. What was set aside before for the same conflict and is not named
    now counts again.

    Args:
        found: What, of whom, for which conflict, and why.
        by_rule: Whether a rule says so until a person has decided.
        on: The day.
        acting: Who decided, or for whom the rule is applied.

    Raises:
        PermissionError: If the role may not take in lists, or a person lies outside the area.
        ValueError: For a value that the kind does not have.
    """
    _check(found, acting)
    rows = []
    for one in found:
        if one.kind in KEPT_KINDS:
            continue
        entries = ENTRY_MODELS[one.kind].objects.filter(pk__in=one.entries).order_by("pk")
        for entry_id, person_id in entries.values_list("pk", "person_id"):
            row = SetAside(
                person_id=person_id,
                kind=one.kind.value,
                entry_id=entry_id,
                value=one.value,
                conflict_id=one.conflict_id,
                by_rule=by_rule,
                decided_by="" if by_rule else acting.name[:80],
                decided_on=on,
            )
            row.instead, row.reason = one.instead, one.reason
            row.close_envelope()
            rows.append(row)
    conflicts = {one.conflict_id for one in found}
    before = list(SetAside.objects.filter(conflict_id__in=conflicts).order_by("id"))
    same = {_key(row) for row in before} & {_key(row) for row in rows}
    old = [row for row in before if _key(row) not in same]
    new = [row for row in rows if _key(row) not in same]
    SetAside.objects.filter(pk__in=[row.pk for row in old]).delete()
    SetAside.objects.bulk_create(new, batch_size=2000)
    return _changed({row.person_id for row in [*old, *new]}, "statements_set_aside", acting)


@transaction.atomic
def count_again(conflict_ids: Sequence[int], *, acting: Reader) -> list[int]:
    """Let what was set aside for conflicts count again; return whose facts may have changed.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有处理矛盾的权限。")
    rows = SetAside.objects.filter(conflict_id__in=list(conflict_ids))
    people = set(rows.values_list("person_id", flat=True).order_by("id"))
    rows.delete()
    return _changed(people, "statements_count_again", acting)


def _key(row: SetAside) -> tuple[int, str, int, str, bool]:
    return (row.conflict_id, row.kind, row.entry_id, row.value, row.by_rule)


def _check(found: Sequence[Disregarded], acting: Reader) -> None:
    if not acting.can("take_in_lists"):
        raise PermissionError("没有处理矛盾的权限。")
    people = {one.person_id for one in found}
    inside = within_area(Person.objects.filter(pk__in=people), acting)
    if inside.count() != len(people):
        raise PermissionError("只能处理自己辖区内的人员。")
    for one in found:
        if one.value and one.value not in {field.name for field in VALUE_FIELDS[one.kind]}:
            raise ValueError(f"{one.kind}: no value {one.value!r}")


def _changed(people: set[int], action: str, acting: Reader) -> list[int]:
    if people:
        refresh_people(people, acting=acting)
        audit.record(
            acting, action, place_code=acting.area, detail={"people": sorted(people)[:200]}
        )
    return sorted(people)
