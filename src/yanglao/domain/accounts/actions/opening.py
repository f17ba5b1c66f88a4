"""Making, changing and closing accounts."""

from functools import lru_cache

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.accounts.actions.approving import account_to_manage, shutting_permission
from yanglao.domain.accounts.actions.sessions import end_all_sessions
from yanglao.domain.accounts.models import Account
from yanglao.domain.accounts.types import ADMINISTRATORS, ROLE_LABELS, Role, manages
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import at_field, whole


@lru_cache(maxsize=1)
def _hash_of_demo(password: str) -> str:
    """Return the hash of a demo's password: it is printed, and the same for all of its accounts."""
    return make_password(password)


@transaction.atomic
def open_account(
    *,
    username: str,
    role: Role,
    area_code: str,
    display_name: str,
    acting: Reader,
    password: str | None = None,
    department: str = "",
    invented: bool = False,
) -> Account:
    """Open an account for an officer; without a password it waits for its one-time link.

    What the system administrator opens cannot sign in until the security administrator approves
    it. Administrators are opened by the command line only, and no person holds two such roles.

    Raises:
        django.core.exceptions.ValidationError: Name taken, password too weak, or a clerk
            without department; messages in Chinese.
        PermissionError: If the area lies outside the acting person's, or the role is not one
            that he may give.
    """
    if not acting.covers(area_code):
        raise PermissionError("只能在自己的辖区内开设账号。")
    if not acting.can("manage_accounts") or role not in manages(acting.role):
        raise PermissionError("不能开设这个角色的账号。")
    display_name = whole(display_name, 40, at_field("display_name", ValidationError))
    if role in ADMINISTRATORS:
        _refuse_second_office(display_name, role)
    waits = acting.role == Role.SYSTEM_ADMIN
    account = Account(
        username=username,
        role=role.value,
        area_code=area_code,
        display_name=display_name,
        department=department,
        invented=invented,
        is_active=not waits,
        awaits_approval=waits,
        opened_by_id=acting.user_id,
    )
    if password is not None and not invented:
        validate_password(password, account)
    if invented and password is not None:
        account.password = _hash_of_demo(password)
    else:
        account.set_password(password)
    account.full_clean()
    account.save()
    audit.record(
        acting,
        "account_opened",
        subject="account",
        subject_id=account.pk,
        place_code=area_code,
        detail={"role": role.value, "username": username, "awaits_approval": waits},
    )
    return account


def _refuse_second_office(display_name: str, role: Role) -> None:
    """Refuse to make one person two administrators."""
    held = Account.objects.filter(
        role__in=[one.value for one in ADMINISTRATORS - {role}],
        display_name=display_name,
        is_active=True,
    )
    other = held.order_by("pk").first()
    if other is not None:
        raise ValidationError(
            f"{display_name}已经是{ROLE_LABELS[Role(other.role)]}。"
            "三员分立：一个人不能兼任两种管理员，请换一个人。"
        )


@transaction.atomic
def close_account(*, account_id: int, acting: Reader, reason: str) -> Account:
    """Close an account: it can no longer sign in; its history stays.

    What the officer was working on goes back to his place by ``leads.public.hand_back``.

    Raises:
        PermissionError: If the account lies outside the acting person's area, its role is not
            his to manage, or it is his own.
    """
    account = account_to_manage(account_id, acting, shutting_permission(acting), "停用")
    if account.pk == acting.user_id:
        raise PermissionError("不能停用自己的账号。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_all_sessions(account_id=account.pk, acting=acting)
    audit.record(
        acting,
        "account_closed",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
        reason=whole(reason, 200, at_field("reason", ValidationError)),
    )
    return account


@transaction.atomic
def reopen_account(*, account_id: int, acting: Reader) -> Account:
    """Let a closed account sign in again.

    Raises:
        PermissionError: As :func:`close_account`; or the account was never approved.
    """
    account = account_to_manage(account_id, acting, shutting_permission(acting), "启用")
    if account.awaits_approval:
        raise PermissionError("这个账号还没有经安全管理员批准。")
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
