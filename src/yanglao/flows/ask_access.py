"""Asking to look at people of another area, by their ID numbers or for all of them."""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from yanglao.domain.access.public import DataKind, Grant, ask_grant
from yanglao.domain.people.public import find_by_numbers
from yanglao.foundation.scoping import Reader, area_range
from yanglao.kernel.idnumber import read_id_number

#: More people than this are an area, or several askings.
MOST_NUMBERS = 50


def ask_access(
    *,
    acting: Reader,
    owner_area: str,
    numbers: Sequence[str],
    kinds: Collection[DataKind],
    purpose: str,
    starts_on: date,
    ends_on: date,
    as_of: date,
) -> Grant:
    """Ask for access; without numbers for everybody of the area.

    Whether a number belongs to somebody of the area is not told to the asker: only the owner,
    who has the files, learns how many are known.

    Raises:
        PermissionError: If the role may not ask.
        django.core.exceptions.ValidationError: By field, in Chinese.
    """
    valid: list[str] = []
    for text in numbers:
        number = read_id_number(text).number
        if number is None:
            raise ValidationError({"numbers": f"第 {len(valid) + 1} 个身份证号不对，请核对。"})
        valid.append(number.text)
    if len(valid) > MOST_NUMBERS:
        raise ValidationError({"numbers": f"一次最多写 {MOST_NUMBERS} 个人。"})
    low, high = area_range(owner_area)
    known = find_by_numbers(valid) if valid else {}
    own = [person.id for person in known.values() if low <= person.place_code < high]
    return ask_grant(
        acting=acting,
        owner_area=owner_area,
        person_ids=own,
        numbers_asked=len(set(valid)),
        kinds=kinds,
        purpose=purpose,
        starts_on=starts_on,
        ends_on=ends_on,
        as_of=as_of,
    )
