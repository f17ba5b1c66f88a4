"""The household of an officer: of these people he decides nothing."""

from yanglao.domain.accounts.public import person_of_account
from yanglao.domain.people.models import Person
from yanglao.domain.people.queries.file import household_members
from yanglao.domain.people.queries.merging import files_of
from yanglao.foundation.scoping import system_reader


def family_of(account_id: int | None) -> frozenset[int]:
    """Return the files of an officer himself and of his household, those laid into them too.

    Empty when his account names no file: then only his word stands for it, and pages say so.
    """
    own = person_of_account(account_id) if account_id is not None else None
    if own is None:
        return frozenset()
    person = Person.objects.filter(pk=own).first()
    if person is None:
        return frozenset(files_of([own]))
    members = household_members(system_reader(), person)
    return frozenset(files_of([own, *(one.person_id for one in members)]))
