"""A person's file: who lives in the same household, and how to reach the person."""

from collections.abc import Iterable
from datetime import date

from yanglao.domain.people.models import Contact, HouseholdEntry, Person, SurveyEntry
from yanglao.domain.people.queries.merging import files_of
from yanglao.domain.people.types import KIND_SENDERS, ContactLine, HouseholdMember, Kind
from yanglao.foundation.scoping import Reader, within_area

_NEWEST_FIRST = ("-seen_to", "-last_batch", "-id")


def household_members(reader: Reader, person: Person) -> list[HouseholdMember]:
    """Return the others of the person's household who are served in the reader's area.

    Members are those whose last register row names the same household in the same county:
    household numbers are only unique there.
    """
    files = files_of([person.pk])
    own = HouseholdEntry.objects.filter(person_id__in=files).order_by(*_NEWEST_FIRST).first()
    if own is None or not own.household_id:
        return []
    rows = HouseholdEntry.objects.filter(
        household_id=own.household_id, hukou_code__startswith=own.hukou_code[:6]
    ).exclude(person_id__in=files)
    ids = set(rows.order_by("person_id").values_list("person_id", flat=True))
    newest: dict[int, HouseholdEntry] = {}
    for entry in HouseholdEntry.objects.filter(person_id__in=ids).order_by(*_NEWEST_FIRST):
        newest.setdefault(entry.person_id, entry)
    people = within_area(Person.objects.filter(pk__in=ids), reader).order_by("birth_date", "id")
    return [
        HouseholdMember(
            person_id=other.pk,
            name=other.name,
            relation=newest[other.pk].relation,
            sex=other.sex,
            birth_date=other.birth_date,
            died_on=other.died_on,
        )
        for other in people
        if newest[other.pk].household_id == own.household_id and newest[other.pk].status != "moved"
    ]


def contacts_of(reader: Reader, person: Person) -> list[ContactLine]:
    """Return the ways to reach a person, the newest first, each number once.

    Raises:
        PermissionError: If the person is served outside the reader's area.
    """
    if not reader.reaches(person.pk, person.place_code):
        raise PermissionError("只能查看自己辖区内的人员。")
    files = files_of([person.pk])
    surveys = SurveyEntry.objects.filter(person_id__in=files).order_by(*_NEWEST_FIRST)
    contacts = Contact.objects.filter(person_id__in=files).order_by("-last_list_id", "-id")
    return _unique([*_of_surveys(surveys), *_of_lists(contacts)])


def _of_surveys(surveys: Iterable[SurveyEntry]) -> list[ContactLine]:
    lines = []
    for entry in surveys:
        source = _source(Kind.SURVEY, entry.seen_to)
        if entry.phone:
            lines.append(ContactLine(entry.phone, "", source, entry.last_list_id))
        if entry.contact_phone or entry.contact:
            whose = entry.contact or "紧急联系人"
            lines.append(ContactLine(entry.contact_phone, whose, source, entry.last_list_id))
    return lines


def _of_lists(contacts: Iterable[Contact]) -> list[ContactLine]:
    return [
        ContactLine(entry.phone, "", _source(Kind(entry.kind), None), entry.last_list_id)
        for entry in contacts
    ]


def _unique(lines: list[ContactLine]) -> list[ContactLine]:
    first: dict[tuple[str, str], ContactLine] = {}
    for line in lines:
        first.setdefault((line.phone, line.whose), line)
    return list(first.values())


def _source(kind: Kind, month: date | None) -> str:
    return f"{KIND_SENDERS[kind]} {month:%Y-%m}" if month else str(KIND_SENDERS[kind])
