"""Registers the app with Django."""

from django.apps import AppConfig


class StatusesConfig(AppConfig):
    """Statuses."""

    name = "yanglao.domain.statuses"
    label = "statuses"
    default_auto_field = "django.db.models.BigAutoField"
