"""Keys: made once, counted with every request, revoked for good; and requests that act once."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When

from yanglao.domain.clients.models import ApiKey, KeptAnswer
from yanglao.domain.clients.types import (
    SCOPE_PERMISSIONS,
    Kept,
    NewKey,
    Purpose,
    Scope,
    Used,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import sm3_hex
from yanglao.kernel.whole_words import whole

#: A request that has not ended after this long was cut off: it may be tried again.
_CUT_OFF = timedelta(minutes=15)


@transaction.atomic
def issue_key(
    *,
    name: str,
    area_code: str,
    scopes: Sequence[str],
    purposes: Sequence[str],
    expires_on: date,
    acting: Reader,
    kinds: Sequence[str] = (),
    per_minute: int = 60,
    per_day: int = 10_000,
) -> NewKey:
    """Make a key; its secret is in the answer and nowhere else.

    Nobody gives more than he has: a key may do what its maker may, in a part of his area.

    Raises:
        PermissionError: When the area lies outside the acting person's, or a scope is beyond him.
        ValueError: For an unknown scope or purpose, no scope at all, or a day that has passed.
    """
    if not acting.covers(area_code):
        raise PermissionError("只能为自己辖区内的系统开通接口。")
    if not scopes or not set(scopes) <= set(Scope.values) or not set(purposes) <= set(Purpose):
        raise ValueError("请选择接口能做什么、用于什么。")
    wanted = {right for scope in scopes for right in SCOPE_PERMISSIONS[scope]}
    if not all(acting.can(right) for right in wanted):
        raise PermissionError("密钥的权限不能超过您自己的权限。")
    if expires_on <= clock.today():
        raise ValueError("有效期要晚于今天。")
    handle = "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(12))
    secret = f"yl_{handle}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=whole(name, 40, ValueError),
        handle=handle,
        digest=sm3_hex(secret.encode()),
        scopes=sorted(scopes),
        purposes=sorted(purposes),
        kinds=sorted(kinds),
        area_code=area_code,
        per_minute=per_minute,
        per_day=per_day,
        expires_on=expires_on,
        made_at=clock.now(),
        made_by=acting.name,
    )
    audit.record(
        acting,
        "api_key_issued",
        subject="api_key",
        subject_id=key.pk,
        place_code=area_code,
        detail={"scopes": key.scopes, "purposes": key.purposes, "until": expires_on.isoformat()},
    )
    return NewKey(key.pk, secret)


@transaction.atomic
def revoke_key(*, key_id: int, acting: Reader, reason: str) -> ApiKey:
    """End a key at once and for good.

    Raises:
        ApiKey.DoesNotExist: When it lies outside the acting person's area.
    """
    rows = within_area(ApiKey.objects.select_for_update(), acting, "area_code")
    key: ApiKey = rows.get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        key.revoked_by = acting.name
        key.save(update_fields=["revoked_at", "revoked_by"])
        audit.record(
            acting,
            "api_key_revoked",
            subject="api_key",
            subject_id=key.pk,
            place_code=key.area_code,
            reason=whole(reason, 200, ValueError),
        )
    return key


def count_use(*, key: ApiKey, acting: Reader) -> Used:
    """Count one request; say whether it is within the quota of its minute and its day.

    One statement counts, so that requests at the same moment are all counted.
    """
    now = clock.now().astimezone(clock.BEIJING)
    minute, day = f"{now:%Y-%m-%dT%H:%M}", f"{now:%Y-%m-%d}"
    ApiKey.objects.filter(pk=key.pk).update(
        day_count=Case(When(minute__startswith=day, then=F("day_count") + 1), default=Value(1)),
        minute_count=Case(When(minute=minute, then=F("minute_count") + 1), default=Value(1)),
        minute=minute,
        last_used_at=now,
    )
    seen = ApiKey.objects.filter(pk=key.pk).order_by("id")
    in_minute, in_day = seen.values_list("minute_count", "day_count").get()
    if in_day > key.per_day:
        tomorrow = clock.start_of(now.date() + timedelta(days=1))
        return Used(False, 0, max(1, int((tomorrow - now).total_seconds())))
    if in_minute > key.per_minute:
        return Used(False, 0, 60 - now.second)
    return Used(True, key.per_minute - in_minute, 0)


def start_answer(*, key: ApiKey, idempotency_key: str, asked: str, acting: Reader) -> Kept:
    """Begin a request that must not act twice, or find what came of it before.

    Args:
        key: Whose request.
        idempotency_key: As the other system sent it.
        asked: Digest of method, address and body.
        acting: The reader of the key.
    """
    try:
        with transaction.atomic():
            row = KeptAnswer.objects.create(
                key=key, idempotency_key=idempotency_key, asked=asked, made_at=clock.now()
            )
        return Kept(row.pk, None, "")
    except IntegrityError:
        return _known(key, idempotency_key, asked)


@transaction.atomic
def _known(key: ApiKey, idempotency_key: str, asked: str) -> Kept:
    rows = KeptAnswer.objects.select_for_update()
    row = rows.get(key=key, idempotency_key=idempotency_key)
    if row.asked != asked:
        return Kept(None, None, "other_body")
    if row.outcome is not None:
        return Kept(None, row.outcome, "")
    if clock.now() - row.made_at < _CUT_OFF:
        return Kept(None, None, "in_progress")
    row.made_at = clock.now()
    row.save(update_fields=["made_at"])
    return Kept(row.pk, None, "")


def keep_outcome(*, kept_id: int, outcome: dict[str, Any], acting: Reader) -> None:
    """Write down what came of a request, so that the same request gets the same answer."""
    KeptAnswer.objects.filter(pk=kept_id).update(outcome=outcome)


def let_go_answer(*, kept_id: int, acting: Reader) -> None:
    """Forget a request that did nothing (it was refused): it may be sent again, put right."""
    KeptAnswer.objects.filter(pk=kept_id, outcome__isnull=True).delete()


def forget_answers_before(*, moment: datetime, acting: Reader) -> int:
    """Forget requests older than a moment; return how many."""
    return KeptAnswer.objects.filter(made_at__lt=moment).delete()[0]
