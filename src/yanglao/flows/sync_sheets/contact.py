"""Opening telephone and address of an elder for a visit: with network, for a purpose."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.public import get_sheet
from yanglao.domain.people.public import contacts_of, private_values
from yanglao.flows.sync_sheets.reading import CannotRead
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an elder lives and how to reach him; empty where nobody has said."""

    phones: tuple[str, ...]
    address: str


@transaction.atomic
def open_contact(reader: Reader, sheet_id: str, *, purpose: str) -> Contact:
    """Return telephone and address of the elder of one's own sheet, and write down that he did.

    Raises:
        Sheet.DoesNotExist: When the sheet is not the reader's.
        CannotRead: Without a purpose.
    """
    if not purpose.strip():
        raise CannotRead(_("请选择用来做什么。"))
    person = get_sheet(reader, sheet_id).sheet.assessment.person
    phones = [f"{one.phone} {one.whose}".strip() for one in contacts_of(reader, person)]
    addresses = private_values(reader, person).addresses
    audit.read(
        reader,
        "assessor_contact_opened",
        subject_id=person.pk,
        place_code=person.place_code,
        purpose=purpose.strip()[:_LONGEST],
        fields=("phone", "address"),
    )
    return Contact(tuple(phones), addresses[0] if addresses else "")
