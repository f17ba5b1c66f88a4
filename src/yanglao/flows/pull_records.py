"""People, answers, changes and leads for another system: a page at a time, each page on record.

Pages follow the primary key: nothing is left out or given twice while rows change. Names and
numbers are masked unless the key may see them *and* the request says what for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from yanglao.domain.clients.public import ApiKey, Scope
from yanglao.domain.entitlements.public import (
    Change,
    Finding,
    Status,
    pulled_changes,
    pulled_findings,
)
from yanglao.domain.exchange.public import ReceivedList, batches, get_list, lists, notes
from yanglao.domain.leads.public import Lead, pulled_leads
from yanglao.domain.linkage.public import rows_that_wait
from yanglao.domain.people.public import Person, get_person, pulled_people
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.kernel.idnumber import mask_id_number
from yanglao.kernel.names import mask_name

_STATUS = {"yes": Status.YES, "possible": Status.POSSIBLE}
_WORDS = {int(value): word for word, value in _STATUS.items()}
#: What is written in a transaction shows when it commits: ask again for a little before.
_OVERLAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who pulls and what for.

    Attributes:
        key: The key shown. reader: What it stands for. purpose: Code; empty when not said.
    """

    key: ApiKey
    reader: Reader
    purpose: str

    @property
    def open_identity(self) -> bool:
        """Whether names and numbers are given whole."""
        return bool(self.purpose) and Scope.IDENTITY in self.key.scopes


class Page(NamedTuple):
    """A page.

    Attributes:
        rows: Plain values. last: Where it ended; empty when nothing follows.
        next_since: Moment to say as ``changed_since`` the next time.
    """

    rows: list[dict[str, Any]]
    last: tuple[int, ...]
    next_since: datetime


def pull_people(
    asking: Asking, *, after: tuple[int, ...], limit: int, since: datetime | None, place: str
) -> Page:
    """Return people of the key's area."""
    rows = pulled_people(
        _narrow(asking.reader, place),
        after=after[0] if after else 0,
        since=since,
        from_batch=_first_batch(since),
    )
    return _page(asking, "people", rows[: limit + 1], limit, lambda one: (one.pk,), _person, place)


def pull_person(asking: Asking, pk: int) -> dict[str, Any]:
    """Return one person; it is on record which fields of him were given, and what was refused.

    Raises:
        Person.DoesNotExist: If there is none, or he is served outside the key's area.
    """
    try:
        person = get_person(asking.reader, pk)
    except Person.DoesNotExist:
        audit.refused(
            asking.reader,
            "file_refused",
            subject="person",
            subject_id=pk,
            reason=asking.purpose,
            detail={"key": asking.key.pk},
        )
        raise
    shown = _person(person, asking)
    audit.read(
        asking.reader,
        "api_pulled",
        subject_id=pk,
        place_code=person.place_code,
        purpose=asking.purpose,
        fields=_fields_of(shown, asking),
        detail={
            "what": "person",
            "count": 1,
            "key": asking.key.pk,
            "identity": asking.open_identity,
        },
    )
    return shown


def pull_findings(
    asking: Asking,
    *,
    after: tuple[int, ...],
    limit: int,
    since: datetime | None,
    place: str,
    item: str,
    status: str,
) -> Page:
    """Return present answers, one row a person and item."""
    rows = pulled_findings(
        _narrow(asking.reader, place),
        after=(after[0], after[1]) if after else None,
        item=item,
        status=_STATUS[status] if status else None,
        since=since,
    )
    return _page(
        asking,
        "findings",
        rows[: limit + 1],
        limit,
        lambda one: (one.person_id, one.item_id),
        _finding,
        place,
    )


def pull_changes(
    asking: Asking,
    *,
    after: tuple[int, ...],
    limit: int,
    since: datetime | None,
    place: str,
    run: int | None,
) -> Page:
    """Return what runs changed, in the order of writing."""
    reader = _narrow(asking.reader, place)
    rows = pulled_changes(reader, after=after[0] if after else 0, run_id=run, since=since)
    return _page(asking, "changes", rows[: limit + 1], limit, lambda one: (one.pk,), _change, place)


def pull_leads(
    asking: Asking,
    *,
    after: tuple[int, ...],
    limit: int,
    since: datetime | None,
    place: str,
    state: str,
) -> Page:
    """Return leads and where they stand."""
    reader = _narrow(asking.reader, place)
    rows = pulled_leads(reader, after=after[0] if after else 0, state=state, since=since)
    return _page(asking, "leads", rows[: limit + 1], limit, lambda one: (one.pk,), _lead, place)


def pull_lists(asking: Asking, *, after: tuple[int, ...], limit: int, batch: int | None) -> Page:
    """Return lists that came in, the newest first; ``after`` is the list where a page ended."""
    rows = lists(asking.reader)
    if after:
        rows = rows.filter(pk__lt=after[0])
    if batch is not None:
        rows = rows.filter(batch_id=batch)
    return _page(asking, "lists", rows[: limit + 1], limit, lambda one: (one.pk,), _list, "")


def pull_list_rows(asking: Asking, pk: int, *, after: tuple[int, ...], limit: int) -> Page:
    """Return the rows of a list that went back or came in with a remark, without their cells.

    Raises:
        ReceivedList.DoesNotExist: If the key may not see the list.
    """
    found = get_list(asking.reader, pk)
    rows = notes(found, returned=None)
    waiting = rows_that_wait(found.pk)
    if after:
        rows = rows.filter(pk__gt=after[0])

    def shown(note: Any, asking: Asking) -> dict[str, Any]:
        return _note_row(note, waits=(note.sheet, note.row_no) in waiting)

    return _page(asking, "list_rows", rows[: limit + 1], limit, lambda one: (one.pk,), shown, "")


