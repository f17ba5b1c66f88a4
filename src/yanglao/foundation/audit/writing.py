"""Write down who did what. Call ``record`` inside the transaction of the act itself."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.db import connection, transaction

from yanglao.foundation import clock
from yanglao.foundation.audit.chain import append, mark_of
from yanglao.foundation.audit.origin import origin
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader
from yanglao.kernel.hiding import hide_numbers

Changes = Mapping[str, tuple[Any, Any]]


def record(
    acting: Reader,
    action: str,
    *,
    subject: str = "",
    subject_id: object = "",
    place_code: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
    changes: Changes | None = None,
) -> None:
    """Append one audit entry about a write.

    Args:
        acting: Who acts.
        action: Fixed snake_case word for the act (``"list_taken_in"``), never interpolated text.
        subject: Kind of the thing acted on (``"person"``).
        subject_id: Its identifier, as text.
        place_code: Division the thing belongs to, so that the audit itself can be scoped.
        reason: Purpose stated by the user, where one is asked for.
        detail: Further facts, without secrets: no ID numbers, no phones.
        changes: What changed: field to (before, after). Of secret fields only the name may be
            told: put those into ``detail["fields"]``.

    Raises:
        RuntimeError: When called outside a transaction; an act and its record stand together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must be called inside the transaction of the act")
    whole = dict(detail or {})
    if changes is not None:
        whole["changes"] = {name: list(pair) for name, pair in changes.items()}
    _write(acting, action, "write", "done", subject, subject_id, place_code, reason, whole)


def read(
    acting: Reader,
    action: str,
    *,
    subject: str = "person",
    subject_id: object = "",
    place_code: str = "",
    purpose: str = "",
    fields: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one audit entry about a read of personal data; in a transaction of its own if need be.

    Args:
        acting: Who reads.
        action: Fixed word (``"file_opened"``).
        subject: Kind of the thing read.
        subject_id: Whose; empty for many at once (an export), ``detail`` then has their count.
        place_code: Where the person is served, or the area that many were taken from.
        purpose: What for, as stated or as follows from the screen.
        fields: Names of what was shown.
        detail: Further facts, without secrets.
    """
    whole = dict(detail or {})
    shown = sorted(fields)
    if shown:
        whole["fields"] = shown
    with transaction.atomic():
        _write(acting, action, "read", "done", subject, subject_id, place_code, purpose, whole)


def refused(
    acting: Reader,
    action: str,
    *,
    subject: str = "",
    subject_id: object = "",
    place_code: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one entry about something that was asked for and not given.

    Call it where the refused act's own transaction is already rolled back.
    """
    with transaction.atomic():
        _write(
            acting,
            action,
            "read",
            "refused",
            subject,
            subject_id,
            place_code,
            reason,
            dict(detail or {}),
        )


def _write(
    acting: Reader,
    action: str,
    kind: str,
    result: str,
    subject: str,
    subject_id: object,
    place_code: str,
    reason: str,
    detail: dict[str, Any],
) -> None:
    here = origin()
    entry = AuditEntry(
        at=clock.now(),
        user_id=acting.user_id,
        user_name=_text(acting.name, 80),
        action=action,
        kind=kind,
        result=result,
        subject=subject,
        subject_id=_text(str(subject_id), 60),
        place_code=place_code,
        address=_text(here.address, 45),
        device=_text(here.device, 120),
        detail=_plain(detail),
        mark=token_hex(16),
    )
    entry.reason = _text(hide_numbers(str(reason)), 200)
    entry.key_version, entry.mac = mark_of(entry)
    entry.save(force_insert=True)
    append(entry)


def _text(text: str, longest: int) -> str:
    """Return what both databases can hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]


def _plain(value: Any) -> Any:
    """Return a value of JSON that both databases give back exactly as it was."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {_text(str(key), 100): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    # Fractions too: PostgreSQL would give 1e22 back as a whole number.
    return _text(hide_numbers(str(value)), 2000)
