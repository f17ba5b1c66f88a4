"""People for another system: in an order that stays the same while people change."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yanglao.domain.people.models import ENTRY_MODELS, Person
from yanglao.domain.people.types import HAND_BATCH
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, within_area


def pulled_people(
    reader: Reader, *, after: int = 0, since: datetime | None = None, from_batch: int | None = None
) -> QuerySet[Person]:
    """Return people of the reader's area by primary key.

    Args:
        reader: Whose area.
        after: Primary key where the page before ended.
        since: Only people whose file was opened, or of whom a list or an officer said something,
            at that moment or later.
        from_batch: The first ``exchange.Batch`` taken in at that moment or later; ``None`` when no
            list has come in since.
    """
    rows = within_area(Person.objects.filter(pk__gt=after), reader)
    if since is not None:
        told = Q(last_batch=HAND_BATCH, seen_to__gte=since.astimezone(clock.BEIJING).date())
        if from_batch is not None:
            told |= Q(last_batch__gte=from_batch, last_batch__lt=HAND_BATCH)
        changed = Q(created_at__gte=since)
        for model in ENTRY_MODELS.values():
            changed |= Q(Exists(model.objects.filter(told, person_id=OuterRef("pk"))))
        rows = rows.filter(changed)
    return rows.order_by("id")