def _narrow(reader: Reader, place: str) -> Reader:
    """Return the reader limited to a place.

    Raises:
        PermissionError: When it lies outside his area; a key is told so, not given everything.
    """
    if not place:
        return reader
    if not reader.covers(place):
        raise PermissionError("这个区划不在密钥的辖区内。")
    return replace(reader, area=place)


def _first_batch(since: datetime | None) -> int | None:
    if since is None:
        return None
    rows = batches(system_reader()).filter(taken_at__gte=since).order_by("id")
    return rows.values_list("pk", flat=True).first()


def _page(
    asking: Asking,
    what: str,
    rows: Iterable[Any],
    limit: int,
    key: Any,
    shown: Any,
    place: str,
) -> Page:
    moment = clock.now() - _OVERLAP
    found: Sequence[Any] = list(rows)
    page = found[:limit]
    last = key(page[-1]) if len(found) > limit else ()
    ids = [key(page[0]), key(page[-1])] if page else []
    _note(asking, what, len(page), ids, place=place)
    return Page([shown(one, asking) for one in page], last, moment)


def _note(
    asking: Asking, what: str, count: int, ids: Sequence[Sequence[int]], *, place: str
) -> None:
    """Write down what was given to whom and what for: the area, how many, from which to which."""
    audit.read(
        asking.reader,
        "api_pulled",
        subject="api_key",
        subject_id=asking.key.pk,
        place_code=place or asking.key.area_code,
        purpose=asking.purpose,
        detail={
            "what": what,
            "count": count,
            # Pages follow the primary key: these two and the moment say who was among them.
            "ids": ids,
            "key": asking.key.pk,
            "identity": asking.open_identity,
        },
    )


def _fields_of(shown: dict[str, Any], asking: Asking) -> list[str]:
    """Return the names of what was told of a person; masked ones say so."""
    masked = set() if asking.open_identity else {"name", "id_number"}
    return [
        f"{name}_masked" if name in masked else name
        for name, value in shown.items()
        if name != "id" and value is not None
    ]


def _identity(person: Person, asking: Asking) -> dict[str, Any]:
    if asking.open_identity:
        return {
            "name": person.name,
            "id_number": person.id_number,
            "birth_date": person.birth_date,
        }
    return {
        "name": mask_name(person.name),
        "id_number": mask_id_number(person.id_number),
        "birth_date": None,
    }


def _person(person: Person, asking: Asking) -> dict[str, Any]:
    return {
        "id": person.pk,
        **_identity(person, asking),
        "sex": person.sex,
        "birth_year": person.birth_date.year,
        "place_code": person.place_code,
        "in_register": person.in_register,
        "died_on": person.died_on,
    }


def _whom(person: Person, asking: Asking) -> dict[str, Any]:
    """Name a person beside an answer, as far as the key may know people at all."""
    if not {Scope.READ_PEOPLE, Scope.IDENTITY} & set(asking.key.scopes):
        return {"name": None, "id_number": None}
    told = _identity(person, asking)
    return {"name": told["name"], "id_number": told["id_number"]}


def _finding(finding: Finding, asking: Asking) -> dict[str, Any]:
    outcome = finding.outcome
    return {
        "person_id": finding.person_id,
        **_whom(finding.person, asking),
        "place_code": finding.person.place_code,
        "item": finding.item.code,
        "item_name": finding.item.name,
        "status": _WORDS[outcome.status],
        "tier": outcome.tier,
        "amount_fen": outcome.amount_fen,
        "delivered": outcome.delivered,
        "reason": outcome.reason,
        "missing": list(outcome.missing),
        "since_run": finding.run_from_id,
        "as_of": finding.run_from.as_of,
    }


def _change(change: Change, asking: Asking) -> dict[str, Any]:
    return {
        "id": change.pk,
        "run": change.run_id,
        "as_of": change.run.as_of,
        "person_id": change.person_id,
        **_whom(change.person, asking),
        "place_code": change.place_code,
        "item": change.item.code,
        "kind": change.kind,
        "status_before": _WORDS[change.before.status] if change.before else "no",
        "status_after": _WORDS[change.after.status] if change.after else "no",
        "cause": change.cause,
    }


def _lead(lead: Lead, asking: Asking) -> dict[str, Any]:
    return {
        "id": lead.pk,
        "person_id": lead.person_id,
        **_whom(lead.person, asking),
        "place_code": lead.place_code,
        "item": lead.item.code,
        "item_name": lead.item.name,
        "kind": lead.kind,
        "state": lead.state,
        "opened_on": lead.opened_on,
        "due_on": lead.due_on,
        "closed_on": lead.closed_on,
        "decline_reason": lead.decline_reason,
    }


def _list(one: ReceivedList, asking: Asking) -> dict[str, Any]:
    return {
        "id": one.pk,
        "batch_id": one.batch_id,
        "kind": one.kind,
        "place_code": one.place_code,
        "month": one.batch.month,
        "full": one.batch.full,
        "taken_at": one.batch.taken_at,
        "state": str(one.state),
        "refusal": one.refusal,
        "received": one.received,
        "accepted": one.accepted,
        "returned": one.returned,
    }


def _note_row(note: Any, *, waits: bool) -> dict[str, Any]:
    return {
        "row": note.row_no,
        "sheet": note.sheet,
        "verdict": "returned" if note.returned else "desk" if waits else "accepted",
        "reasons": note.reasons.split("\n"),
    }
