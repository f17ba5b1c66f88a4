"""What other systems may want to know: written with the act, told after it has committed.

An event carries ids and counts and never anything of a person. Whoever wants to know more asks the
API with a key of his own, and gets what that key may see. The worker passes events on; see
``yanglao.flows.send_webhooks``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from yanglao.foundation import clock
from yanglao.foundation.models import OutboxEvent


def append(kind: str, *, place_code: str, **body: Any) -> None:
    """Write an event in the transaction of the act: both are kept, or neither.

    Args:
        kind: Fixed snake_case word (``"lead_moved"``).
        place_code: 12-digit division whom it concerns; subscribers of places that touch it hear.
        body: Ids, counts, states; never a name, number, address or diagnosis.

    Raises:
        RuntimeError: When called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.append must be called inside the transaction of the act")
    OutboxEvent.objects.create(at=clock.now(), kind=kind, place_code=place_code, body=body)


def anything_new() -> bool:
    """Say whether an event waits to be passed on."""
    return OutboxEvent.objects.filter(passed_on=False).exists()


def new_events(most: int) -> list[OutboxEvent]:
    """Return events that wait to be passed on, the oldest first; for the one worker."""
    return list(OutboxEvent.objects.filter(passed_on=False).order_by("id")[:most])


def mark_passed_on(ids: Iterable[int]) -> None:
    """Note that every subscriber of these events has his copy."""
    OutboxEvent.objects.filter(pk__in=list(ids)).update(passed_on=True)


def forget_before(moment: datetime) -> int:
    """Remove events that were passed on before a moment; return how many."""
    old = OutboxEvent.objects.filter(passed_on=True, at__lt=moment)
    return old.delete()[0]
