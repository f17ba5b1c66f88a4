"""Write down who did what. Call it inside the transaction of the act itself."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, area_condition


def record(
    acting: Reader,
    action: str,
    *,
    subject: str = "",
    subject_id: object = "",
    place_code: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one audit entry.

    Args:
        acting: Who acts.
        action: Fixed snake_case word for the act (``"list_taken_in"``), never interpolated text.
        subject: Kind of the thing acted on (``"person"``).
        subject_id: Its identifier, as text.
        place_code: Division the thing belongs to, so that the audit itself can be scoped.
        reason: Purpose stated by the user, where one is asked for.
        detail: Further facts, without secrets: no ID numbers, no phones.

    Raises:
        RuntimeError: When called outside a transaction; an act and its record stand together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must be called inside the transaction of the act")
    AuditEntry.objects.create(
        at=clock.now(),
        user_id=acting.user_id,
        user_name=acting.name,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        place_code=place_code,
        reason=reason,
        detail=detail or {},
    )


def audit_entries(
    reader: Reader, *, who: str = "", action: str = "", since: date | None = None
) -> QuerySet[AuditEntry]:
    """Return what was done in the reader's area (or to nothing that has a place), newest first."""
    rows = AuditEntry.objects.filter(area_condition(reader) | Q(place_code=""))
    if who:
        rows = rows.filter(user_name__contains=who)
    if action:
        rows = rows.filter(action=action)
    if since:
        rows = rows.filter(at__gte=clock.start_of(since))
    return rows.order_by("-id")
