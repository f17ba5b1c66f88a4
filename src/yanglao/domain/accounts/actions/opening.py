"""Making, changing and closing accounts."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from yanglao.domain.accounts.models import Account
from yanglao.domain.accounts.types import Role
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@transaction.atomic
def open_account(
    *,
    username: str,
    password: str,
    role: Role,
    area_code: str,
    display_name: str,
    acting: Reader,
    department: str = "",
    invented: bool = False,
) -> Account:
    """Open an account for an officer.

    Raises:
        django.core.exceptions.ValidationError: Name taken, password too weak, or a clerk
            without department; messages in Chinese.
        PermissionError: If the area lies outside the acting person's.
    """
    if not acting.covers(area_code):
        raise PermissionError("只能在自己的辖区内开设账号。")
    account = Account(
        username=username,
        role=role.value,
        area_code=area_code,
        display_name=display_name,
        department=department,
        invented=invented,
    )
    if not invented:
        validate_password(password, account)
    account.set_password(password)
    account.full_clean()
    account.save()
    audit.record(
        acting,
        "account_opened",
        subject="account",
        subject_id=account.pk,
        place_code=area_code,
        detail={"role": role.value},
    )
    return account


@transaction.atomic
def close_account(*, account_id: int, acting: Reader, reason: str) -> Account:
    """Close an account: it can no longer sign in; its history stays.

    What the officer was working on goes back to his place by ``leads.public.hand_back``.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if not acting.covers(account.area_code):
        raise PermissionError("只能停用自己辖区内的账号。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(
        acting,
        "account_closed",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
        reason=reason,
    )
    return account


@transaction.atomic
def reopen_account(*, account_id: int, acting: Reader) -> Account:
    """Let a closed account sign in again."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if not acting.covers(account.area_code):
        raise PermissionError("只能启用自己辖区内的账号。")
    account.is_active = True
    account.save(update_fields=["is_active"])
    audit.record(
        acting,
        "account_reopened",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
    )
    return account
