"""The second factor: a code of six digits that the officer's telephone makes (RFC 6238).

The seed is sealed; a code is taken once, also within its own half minute; the clock of a telephone
may be half a minute off. Ten codes on paper stand in for a lost telephone, each once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp
from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.accounts.models import Account, BackupCode
from yanglao.domain.accounts.queries import sign_in_rules
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import blind_index, seal, unseal

_PURPOSE = "accounts.account.factor"
_CODES = "accounts.backup_code"
_STEP_SECONDS = 30
#: Steps that a telephone's clock may be off, either way.
_DRIFT = 1
_HOW_MANY_CODES = 10
#: Without letters and digits that are taken for each other on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Draft:
    """A seed that was made and waits for its first code: for typing in, and as an address."""

    seed: str
    uri: str


@transaction.atomic
def draft_second_factor(*, account_id: int, issuer: str, acting: Reader, anew: bool) -> Draft:
    """Make a seed (or return the one that waits already) for the telephone to learn.

    Args:
        account_id: Whose.
        issuer: Name of the platform, as the telephone shows it.
        acting: The account itself, or the door while it signs in.
        anew: Throw a waiting one away.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.factor_draft is None or anew:
        account.factor_draft = seal(_PURPOSE, pyotp.random_base32())
        account.save(update_fields=["factor_draft"])
    seed = unseal(_PURPOSE, account.factor_draft)
    uri = pyotp.TOTP(seed).provisioning_uri(name=account.username, issuer_name=issuer)
    return Draft(seed, uri)


@transaction.atomic
def confirm_second_factor(
    *, account_id: int, code: str, now: datetime, acting: Reader
) -> list[str]:
    """Take the waiting seed into use after its first right code; return codes for paper.

    Raises:
        django.core.exceptions.ValidationError: When the code does not fit.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.factor_draft is None:
        raise ValidationError("请先用手机扫一扫上面的图。")
    step = _fitting_step(unseal(_PURPOSE, account.factor_draft), code, now)
    if step is None:
        raise ValidationError(
            "动态码不对。请看手机上现在显示的 6 位数字；"
            "如果一直不对，请检查手机的时间是不是自动设置。"
        )
    account.factor_seed, account.factor_draft = account.factor_draft, None
    account.factor_step = step
    account.save(update_fields=["factor_seed", "factor_draft", "factor_step"])
    _record(acting, "second_factor_set", account)
    return _new_codes(account)


def take_code(*, account_id: int, code: str, now: datetime, acting: Reader) -> bool:
    """Say whether a code opens the door now, and never takes the same one again.

    Args:
        account_id: Whose.
        code: Six digits of the telephone, or one of the codes on paper.
        now: The machine's moment.
        acting: The door.
    """
    account = Account.objects.get(pk=account_id)
    if account.factor_seed is None:
        return False
    step = _fitting_step(unseal(_PURPOSE, account.factor_seed), code, now)
    if step is not None:
        # In one statement: of two requests with the same code one gets through.
        return bool(
            Account.objects.filter(pk=account_id, factor_step__lt=step).update(factor_step=step)
        )
    digest = _digest(code)
    with transaction.atomic():
        used = BackupCode.objects.filter(
            account_id=account_id, digest=digest, used_at__isnull=True
        ).update(used_at=now)
        if used:
            _record(acting, "backup_code_used", account)
    return bool(used)


@transaction.atomic
def renew_backup_codes(*, account_id: int, acting: Reader) -> list[str]:
    """Throw the codes on paper away and return new ones; they are shown once.

    Raises:
        PermissionError: For somebody else's account, or one without a second factor.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if acting.user_id != account.pk or not account.has_second_factor:
        raise PermissionError("只能给自己的账号换备用码。")
    _record(acting, "backup_codes_renewed", account)
    return _new_codes(account)


@transaction.atomic
def take_off_second_factor(*, account_id: int, password: str, acting: Reader) -> Account:
    """Take one's own second factor off.

    Raises:
        django.core.exceptions.ValidationError: The password is wrong, or the role needs one.
        PermissionError: For somebody else's account.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if acting.user_id != account.pk:
        raise PermissionError("只能关闭自己的第二道验证。")
    if account.role in sign_in_rules().second_factor_roles:
        raise ValidationError("您的角色必须使用第二道验证，不能关闭。")
    if not account.check_password(password):
        raise ValidationError("密码不对。")
    clear_factor(account=account, acting=acting)
    return account


def clear_factor(*, account: Account, acting: Reader) -> None:
    """Take the second factor of an account off, codes on paper included."""
    account.factor_seed = account.factor_draft = None
    account.save(update_fields=["factor_seed", "factor_draft"])
    BackupCode.objects.filter(account=account).delete()
    _record(acting, "second_factor_taken_off", account)


def _fitting_step(seed: str, code: str, now: datetime) -> int | None:
    """Return the time step that a code belongs to, if it is one of those near now."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    present = int(now.timestamp()) // _STEP_SECONDS
    codes = pyotp.TOTP(seed)
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if compare_digest(codes.generate_otp(step), digits):
            found = step
    return found


def _digest(code: str) -> bytes:
    plain = "".join(letter for letter in code.casefold() if letter in _LETTERS)
    return blind_index(_CODES, plain)


def _new_codes(account: Account) -> list[str]:
    BackupCode.objects.filter(account=account).delete()
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(_HOW_MANY_CODES)]
    BackupCode.objects.bulk_create(
        BackupCode(account=account, digest=_digest(code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _record(acting: Reader, action: str, account: Account) -> None:
    audit.record(
        acting,
        action,
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
    )
