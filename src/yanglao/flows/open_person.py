"""Opening a person's file: masked, limited to what a grant gives, and on record.

Every screen and interface that shows a person goes through :func:`open_file`; values that are
masked there are opened one by one by :func:`reveal`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from yanglao.domain.access.public import (
    DataKind,
    Grant,
    MaskedField,
    Opening,
    Purpose,
    grants_about,
    open_fields,
    opened_fields,
)
from yanglao.domain.people.public import (
    ContactLine,
    FactLine,
    Person,
    contacts_of,
    private_values,
    reachable_person,
)
from yanglao.flows.look_up_person import PersonView, look_up
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader, Sight

#: Facts that tell a diagnosis.
DIAGNOSES = frozenset({"dementia"})
#: Fields of statements that stay covered until opened, by the masked field that opens them.
_COVERED = {
    MaskedField.ADDRESS: frozenset({"address"}),
    MaskedField.DIAGNOSIS: frozenset({"chronic", "doctor", "dementia"}),
}
_HEALTH = frozenset(
    {
        "ability_level",
        "assessed_on",
        "dementia",
        "health_checked_on",
        "disability_category",
        "disability_grade",
        "needs_long_term_care",
        "ltci_insured",
        "ltci_level",
        "ltci_receiving",
        "ltci_assessed_on",
    }
)
_BASIC = frozenset({"alive", "age", "sex", "birth_date", "hukou_code", "residence_code"})
COVERED_WORDS = "已遮盖"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as one reader may see it now.

    Attributes:
        view: What is shown; covered values say so.
        opened: Masked fields that the reader has opened for a purpose and may still see.
        sights: Grants by which the file is open; empty for people of the own area.
        grants: Grants by which others outside may look at the person, for people of the area.
    """

    view: PersonView
    opened: frozenset[str]
    sights: tuple[Sight, ...]
    grants: tuple[Grant, ...]

    @property
    def by_grant(self) -> bool:
        """Whether the person lives outside the reader's area."""
        return bool(self.sights)


@dataclass(frozen=True, slots=True)
class Revealed:
    """Masked values of one person, opened."""

    opening: Opening
    person: Person
    contacts: tuple[ContactLine, ...] = ()
    addresses: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()


def open_file(reader: Reader, pk: int, as_of: date, *, purpose: str, at: datetime) -> OpenedFile:
    """Return a person's file as the reader may see it, and write down that he did.

    Args:
        reader: Who looks.
        pk: At whom.
        as_of: The day the facts are of.
        purpose: What the screen is for, in Chinese.
        at: The moment, for openings that run out.

    Raises:
        Person.DoesNotExist: When the reader may not look at such a person; that is recorded too.
    """
    opened = opened_fields(reader, pk, at)
    masked = frozenset[str]().union(
        *(names for field, names in _COVERED.items() if field.value not in opened)
    )
    try:
        view = look_up(reader, pk, as_of, masked=masked)
    except Person.DoesNotExist:
        audit.refused(reader, "file_refused", subject="person", subject_id=pk, reason=purpose)
        raise
    person = view.person
    own = reader.covers(person.place_code)
    sights = () if own else reader.sights_of(person.pk, person.place_code)
    kinds = frozenset(DataKind.values) if own else _given(sights)
    view = _limited(_covered(view, masked), kinds)
    audit.read(
        reader,
        "file_opened" if own else "file_opened_by_grant",
        subject_id=person.pk,
        place_code=person.place_code,
        purpose=purpose if own else f"{purpose}；跨区授权：{sights[0].purpose}",
        fields=kinds,
        detail={} if own else {"grants": [sight.grant_id for sight in sights]},
    )
    grants = tuple(grants_about(person.pk, person.place_code, as_of)) if own else ()
    return OpenedFile(view, opened, sights, grants)


def reveal(
    *,
    person_id: int,
    fields: Collection[MaskedField],
    purpose: Purpose,
    acting: Reader,
    note: str = "",
) -> Revealed:
    """Open masked values for a purpose, and return them; raises as ``access.open_fields``."""
    opening = open_fields(
        person_id=person_id, fields=fields, purpose=purpose, acting=acting, note=note
    )
    person = reachable_person(acting, person_id)
    contacts = contacts_of(acting, person) if MaskedField.PHONE in fields else []
    private = None
    if MaskedField.ADDRESS in fields or MaskedField.DIAGNOSIS in fields:
        private = private_values(acting, person)
    return Revealed(
        opening=opening,
        person=person,
        contacts=tuple(contacts),
        addresses=private.addresses if private and MaskedField.ADDRESS in fields else (),
        diagnoses=private.diagnoses if private and MaskedField.DIAGNOSIS in fields else (),
    )


def _given(sights: tuple[Sight, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(sight.kinds for sight in sights))


def _covered(view: PersonView, masked: frozenset[str]) -> PersonView:
    """Cover facts that tell a diagnosis."""
    hidden = DIAGNOSES & masked
    facts = [
        replace(fact, value=None, value_label=COVERED_WORDS)
        if fact.name in hidden and fact.known
        else fact
        for fact in view.facts
    ]
    answers = [
        replace(
            line,
            leaves=tuple(
                replace(leaf, value=COVERED_WORDS) if leaf.fact in hidden and leaf.value else leaf
                for leaf in line.leaves
            ),
        )
        for line in view.answers
    ]
    return replace(view, facts=facts, answers=answers)


def _limited(view: PersonView, kinds: frozenset[str]) -> PersonView:
    """Leave out what a grant does not give."""
    if kinds >= frozenset(DataKind.values):
        return view
    return replace(
        view,
        facts=[fact for fact in view.facts if _kind_of(fact) in kinds],
        timeline=view.timeline if {DataKind.FACTS, DataKind.HEALTH} <= kinds else [],
        answers=view.answers if DataKind.RESULTS in kinds else [],
        contacts=view.contacts if DataKind.CONTACT in kinds else [],
        household=[],
    )


def _kind_of(fact: FactLine) -> str:
    if fact.name in _BASIC:
        return DataKind.IDENTITY
    return DataKind.HEALTH if fact.name in _HEALTH else DataKind.FACTS
