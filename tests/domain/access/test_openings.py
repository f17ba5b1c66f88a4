"""Masked values and accounts: what the doors themselves refuse, whatever a screen lets through."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.flows import population as p
from yanglao.domain.access.public import MaskedField, Purpose, open_fields, opened_fields
from yanglao.domain.accounts.public import (
    Account,
    Role,
    approve_account,
    close_account,
    manages,
    open_account,
    reader_of,
    reopen_account,
)
from yanglao.domain.people.models import Person
from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, Sight, system_reader

pytestmark = pytest.mark.django_db
REGION, COUNTY, OTHER = "653200000000", "653222000000", "653201000000"


@pytest.fixture
def person(db: None) -> Person:
    from datetime import date

    return p.elder(1, date(1944, 3, 5))


def open_number(person: Person, acting: Reader) -> None:
    open_fields(
        person_id=person.pk,
        fields=[MaskedField.ID_NUMBER],
        purpose=Purpose.VERIFY,
        acting=acting,
    )


def test_an_opening_is_for_one_account_person_and_while(
    person: Person, account_for: Callable[..., Account]
) -> None:
    one, other = (reader_of(account_for("county", COUNTY)) for _number in range(2))
    open_number(person, one)
    now = clock.now()
    assert opened_fields(one, person.pk, now) == {"id_number"}
    assert opened_fields(other, person.pk, now) == frozenset()
    assert opened_fields(one, person.pk + 1, now) == frozenset()
    assert opened_fields(one, person.pk, now + timedelta(minutes=16)) == frozenset()


def test_nobody_opens_what_is_not_his(person: Person, reader_for: Callable[..., Reader]) -> None:
    with pytest.raises(PermissionError):
        open_number(person, reader_for("clerk", COUNTY, "civil"))
    with pytest.raises(Person.DoesNotExist):
        open_number(person, reader_for("county", OTHER))
    assert not AuditEntry.objects.filter(action="identity_revealed").exists()


def test_a_sight_reaches_its_people_and_no_lists(person: Person) -> None:
    from yanglao.domain.people.public import find_people, get_person, people_of, reachable_person

    sight = Sight(1, "", frozenset({person.pk}), frozenset({"identity"}), "x")
    officer = Reader(
        9, "外地", "county", OTHER, permissions=frozenset({"see_people"}), sights=(sight,)
    )
    assert reachable_person(officer, person.pk) == person
    assert list(find_people(officer, person.id_number)) == [person]
    assert not find_people(officer, person.name).exists()
    assert not people_of(officer).exists()
    with pytest.raises(Person.DoesNotExist):
        get_person(officer, person.pk)


# --- accounts: the three administrators ---------------------------------------------------------


def make(acting: Reader, role: Role, name: str, area: str = REGION) -> Account:
    return open_account(
        username=f"u{Account.objects.count()}",
        password="only-for-tests-2026",
        role=role,
        area_code=area,
        display_name=name,
        acting=acting,
        invented=True,
    )


def test_what_the_system_administrator_opens_waits_for_the_security_administrator(
    account_for: Callable[..., Account],
) -> None:
    system, security = (
        reader_of(account_for(role, REGION)) for role in ("system_admin", "security_admin")
    )
    made = make(system, Role.COUNTY, "新人", COUNTY)
    assert not made.is_active
    with pytest.raises(PermissionError):
        approve_account(account_id=made.pk, acting=system)
    with pytest.raises(PermissionError):
        reopen_account(account_id=made.pk, acting=system)
    assert approve_account(account_id=made.pk, acting=security).is_active
    with pytest.raises(PermissionError):
        approve_account(account_id=made.pk, acting=security)
    close_account(account_id=made.pk, acting=security, reason="异常")
    made.refresh_from_db()
    assert not made.is_active
    with pytest.raises(PermissionError):
        make(security, Role.TOWN, "x", "653222100000")


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
@pytest.mark.parametrize("target", ["system_admin", "security_admin", "audit_admin"])
def test_no_administrator_changes_another(
    account_for: Callable[..., Account], role: str, target: str
) -> None:
    acting = reader_of(account_for(role, REGION))
    other = account_for(target, REGION)
    with pytest.raises(PermissionError):
        close_account(account_id=other.pk, acting=acting, reason="x")
    with pytest.raises(PermissionError):
        make(acting, Role(target), "某人")
    other.refresh_from_db()
    assert other.is_active


def test_nobody_holds_two_offices(db: None) -> None:
    make(system_reader(), Role.SYSTEM_ADMIN, "艾力")
    with pytest.raises(ValidationError, match="三员分立"):
        make(system_reader(), Role.AUDIT_ADMIN, "艾力")
    make(system_reader(), Role.AUDIT_ADMIN, "热娜")


def test_the_doors_keep_ranks_themselves(account_for: Callable[..., Account]) -> None:
    county = reader_of(account_for("county", COUNTY))
    above = account_for("prefecture", COUNTY)
    for act in (
        lambda: close_account(account_id=above.pk, acting=county, reason="x"),
        lambda: reopen_account(account_id=above.pk, acting=county),
        lambda: make(county, Role.PREFECTURE, "x", COUNTY),
        lambda: make(county, Role.TOWN, "x", OTHER),
        lambda: close_account(account_id=county.user_id or 0, acting=county, reason="x"),
    ):
        with pytest.raises(PermissionError):
            act()
    assert manages("audit_admin") == ()
    assert manages("village") == ()
    assert Role.COUNTY in manages("county")
