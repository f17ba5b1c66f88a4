"""Hooks of an area and their deliveries."""

from datetime import datetime

from django.db.models import QuerySet

from yanglao.domain.clients.models import Delivery, Hook
from yanglao.domain.clients.types import DeliveryState
from yanglao.foundation.scoping import EVERYWHERE, Reader, within_area
from yanglao.foundation.secrets import unseal
from yanglao.kernel.division import contains


def hooks(reader: Reader) -> QuerySet[Hook]:
    """Return the hooks whose area lies in the reader's, by place."""
    return within_area(Hook.objects.all(), reader, "area_code").order_by("area_code", "id")


def get_hook(reader: Reader, pk: int) -> Hook:
    """Return one hook.

    Raises:
        Hook.DoesNotExist: If there is none, or it lies outside the reader's area.
    """
    return hooks(reader).get(pk=pk)


def hooks_for(kind: str, place_code: str) -> list[Hook]:
    """Return the active hooks that want to hear of a kind of event at a place; for the worker.

    A hook hears when its area and the place of the event touch: one lies in the other.
    """
    found = Hook.objects.filter(active=True).order_by("id")
    return [
        hook
        for hook in found
        if kind in hook.events and _touch(hook.area_code, place_code or EVERYWHERE)
    ]


def _touch(one: str, other: str) -> bool:
    if EVERYWHERE in (one, other):
        return True
    return contains(one, other) or contains(other, one)


def deliveries(reader: Reader, *, hook_id: int | None = None) -> QuerySet[Delivery]:
    """Return the deliveries of the reader's hooks, the newest first."""
    rows = within_area(Delivery.objects.all(), reader, "hook__area_code")
    if hook_id is not None:
        rows = rows.filter(hook_id=hook_id)
    return rows.select_related("hook").order_by("-id")


def get_delivery(reader: Reader, pk: int) -> Delivery:
    """Return one delivery.

    Raises:
        Delivery.DoesNotExist: If there is none, or its hook lies outside the reader's area.
    """
    return deliveries(reader).get(pk=pk)


def due_deliveries(moment: datetime, most: int) -> list[Delivery]:
    """Return deliveries that are to be tried now, the oldest first; for the worker."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=moment)
    return list(rows.filter(hook__active=True).select_related("hook").order_by("id")[:most])


def waits_for_delivery(moment: datetime) -> bool:
    """Say whether a delivery is to be tried now."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=moment)
    return rows.filter(hook__active=True).exists()


def secret_of(hook: Hook) -> str:
    """Open the secret with which bodies for a hook are signed."""
    return unseal("webhook", bytes(hook.sealed_secret))
