"""Setting a password: what it must be like, and that earlier ones do not come back."""

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.accounts.models import Account, PastPassword
from yanglao.domain.accounts.queries import sign_in_rules
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@transaction.atomic
def change_password(
    *, account_id: int, old: str, new: str, now: datetime, acting: Reader
) -> Account:
    """Change one's own password. Every other session of the account ends by it.

    Raises:
        django.core.exceptions.ValidationError: The old one is wrong (code ``"old"``), or the new
            one will not do; messages in Chinese.
        PermissionError: For somebody else's account.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if acting.user_id != account.pk:
        raise PermissionError("只能修改自己的密码。")
    if not account.check_password(old):
        raise ValidationError("现在的密码不对。", code="old")
    put_password(account=account, new=new, now=now, acting=acting)
    return account


@transaction.atomic
def put_password(*, account: Account, new: str, now: datetime, acting: Reader) -> None:
    """Set a password after checking it against the rules and the earlier ones.

    Raises:
        django.core.exceptions.ValidationError: When it will not do.
    """
    validate_password(new, account)
    remembered = sign_in_rules().passwords_remembered
    past = list(PastPassword.objects.filter(account=account)[:remembered])
    hashes = [one.password for one in past]
    if account.has_usable_password():
        hashes.insert(0, account.password)
    if any(check_password(new, one) for one in hashes[:remembered]):
        raise ValidationError(f"最近 {remembered} 次用过的密码不能再用，请换一个。")
    if account.has_usable_password():
        PastPassword.objects.create(account=account, password=account.password, set_at=now)
    kept = PastPassword.objects.filter(account=account).values_list("pk", flat=True)[:remembered]
    PastPassword.objects.filter(account=account).exclude(pk__in=list(kept)).delete()
    account.set_password(new)
    account.password_set_at = now
    account.save(update_fields=["password", "password_set_at"])
    audit.record(
        acting,
        "password_set",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
    )
