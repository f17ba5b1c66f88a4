"""Cases begin: an application at the counter, or everybody found of a village, with consent."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from yanglao.domain.benefits.public import (
    Applicant,
    Case,
    Clocks,
    get_case,
    open_case,
    open_found_cases,
    refresh_case,
    with_open_case,
)
from yanglao.domain.entitlements.public import Status, findings
from yanglao.domain.leads.public import open_lead_of
from yanglao.domain.people.public import Person, get_person, people_by_ids
from yanglao.domain.rights.public import Asker, Channel, ConsentText, give_consent, publish_text
from yanglao.flows.judge_benefit import MoneyItem, judge_many, judge_one, money_items
from yanglao.flows.read_procedures import procedures
from yanglao.foundation.scoping import Reader, system_reader

#: So many people at most in one go: a page of names that an officer can still look through.
MOST = 500


def money_item(code: str, as_of: date) -> MoneyItem:
    """Return a money item of the catalogue in force.

    Raises:
        LookupError: When there is none of that code.
    """
    for one in money_items(as_of):
        if one.code == code:
            return one
    raise LookupError(f"清单里没有发钱的第 {code} 项。")


def clocks_of(benefits: Collection[str], as_of: date) -> dict[str, Clocks]:
    """Return the days of each step by benefit."""
    rules = procedures()
    return {benefit: rules.clocks(benefit, as_of) for benefit in benefits}


def consent_text() -> ConsentText:
    """Return the version of the consent that is shown now; publishing the same again is none."""
    words = procedures().consent
    return publish_text(code=words.code, title=words.title, body=words.body, acting=system_reader())


def apply_for(
    *,
    person_id: int,
    item_code: str,
    applicant: Applicant,
    words: str,
    as_of: date,
    acting: Reader,
) -> Case:
    """Take an application: the register's facts are looked up and frozen into the case.

    Raises:
        Person.DoesNotExist: When there is none in the area.
        LookupError: When the item is no money item.
        PermissionError: When the role takes no applications.
    """
    item = money_item(item_code, as_of)
    person = get_person(acting, person_id)
    lead = open_lead_of(person_id, item.item_id)
    return open_case(
        person_id=person_id,
        item_id=item.item_id,
        benefit=item.benefit,
        applicant=applicant,
        judged=judge_one(acting, person, item_code, as_of),
        clocks=procedures().clocks(item.benefit, as_of),
        as_of=as_of,
        acting=acting,
        words=words,
        lead_id=lead.pk if lead is not None and lead.closed_on is None else None,
    )


def found_without_case(
    reader: Reader, item: MoneyItem, *, most: int = MOST
) -> tuple[list[Person], int]:
    """Return people of the area whose answer is yes and who have no open case yet.

    Returns:
        At most ``most`` of them by village, and how many there are in all.
    """
    rows = findings(reader, item=item.item_id, status=Status.YES)
    ids = list(rows.values_list("person_id", flat=True))
    has_case = with_open_case(ids, item.item_id)
    waiting = [pk for pk in ids if pk not in has_case]
    people = people_by_ids(reader, waiting[:most])
    return [people[pk] for pk in waiting[:most] if pk in people], len(waiting)


@transaction.atomic
def open_found(
    *,
    person_ids: Collection[int],
    item_code: str,
    given_by: Asker,
    channel: Channel,
    as_of: date,
    acting: Reader,
) -> list[Case]:
    """Record the consents and open cases for people who were found (免申即享).

    Each is judged anew with the facts of the day; whoever does not match any more is left out,
    and so is his consent.

    Raises:
        LookupError: When the item is no money item, or too many people are named.
        PermissionError: When the role takes no applications or keeps no consents.
    """
    if len(person_ids) > MOST:
        raise LookupError(f"一次最多办 {MOST} 人，请按村分开办。")
    item = money_item(item_code, as_of)
    people = [one for _pk, one in sorted(people_by_ids(acting, person_ids).items())]
    judged = judge_many(acting, people, item_code, as_of) if people else {}
    has_case = with_open_case(judged, item.item_id)
    text = consent_text()
    consents = {
        pk: give_consent(
            person_id=pk,
            text_id=text.pk,
            given_by=given_by,
            channel=channel,
            as_of=as_of,
            acting=acting,
        ).pk
        for pk, one in judged.items()
        if one.status == "yes" and pk not in has_case
    }
    return open_found_cases(
        judged=judged,
        consents=consents,
        item_id=item.item_id,
        benefit=item.benefit,
        clocks=procedures().clocks(item.benefit, as_of),
        as_of=as_of,
        acting=acting,
    )


def take_evidence_again(*, case_id: int, as_of: date, acting: Reader) -> Case:
    """Look the facts up again for a case that is not decided.

    Raises:
        Case.DoesNotExist: When there is none in the area.
        yanglao.domain.benefits.public.WrongMove: After it was prepared.
    """
    case = get_case(acting, case_id)
    judged = judge_one(acting, case.person, case.item.code, as_of)
    return refresh_case(case_id=case_id, judged=judged, as_of=as_of, acting=acting)
