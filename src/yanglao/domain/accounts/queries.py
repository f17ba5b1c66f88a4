"""Reading accounts, and turning one into a reader."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from yanglao.domain.accounts.models import Account, SetUpLink, SignInSession, SignInSetting
from yanglao.domain.accounts.types import DEPARTMENTS, ROLE_PERMISSIONS, Role, SignInRules
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import sm3_hex

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


def person_of_account(account_id: int) -> int | None:
    """Return the person file of an officer himself, ``None`` when his account names none."""
    return (
        Account.objects.filter(pk=account_id).order_by("pk").values_list("person_id", flat=True)
    ).first()


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


def sign_in_rules() -> SignInRules:
    """Return how signing in works here: as it comes, and what was changed."""
    changed = dict(SignInSetting.objects.order_by("pk").values_list("name", "value"))
    known = {name: changed[name] for name in SignInRules.__slots__ if name in changed}
    if "second_factor_roles" in known:
        known["second_factor_roles"] = frozenset(known["second_factor_roles"])
    return SignInRules(**known)


def needs_second_factor(account: Account) -> bool:
    """Say whether an account must have a second factor."""
    return account.role in sign_in_rules().second_factor_roles


def account_signing_in(account_id: int) -> Account | None:
    """Return an account that is on its way in, if it may still come in."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def sessions_of(reader: Reader, now: datetime) -> QuerySet[SignInSession]:
    """Return the reader's own live sessions, the last used first."""
    return SignInSession.objects.filter(
        Q(idle_until__isnull=True) | Q(idle_until__gt=now),
        account_id=reader.user_id or 0,
        expire_date__gt=now,
    ).order_by("-seen_at", "session_key")


def backup_codes_left(reader: Reader) -> int:
    """Return how many codes on paper the reader has not used."""
    return Account.objects.filter(
        pk=reader.user_id or 0, backup_codes__isnull=False, backup_codes__used_at__isnull=True
    ).count()


def link_digest(token: str) -> str:
    """Return what is kept of a one-time token: 192 random bits need no more than a digest."""
    return sm3_hex(token.strip().encode())


def live_link(digest: str, now: datetime) -> SetUpLink | None:
    """Return the one-time link of a digest, if it still works."""
    return (
        SetUpLink.objects.select_related("account")
        .filter(
            Q(account__is_active=True) | Q(account__awaits_approval=True),
            digest=digest,
            used_at__isnull=True,
            ends_at__gt=now,
        )
        .first()
    )


def accounts_with_published_password(passwords: list[str]) -> list[str]:
    """Return login names of active accounts that open with one of some well-known passwords."""
    active = Account.objects.filter(is_active=True).order_by("username")
    return [
        one.username
        for one in active.iterator()
        if any(one.check_password(password) for password in passwords)
    ]
