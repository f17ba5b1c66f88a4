"""Facts that an officer enters: a statement like any other, with a name to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.people.actions.files import refresh_people
from yanglao.domain.people.checks import check_values
from yanglao.domain.people.models import ENTRY_MODELS, Entry, Person
from yanglao.domain.people.queries import get_person
from yanglao.domain.people.types import (
    HAND_BATCH,
    OWN_DATES,
    VALUE_FIELDS,
    Kind,
    digests,
    encode_values,
)
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import at_field, whole


@transaction.atomic
def enter_fact(
    *,
    person_id: int,
    kind: Kind | str,
    values: Mapping[str, Any],
    acting: Reader,
    as_of: date,
    reason: str,
) -> Entry:
    """Enter what an officer has learnt about a person, as a statement with his name.

    It outweighs the lists of its month and gives way to later ones. Values that are not given are
    taken over from the person's newest statement of the kind, so that one corrected value does
    not unsay the others; a survey needs no such help, its facts stand one by one.

    Args:
        person_id: Whose fact it is.
        kind: Of which list kind the statement is.
        values: Coded values by field of ``VALUE_FIELDS``; ``None`` unsays a value.
        acting: Who enters it.
        as_of: The day of entry, from which the statement holds unless it has a date of its own.
        reason: Where the officer knows it from; shown beside the fact.

    Raises:
        Person.DoesNotExist: If there is no such person in the acting person's area.
        PermissionError: If the role may not record facts.
        django.core.exceptions.ValidationError: By field, in Chinese, when a value is wrong.
    """
    if not acting.can("record_facts"):
        raise PermissionError("没有录入事实的权限。")
    kind = Kind(kind)
    person = get_person(acting, person_id)
    reason = whole(reason, 200, at_field("reason", ValidationError))
    full = {**_carried_over(kind, person.pk), **values} if kind != Kind.SURVEY else dict(values)
    findings = check_values(kind, full, as_of)
    if findings:
        raise ValidationError({finding.field: finding.message for finding in findings})
    before = _carried_over(kind, person.pk)
    entry = _store(kind, person, full, acting=acting, as_of=as_of, reason=reason)
    refresh_people({person.pk}, acting=acting)
    audit.record(
        acting,
        "fact_entered",
        subject="person",
        subject_id=person.pk,
        place_code=person.place_code,
        reason=reason,
        detail={"kind": kind.value, "fields": sorted(values)},
        changes={
            field.name: (before.get(field.name), values[field.name])
            for field in VALUE_FIELDS[kind]
            # What is sealed at rest is not repeated in clear in the record.
            if field.name in values and field.kept == "clear"
        },
    )
    return entry


def _store(
    kind: Kind,
    person: Person,
    full: Mapping[str, Any],
    *,
    acting: Reader,
    as_of: date,
    reason: str,
) -> Entry:
    columns = encode_values(kind, {name: [value] for name, value in full.items()}, 1)
    names = [field.name for field in VALUE_FIELDS[kind]]
    stored = {name: column[0] for name, column in zip(names, columns, strict=True)}
    holds_from = full.get(OWN_DATES[kind]) if kind in OWN_DATES else None
    entry: Entry = ENTRY_MODELS[kind].objects.create(
        **{
            **stored,
            "person": person,
            "holds_from": holds_from or as_of,
            "seen_from": as_of,
            "seen_to": as_of,
            "last_batch": HAND_BATCH,
            "digest": digests(kind, [person.pk], columns)[0],
            "entered_by": acting.name[:80],
            "entry_reason": reason,
        }
    )
    return entry


def _carried_over(kind: Kind, person_id: int) -> dict[str, Any]:
    newest = (
        ENTRY_MODELS[kind]
        .objects.filter(person_id=person_id)
        .order_by("-seen_to", "-last_batch", "-id")
        .first()
    )
    if newest is None:
        return {}
    return {field.name: getattr(newest, field.name) for field in VALUE_FIELDS[kind]}
