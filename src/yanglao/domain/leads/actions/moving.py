"""Leads of a file that is laid into another go with it, and come back with it."""

from collections.abc import Iterable

from django.db import transaction

from yanglao.domain.leads.models import Lead
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@transaction.atomic
def lay_leads(*, from_person: int, to_person: int, acting: Reader) -> list[int]:
    """Move the leads of one file to another; return which moved, for taking it back.

    Of an item for which the other file has an open lead, the first file's open lead stays where
    it is and lapses with the next match: nobody is called twice.
    """
    has_open = Lead.objects.filter(person_id=to_person, closed_on=None).values("item_id")
    rows = Lead.objects.filter(person_id=from_person).exclude(closed_on=None, item_id__in=has_open)
    ids = sorted(rows.values_list("id", flat=True))
    Lead.objects.filter(pk__in=ids).update(person_id=to_person)
    _record("leads_laid", to_person, ids, acting)
    return ids


@transaction.atomic
def put_leads_back(*, ids: Iterable[int], person_id: int, acting: Reader) -> int:
    """Give leads back to the file from which they were moved; return how many."""
    known = sorted(ids)
    count = Lead.objects.filter(pk__in=known).update(person_id=person_id)
    _record("leads_put_back", person_id, known, acting)
    return count


def _record(action: str, person_id: int, ids: list[int], acting: Reader) -> None:
    audit.record(
        acting, action, subject="person", subject_id=person_id, detail={"leads": ids[:500]}
    )
