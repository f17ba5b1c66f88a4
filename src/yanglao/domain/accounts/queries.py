"""Reading accounts, and turning one into a reader."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from yanglao.domain.accounts.models import Account
from yanglao.domain.accounts.types import DEPARTMENTS, ROLE_PERMISSIONS, Role
from yanglao.foundation.scoping import Reader, within_area

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def reader_of(account: "Account | AnonymousUser") -> Reader:
    """Return the reader that an account stands for.

    Raises:
        TypeError: For somebody who is not signed in.
    """
    if not isinstance(account, Account):
        raise TypeError("only an account can read")
    department = DEPARTMENTS.get(account.department)
    return Reader(
        user_id=account.pk,
        name=account.display_name,
        role=account.role,
        area=account.area_code,
        department=account.department,
        permissions=frozenset(str(p) for p in ROLE_PERMISSIONS[Role(account.role)]),
        kinds=department.kinds if department else frozenset(),
    )


def reader_of_id(account_id: int) -> Reader | None:
    """Return the reader of an account that may still sign in; for jobs asked for by it."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    return reader_of(account) if account else None


def accounts_in_area(reader: Reader) -> QuerySet[Account]:
    """Return the accounts whose area lies in the reader's, by place and name."""
    return within_area(Account.objects.all(), reader, "area_code").order_by(
        "area_code", "role", "username"
    )


def officers_for(reader: Reader, place_code: str) -> QuerySet[Account]:
    """Return active officers who could take a lead at ``place_code``, nearest level first."""
    above = [place_code[:9] + "000", place_code, place_code[:6] + "000000"]
    return accounts_in_area(reader).filter(
        is_active=True,
        role__in=[Role.COUNTY, Role.TOWN, Role.VILLAGE],
        area_code__in=above,
    )


def officers_of_area(reader: Reader) -> QuerySet[Account]:
    """Return active officers of the reader's area who work leads."""
    return accounts_in_area(reader).filter(
        is_active=True, role__in=[Role.COUNTY, Role.TOWN, Role.VILLAGE]
    )
