"""Letting accounts in: what one administrator opened, another approves."""

from django.db import transaction

from yanglao.domain.accounts.models import Account
from yanglao.domain.accounts.types import Role, manages
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@transaction.atomic
def approve_account(*, account_id: int, acting: Reader) -> Account:
    """Let an account in that the system administrator opened.

    Raises:
        PermissionError: If the acting person may not approve, opened it himself, or answers for
            another area; or the account waits for nothing.
    """
    account = account_to_manage(account_id, acting, "approve_accounts", "批准")
    if not account.awaits_approval:
        raise PermissionError("这个账号不在等待批准。")
    if acting.user_id is not None and acting.user_id == account.opened_by_id:
        raise PermissionError("不能批准自己开设的账号。")
    account.awaits_approval = False
    account.is_active = True
    account.save(update_fields=["awaits_approval", "is_active"])
    audit.record(
        acting,
        "account_approved",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
        detail={"role": account.role, "username": account.username},
    )
    return account


def account_to_manage(account_id: int, acting: Reader, permission: str, word: str) -> Account:
    """Return an account that the acting person may change, locked.

    Args:
        account_id: Which account.
        acting: Who wants to change it.
        permission: The permission it takes.
        word: The act in Chinese, for the refusal.

    Raises:
        Account.DoesNotExist: If there is none.
        PermissionError: If it lies outside his area or its role is not his to manage.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if not acting.covers(account.area_code):
        raise PermissionError(f"只能{word}自己辖区内的账号。")
    if not acting.can(permission) or Role(account.role) not in manages(acting.role):
        raise PermissionError(f"不能{word}这个角色的账号。")
    return account


def shutting_permission(acting: Reader) -> str:
    """Return the permission by which somebody shuts accounts out and lets them in again."""
    return "approve_accounts" if acting.role == Role.SECURITY_ADMIN else "manage_accounts"
