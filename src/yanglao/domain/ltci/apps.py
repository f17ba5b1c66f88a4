"""Registers the app with Django."""

from django.apps import AppConfig


class LtciConfig(AppConfig):
    """Ltci."""

    name = "yanglao.domain.ltci"
    label = "ltci"
    default_auto_field = "django.db.models.BigAutoField"
