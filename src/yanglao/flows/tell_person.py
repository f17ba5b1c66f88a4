"""What a person may be told about his own data: who looked, a copy of everything, what was done.

个人信息保护法 art. 44–48. The clerk at the counter asks for it; that is on record itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yanglao.domain.access.public import grants_about
from yanglao.domain.people.public import (
    Person,
    contacts_of,
    forget_contacts,
    get_person,
    private_values,
)
from yanglao.domain.rights.public import (
    RequestKind,
    RequestState,
    RightsRequest,
    answer_request,
    consents_of,
    get_request,
    holds_of,
    requests_of_person,
)
from yanglao.flows.look_up_person import PersonView, look_up
from yanglao.foundation import audit
from yanglao.foundation.audit import TAKEN_OUT, entries_about
from yanglao.foundation.scoping import Reader

#: A sheet of paper; older looks are told on request, in writing.
MOST_LOOKS = 500


@dataclass(frozen=True, slots=True)
class Look:
    """One time somebody looked into the file, wrote in it, or took out a list that may hold it.

    Attributes:
        at: When.
        who: Name of the officer or program.
        action: Word of the act.
        kind: ``read`` or ``write``.
        refused: Whether it was refused.
        purpose: Why, as stated.
        fields: Names of what was seen.
        around: Whether a list of the place was taken out, not this very file opened.
    """

    at: datetime
    who: str
    action: str
    kind: str
    refused: bool
    purpose: str
    fields: tuple[str, ...]
    around: bool


def who_looked(reader: Reader, person_id: int) -> tuple[Person, list[Look]]:
    """Return who looked at a person's file, newest first, for the person himself.

    Raises:
        Person.DoesNotExist: If there is none in the reader's area.
        PermissionError: If the role does not keep rights.
    """
    person = _asked(reader, person_id)
    entries = entries_about(person.pk, person.place_code)[:MOST_LOOKS]
    looks = [
        Look(
            at=entry.at,
            who=entry.user_name,
            action=entry.action,
            kind=entry.kind,
            refused=entry.result == "refused",
            purpose=entry.reason,
            fields=tuple(str(name) for name in entry.detail.get("fields", ())),
            around=entry.action in TAKEN_OUT,
        )
        for entry in entries
    ]
    _record(reader, "looks_told", person)
    return person, looks


def own_data(reader: Reader, person_id: int, as_of: date) -> dict[str, Any]:
    """Return everything known of a person, for a copy to the person (art. 45), plain values only.

    Raises:
        Person.DoesNotExist: If there is none in the reader's area.
        PermissionError: If the role does not keep rights.
    """
    person = _asked(reader, person_id)
    view = look_up(reader, person.pk, as_of)
    private = private_values(reader, person)
    data = {
        "as_of": as_of.isoformat(),
        "person": {
            "name": person.name,
            "id_number": person.id_number,
            "sex": person.sex,
            "birth_date": person.birth_date.isoformat(),
            "place_code": person.place_code,
        },
        "addresses": list(private.addresses),
        "diagnoses": list(private.diagnoses),
        "contacts": [
            {"phone": line.phone, "whose": line.whose, "source": line.source}
            for line in contacts_of(reader, person)
        ],
        "facts": [
            {
                "name": fact.name,
                "label": str(fact.label),
                "value": str(fact.value_label),
                "since": fact.holds_from.isoformat() if fact.holds_from else None,
                "source": fact.source,
            }
            for fact in view.facts
            if fact.known
        ],
        **_happened(view),
        **_rights_of(reader, person, as_of),
    }
    _record(reader, "own_copy_given", person, fields=[key for key in data if key != "as_of"])
    return data


def _happened(view: PersonView) -> dict[str, Any]:
    """Return what happened and what the rules say, as plain values."""
    return {
        "history": [
            {
                "on": event.on.isoformat(),
                "what": event.title,
                "detail": event.detail,
                "source": event.source,
            }
            for event in view.timeline
        ],
        "results": [
            {
                "code": line.code,
                "name": line.name,
                "status": line.status,
                "reason": line.reason,
                "clause": line.clause,
            }
            for line in view.answers
        ],
    }


def _rights_of(reader: Reader, person: Person, as_of: date) -> dict[str, Any]:
    """Return consents, requests, holds and grants about a person as plain values."""
    return {
        "consents": [
            {
                "text": consent.text.title,
                "version": consent.text.version,
                "given_on": consent.given_on.isoformat(),
                "withdrawn_on": consent.withdrawn_on.isoformat() if consent.withdrawn_on else None,
            }
            for consent in consents_of(person.pk)
        ],
        "requests": [
            {
                "asked_on": one.asked_on.isoformat(),
                "kind": str(one.get_kind_display()),
                "wish": one.wish,
                "state": str(one.get_state_display()),
                "answer": one.answer,
            }
            for one in requests_of_person(reader, person.pk)
        ],
        "kept_by_law": [
            {
                "ground": str(hold.get_ground_display()),
                "basis": hold.basis,
                "until": hold.ends_on.isoformat() if hold.ends_on else None,
            }
            for hold in holds_of(person.pk, as_of)
        ],
        "seen_by_others": [
            {
                "who": grant.account.display_name,
                "purpose": grant.purpose,
                "from": grant.starts_on.isoformat(),
                "to": grant.ends_on.isoformat(),
            }
            for grant in grants_about(person.pk, person.place_code, as_of)
        ],
    }


@transaction.atomic
def answer(
    *,
    request_id: int,
    state: RequestState,
    words: str,
    as_of: date,
    acting: Reader,
    erase_contacts: bool = False,
) -> RightsRequest:
    """Answer a request, with what was done about it.

    A correction lists the facts that were entered by hand since it was asked for; a deletion may
    erase telephone numbers, everything else follows from the lists of the departments and is
    told with the reason why it is kept.

    Raises:
        RightsRequest.DoesNotExist, PermissionError, ValidationError: As ``rights.answer_request``.
    """
    request = get_request(acting, request_id)
    effect: list[str] = []
    if request.kind == RequestKind.CORRECT:
        effect += _corrected(request)
    done = state in {RequestState.DONE, RequestState.PARTLY}
    if request.kind == RequestKind.DELETE and erase_contacts and done:
        # Not the words of the answer: they lie in an envelope, the record is open to many.
        why = f"本人申请 {request.pk}"
        number = forget_contacts(person_id=request.person_id, acting=acting, reason=why)
        effect.append(f"已删除：电话和联系人（{number} 处）")
    return answer_request(
        request_id=request_id, state=state, answer=words, as_of=as_of, acting=acting, effect=effect
    )


def _corrected(request: RightsRequest) -> list[str]:
    """Return the facts entered by hand since the correction was asked for."""
    rows = entries_about(request.person_id, request.place_code).filter(action="fact_entered")
    found = []
    for entry in rows.order_by("id"):
        if entry.at.astimezone().date() >= request.asked_on:
            names: Sequence[str] = entry.detail.get("fields", ())
            found.append(f"已更正：{entry.at:%Y-%m-%d} {entry.user_name}登记 {'、'.join(names)}")
    return found


def _asked(reader: Reader, person_id: int) -> Person:
    if not reader.can("keep_rights"):
        raise PermissionError("没有受理个人信息申请的权限。")
    return get_person(reader, person_id)


def _record(reader: Reader, action: str, person: Person, fields: Sequence[str] = ()) -> None:
    audit.read(
        reader,
        action,
        subject_id=person.pk,
        place_code=person.place_code,
        purpose="本人要求",
        fields=fields,
    )
