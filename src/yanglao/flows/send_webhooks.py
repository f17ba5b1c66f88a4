"""Events go out: from the outbox to each hook that wants them, signed, again and again until taken.

A body names things by id and says where to ask for more; it never carries anything of a person.
The signature is over ``<moment>.<body>``, so that an old body cannot be sent again as a new one.
"""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as national

from yanglao.domain.clients.public import (
    Delivery,
    EventKind,
    Hook,
    Signing,
    due_deliveries,
    end_delivery,
    forget_answers_before,
    hooks_for,
    pass_on,
    secret_of,
    waits_for_delivery,
)
from yanglao.domain.entitlements.public import change_counts_of
from yanglao.foundation import clock, outbox
from yanglao.foundation.models import OutboxEvent
from yanglao.foundation.ports import Sent, WebhookSender, plugged
from yanglao.foundation.scoping import Reader, system_reader

#: Events and deliveries of one round: a round must leave the worker to others soon.
_AT_ONCE = 200
_KEPT_DAYS = 30
_ANSWERS_DAYS = 7
#: Where to ask for more, by kind of event; filled from the event's body.
_LINKS = {
    EventKind.LIST_TAKEN_IN: "/api/v1/lists?batch={batch}",
    EventKind.FINDINGS_CHANGED: "/api/v1/changes?run={run}",
    EventKind.LEAD_MOVED: "/api/v1/leads?changed_since={since}",
}


def anything_to_send() -> bool:
    """Say whether a round would do anything."""
    return outbox.anything_new() or waits_for_delivery(clock.now())


def send_webhooks() -> dict[str, int]:
    """Make one round: pass new events on, try what is due; return counts for the job's row.

    Safe to run twice: an event is passed on once to each hook, and a hook can tell a delivery that
    comes twice by its id.
    """
    acting = system_reader(name="推送")
    passed = _fan_out(acting)
    sent, failed = _try_due(acting)
    _tidy(acting)
    return {"events": passed, "sent": sent, "failed": failed}


def signature(secret: str, signing: str, moment: int, body: bytes) -> str:
    """Return the signature of a body: ``<algorithm>=<hex>`` over ``<moment>.<body>``.

    Args:
        secret: Of the hook.
        signing: ``"sha256"`` (HMAC-SHA256) or ``"sm3"`` (HMAC-SM3, GB/T 32905-2016).
        moment: Unix seconds, also sent as ``Yanglao-Moment``.
        body: The bytes sent.
    """
    text = f"{moment}.".encode() + body
    if signing == Signing.SM3:
        mac = national.HMAC(secret.encode(), hashes.SM3())
        mac.update(text)
        return f"sm3={mac.finalize().hex()}"
    return f"sha256={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def _fan_out(acting: Reader) -> int:
    events = outbox.new_events(_AT_ONCE)
    for event in events:
        copies = [
            (hook, body)
            for hook in hooks_for(event.kind, event.place_code)
            if (body := _body(event, hook)) is not None
        ]
        pass_on(event_id=event.pk, kind=event.kind, copies=copies, acting=acting)
    outbox.mark_passed_on(event.pk for event in events)
    return len(events)


def _body(event: OutboxEvent, hook: Hook) -> dict[str, Any] | None:
    """Return what one hook is told of an event; ``None`` when it is nothing to him."""
    told = dict(event.body)
    if event.kind == EventKind.FINDINGS_CHANGED:
        # Counted in the hook's own area: what a neighbour's run changed is not his business.
        counts = _changes_in(hook.area_code, int(told["run"]))
        if counts is None:
            return None
        told |= counts
    # A minute early: whoever asks by the moment must not miss the act itself.
    since = (event.at - timedelta(minutes=1)).astimezone(clock.BEIJING).isoformat("T", "seconds")
    link = _LINKS[EventKind(event.kind)].format(**told, since=since.replace("+", "%2B"))
    return {
        "event": event.kind,
        "at": event.at.astimezone(clock.BEIJING).isoformat(timespec="seconds"),
        "place_code": event.place_code,
        "link": link,
        "data": told,
    }


def _changes_in(area: str, run_id: int) -> dict[str, int] | None:
    """Count what a run changed in an area; ``None`` when that is nothing."""
    counts = change_counts_of(system_reader(area), run_id)
    return None if counts is None else {"new": 0, "lost": 0, "changed": 0, **counts}


def _try_due(acting: Reader) -> tuple[int, int]:
    sender = plugged(WebhookSender)  # type: ignore[type-abstract]
    sent = failed = 0
    silent: set[int] = set()
    for delivery in due_deliveries(clock.now(), _AT_ONCE):
        if delivery.hook_id in silent:
            # Whoever did not answer a moment ago need not be waited for again in this round.
            answer = Sent(0, "上一次推送没有回应，稍后再试")
        else:
            answer = _send(sender, delivery)
        if not answer.arrived:
            silent.add(delivery.hook_id)
        end_delivery(
            delivery=delivery,
            status=answer.status,
            note=answer.note,
            arrived=answer.arrived,
            acting=acting,
        )
        sent, failed = sent + answer.arrived, failed + (not answer.arrived)
    return sent, failed


def _send(sender: WebhookSender, delivery: Delivery) -> Sent:
    hook = delivery.hook
    body = json.dumps(
        {"id": delivery.pk, **delivery.body}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    moment = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "yanglao-webhook/1",
        "Yanglao-Event": delivery.kind,
        "Yanglao-Delivery": str(delivery.pk),
        "Yanglao-Moment": str(moment),
        "Yanglao-Signature": signature(secret_of(hook), hook.signing, moment, body),
    }
    return sender.send(url=hook.url, headers=headers, body=body)


def _tidy(acting: Reader) -> None:
    """Forget what nobody will ask for any more."""
    now = clock.now()
    outbox.forget_before(now - timedelta(days=_KEPT_DAYS))
    forget_answers_before(moment=now - timedelta(days=_ANSWERS_DAYS), acting=acting)
