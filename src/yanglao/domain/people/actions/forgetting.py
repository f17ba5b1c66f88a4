"""Deleting what a person asks to have deleted and no law says must be kept (art. 47)."""

from django.db import transaction

from yanglao.domain.people.models import Contact, SurveyEntry
from yanglao.domain.people.queries import get_person
from yanglao.domain.people.queries.merging import files_of
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader

_NUMBERS = ("phone", "contact", "contact_phone")


@transaction.atomic
def forget_contacts(*, person_id: int, acting: Reader, reason: str) -> int:
    """Delete every telephone number and contact known of a person; return how many places held one.

    Statements are else never edited; a number that was given freely is not evidence of anything.
    A later list may bring one again.

    Raises:
        Person.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role does not decide about rights.
    """
    if not acting.can("decide_rights"):
        raise PermissionError("没有删除个人信息的权限。")
    person = get_person(acting, person_id)
    files = files_of([person.pk])
    removed, _by_model = Contact.objects.filter(person_id__in=files).delete()
    for entry in SurveyEntry.objects.filter(person_id__in=files).order_by("pk"):
        if any(getattr(entry, name) for name in _NUMBERS):
            for name in _NUMBERS:
                setattr(entry, name, "")
            entry.save(update_fields=["sealed"])
            removed += 1
    audit.record(
        acting,
        "contacts_deleted",
        subject="person",
        subject_id=person.pk,
        place_code=person.place_code,
        reason=reason,
        detail={"fields": list(_NUMBERS), "places": removed},
    )
    return removed
