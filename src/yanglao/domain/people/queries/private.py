"""What is masked on every screen and opened for a purpose: addresses and diagnoses."""

from dataclasses import dataclass

from yanglao.domain.people.models import HealthEntry, HouseholdEntry, Person
from yanglao.domain.people.queries.merging import files_of
from yanglao.foundation.scoping import Reader

_NEWEST_FIRST = ("-seen_to", "-last_batch", "-id")
_MOST = 5


@dataclass(frozen=True, slots=True)
class PrivateValues:
    """Addresses and diagnoses of a person as lists gave them, the newest first, each once."""

    addresses: tuple[str, ...]
    diagnoses: tuple[str, ...]


def private_values(reader: Reader, person: Person) -> PrivateValues:
    """Return what is masked elsewhere; the caller has asked for the purpose and recorded it.

    Raises:
        PermissionError: If the reader may not look at the person.
    """
    if not reader.reaches(person.pk, person.place_code):
        raise PermissionError("只能查看自己辖区内的人员。")
    files = files_of([person.pk])
    homes = HouseholdEntry.objects.filter(person_id__in=files).order_by(*_NEWEST_FIRST)[:_MOST]
    checks = HealthEntry.objects.filter(person_id__in=files).order_by(*_NEWEST_FIRST)[:_MOST]
    addresses = [home.address for home in homes if home.address]
    diagnoses = []
    for check in checks:
        if check.dementia:
            diagnoses.append("确诊痴呆")
        if check.chronic:
            diagnoses.append(check.chronic)
    return PrivateValues(tuple(dict.fromkeys(addresses)), tuple(dict.fromkeys(diagnoses)))
