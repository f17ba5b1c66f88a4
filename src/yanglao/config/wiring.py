"""Plugs adapters into ports, once Django is ready."""

from django.apps import AppConfig
from django.conf import settings

from yanglao.adapters.webhooks.sending import HttpSender
from yanglao.foundation.ports import WebhookSender, plug


class WiringConfig(AppConfig):
    """The wiring as the last of the installed apps: everything it needs is there."""

    name = "yanglao.config"
    label = "wiring"

    def ready(self) -> None:
        """Plug in what settings ask for."""
        plug(WebhookSender, HttpSender(inside=settings.WEBHOOKS_INSIDE))  # type: ignore[type-abstract]
