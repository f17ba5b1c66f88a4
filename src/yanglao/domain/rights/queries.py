"""Requests of an area, and what stands about one person. Callers have checked the person."""

from datetime import date

from django.db.models import Q, QuerySet

from yanglao.domain.rights.models import Consent, ConsentText, LegalHold, RightsRequest
from yanglao.domain.rights.types import RequestState
from yanglao.foundation.scoping import Reader, within_area


def requests_of_area(
    reader: Reader, *, state: str = "", kind: str = "", overdue_on: date | None = None
) -> QuerySet[RightsRequest]:
    """Return requests of the reader's area, the most urgent first.

    Args:
        reader: Who asks.
        state: A state; empty for all.
        kind: A kind; empty for all.
        overdue_on: Only those that are still open after their last day, as of this day.
    """
    rows = within_area(RightsRequest.objects.select_related("person"), reader)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if overdue_on is not None:
        rows = rows.filter(state=RequestState.OPEN, due_on__lt=overdue_on)
    return rows.order_by("due_on", "id")


def get_request(reader: Reader, pk: int) -> RightsRequest:
    """Return one request.

    Raises:
        RightsRequest.DoesNotExist: If there is none in the reader's area.
    """
    return within_area(RightsRequest.objects.select_related("person"), reader).get(pk=pk)


def requests_of_person(reader: Reader, person_id: int) -> list[RightsRequest]:
    """Return all requests about a person of the reader's area, newest first."""
    rows = within_area(RightsRequest.objects.filter(person_id=person_id), reader)
    return list(rows.order_by("-id"))


def open_requests(reader: Reader) -> int:
    """Count requests that wait for an answer; one query."""
    return requests_of_area(reader, state=RequestState.OPEN).count()


def consents_of(person_id: int) -> list[Consent]:
    """Return every consent of a person, also those taken back, newest first."""
    return list(Consent.objects.filter(person_id=person_id).select_related("text").order_by("-id"))


def newest_texts() -> list[ConsentText]:
    """Return the newest version of every text."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.order_by("code", "-version"):
        newest.setdefault(text.code, text)
    return list(newest.values())


def holds_of(person_id: int, as_of: date) -> list[LegalHold]:
    """Return the holds that stand on a day, the oldest first."""
    rows = LegalHold.objects.filter(person_id=person_id, lifted_on=None, starts_on__lte=as_of)
    return list(rows.filter(Q(ends_on=None) | Q(ends_on__gte=as_of)).order_by("id"))


def has_consented(person_id: int, code: str) -> bool:
    """Say whether a consent of the person to any version of a text stands."""
    return Consent.objects.filter(person_id=person_id, text__code=code, withdrawn_on=None).exists()


def hold_words(hold: LegalHold) -> str:
    """Return what is kept and why, for the answer to the person."""
    until = f"到 {hold.ends_on.isoformat()} 为止" if hold.ends_on else "到原因消失为止"
    return f"保留：{hold.get_ground_display()}（{hold.basis}），{until}"
