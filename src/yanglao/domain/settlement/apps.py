"""Registers the app with Django."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Settlement."""

    name = "yanglao.domain.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"
