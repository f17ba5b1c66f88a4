"""Hooks: made, switched, and what is delivered to them."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from yanglao.domain.clients.models import Delivery, Hook
from yanglao.domain.clients.types import (
    RETRY_MINUTES,
    DeliveryState,
    EventKind,
    NewKey,
    Signing,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import seal
from yanglao.kernel.whole_words import whole


@transaction.atomic
def make_hook(
    *,
    name: str,
    url: str,
    area_code: str,
    events: Sequence[str],
    signing: str,
    acting: Reader,
) -> NewKey:
    """Make a hook; the secret that bodies are signed with is shown this once.

    The caller has asked the ``WebhookSender`` port whether the address may be called.

    Raises:
        PermissionError: When the area lies outside the acting person's.
        ValueError: For an unknown event or way of signing.
    """
    if not acting.covers(area_code):
        raise PermissionError("只能为自己辖区设置推送。")
    if not events or not set(events) <= set(EventKind.values) or signing not in Signing.values:
        raise ValueError("请选择要推送什么、怎样签名。")
    secret = f"ylh_{secrets.token_urlsafe(32)}"
    hook = Hook.objects.create(
        name=whole(name, 40, ValueError),
        url=whole(url, 500, ValueError),
        area_code=area_code,
        events=sorted(events),
        signing=signing,
        sealed_secret=seal("webhook", secret),
        made_at=clock.now(),
        made_by=acting.name,
    )
    audit.record(
        acting,
        "hook_made",
        subject="hook",
        subject_id=hook.pk,
        place_code=area_code,
        detail={"events": hook.events, "signing": signing},
    )
    return NewKey(hook.pk, secret)


@transaction.atomic
def switch_hook(*, hook_id: int, active: bool, acting: Reader) -> Hook:
    """Stop a hook, or let it go on; what waits meanwhile is sent then.

    Raises:
        Hook.DoesNotExist: When it lies outside the acting person's area.
    """
    hook: Hook = within_area(Hook.objects.select_for_update(), acting, "area_code").get(pk=hook_id)
    hook.active = active
    hook.save(update_fields=["active"])
    audit.record(
        acting,
        "hook_switched",
        subject="hook",
        subject_id=hook.pk,
        place_code=hook.area_code,
        detail={"active": active},
    )
    return hook


@transaction.atomic
def pass_on(
    *, event_id: int, kind: str, copies: Iterable[tuple[Hook, dict[str, Any]]], acting: Reader
) -> int:
    """Write one delivery for each hook; an event that was passed on already adds none."""
    now = clock.now()
    rows = [
        Delivery(hook=hook, event_id=event_id, kind=kind, body=body, made_at=now, next_at=now)
        for hook, body in copies
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def end_delivery(
    *, delivery: Delivery, status: int, note: str, arrived: bool, acting: Reader
) -> None:
    """Note what came of a try: sent, to be tried again later, or dead after the last one."""
    delivery.tries += 1
    delivery.status = status
    delivery.note = note[:300]
    now = clock.now()
    if arrived:
        delivery.state, delivery.next_at, delivery.ended_at = DeliveryState.SENT, None, now
    elif delivery.tries > len(RETRY_MINUTES):
        delivery.state, delivery.next_at, delivery.ended_at = DeliveryState.DEAD, None, now
    else:
        delivery.next_at = now + timedelta(minutes=RETRY_MINUTES[delivery.tries - 1])
    delivery.save(update_fields=["tries", "status", "note", "state", "next_at", "ended_at"])


@transaction.atomic
def send_again(*, delivery_id: int, acting: Reader) -> Delivery:
    """Put a delivery back to be sent at once, whatever became of it.

    Raises:
        Delivery.DoesNotExist: When its hook lies outside the acting person's area.
    """
    rows = within_area(Delivery.objects.select_for_update(), acting, "hook__area_code")
    delivery: Delivery = rows.get(pk=delivery_id)
    delivery.state, delivery.tries, delivery.ended_at = DeliveryState.WAITING, 0, None
    delivery.next_at = clock.now()
    delivery.save(update_fields=["state", "tries", "next_at", "ended_at"])
    audit.record(
        acting,
        "delivery_sent_again",
        subject="delivery",
        subject_id=delivery.pk,
        place_code=delivery.hook.area_code,
    )
    return delivery
