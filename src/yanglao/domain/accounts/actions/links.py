"""One-time links: how an account gets its first password, and another after a lost one."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.accounts.actions.attempts import unlock
from yanglao.domain.accounts.actions.passwords import put_password
from yanglao.domain.accounts.actions.second_factor import clear_factor
from yanglao.domain.accounts.actions.sessions import end_all_sessions
from yanglao.domain.accounts.models import Account, SetUpLink
from yanglao.domain.accounts.queries import link_digest, live_link, sign_in_rules
from yanglao.domain.accounts.types import Role, manages
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@transaction.atomic
def make_link(
    *, account_id: int, now: datetime, acting: Reader, clears_factor: bool = False
) -> str:
    """Make a one-time token for an account; return it, it is kept as a digest only.

    Earlier ones of the account stop working. The old password works until the link is used.

    Args:
        account_id: Whose.
        now: The machine's moment; the link works for ``SignInRules.link_hours`` from it.
        acting: An administrator of the account's area, or the command line.
        clears_factor: Also take the second factor off (the telephone is lost).

    Raises:
        PermissionError: When the account is not the acting person's to manage, or is closed.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if not acting.covers(account.area_code) or Role(account.role) not in manages(acting.role):
        raise PermissionError("只能为自己辖区内、归自己管理的账号重设密码。")
    if account.pk == acting.user_id:
        raise PermissionError("自己的密码请在“我的账号”里修改。")
    # An account that waits for approval is inactive as well; its link may be made beforehand.
    if not account.is_active and not account.awaits_approval:
        raise PermissionError("这个账号已停用，先启用再重设密码。")
    token = secrets.token_urlsafe(24)
    account.links.filter(used_at__isnull=True).update(ends_at=now)
    SetUpLink.objects.create(
        account=account,
        digest=link_digest(token),
        clears_factor=clears_factor,
        made_at=now,
        made_by=acting.name,
        ends_at=now + timedelta(hours=sign_in_rules().link_hours),
    )
    audit.record(
        acting,
        "set_up_link_made",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
        detail={"clears_factor": clears_factor},
    )
    return token


@transaction.atomic
def use_link(*, digest: str, password: str, now: datetime, acting: Reader) -> Account:
    """Set the password by a link; the link is spent, every session of the account ends.

    Raises:
        django.core.exceptions.ValidationError: The password will not do, or the link is spent,
            too old, or of a closed account (code ``"link"``).
    """
    link = live_link(digest, now)
    if link is None:
        raise ValidationError("链接已经用过或过期。", code="link")
    account = Account.objects.select_for_update().get(pk=link.account_id)
    put_password(account=account, new=password, now=now, acting=acting)
    # In one statement: of two requests with the same link one gets through.
    if not SetUpLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
        raise ValidationError("链接已经用过或过期。", code="link")
    if link.clears_factor:
        clear_factor(account=account, acting=acting)
    unlock(account=account, acting=acting)
    end_all_sessions(account_id=account.pk, acting=acting)
    return account
