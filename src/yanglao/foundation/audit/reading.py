"""Reading the record: by who, act, subject, result, place and days; page by page by key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, area_condition, system_reader

_CHUNK = 2_000
#: Acts that take a list of people out of the program.
TAKEN_OUT = ("api_pulled", "facts_export", "findings_exported", "leads_exported", "list_exported")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries; what is empty does not narrow.

    Attributes:
        who: Part of a name.
        action: Word of the act.
        subject: Kind of thing.
        subject_id: Its identifier.
        result: ``done`` or ``refused``.
        kind: ``read`` or ``write``.
        place: Division at or below which the thing lies.
        since: First day.
        until: Last day, included.
    """

    who: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    result: str = ""
    kind: str = ""
    place: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, newest first, and the keys to go on and back with (0: nothing there)."""

    entries: tuple[AuditEntry, ...]
    older: int
    newer: int


def audit_entries(
    reader: Reader,
    *,
    who: str = "",
    action: str = "",
    since: date | None = None,
    only: EntryFilter | None = None,
) -> QuerySet[AuditEntry]:
    """Return what was done in the reader's area (or to nothing that has a place), newest first."""
    wanted = only or EntryFilter(who=who, action=action, since=since)
    rows = AuditEntry.objects.filter(area_condition(reader) | Q(place_code=""))
    if wanted.who:
        rows = rows.filter(user_name__contains=wanted.who)
    exact = {
        name: getattr(wanted, name)
        for name in ("action", "subject", "subject_id", "result", "kind")
        if getattr(wanted, name)
    }
    rows = rows.filter(**exact)
    if wanted.place:
        rows = rows.filter(area_condition(system_reader(wanted.place)))
    if wanted.since:
        rows = rows.filter(at__gte=clock.start_of(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=clock.start_of(wanted.until + timedelta(days=1)))
    return rows.order_by("-id")


def entries_page(
    reader: Reader, only: EntryFilter, *, before: int = 0, after: int = 0, size: int = 50
) -> EntryPage:
    """Return one page by key: entries older than ``before``, or newer than ``after``.

    As fast on the last page as on the first, and rows do not slip while new ones come in.
    """
    rows = audit_entries(reader, only=only)
    if after:
        found = list(rows.filter(id__gt=after).order_by("id")[: size + 1])
        more = len(found) > size
        page = found[:size][::-1]
        return EntryPage(tuple(page), page[-1].pk if page else 0, page[0].pk if more else 0)
    if before:
        rows = rows.filter(id__lt=before)
    found = list(rows[: size + 1])
    page = found[:size]
    older = page[-1].pk if len(found) > size else 0
    return EntryPage(tuple(page), older, page[0].pk if before and page else 0)


def entries_about(person_id: int, place_code: str) -> QuerySet[AuditEntry]:
    """Return who read a person's file or wrote in it, and exports of areas he is served in.

    For telling the person himself (个人信息保护法 art. 44–45): the caller has checked that the
    reader may open the person. Newest first.
    """
    own = Q(subject="person", subject_id=str(person_id))
    # What was taken out for a whole area may have held this person: 650000000000 … 653222100201.
    around = {place_code[:length].ljust(12, "0") for length in (2, 4, 6, 9, 12)}
    taken_out = Q(action__in=TAKEN_OUT, place_code__in=sorted(around))
    return AuditEntry.objects.filter(own | taken_out).order_by("-id")


def export_entries(reader: Reader, only: EntryFilter) -> Iterator[AuditEntry]:
    """Yield entries for a file, newest first, in constant memory."""
    yield from audit_entries(reader, only=only).iterator(chunk_size=_CHUNK)
