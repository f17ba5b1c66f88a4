"""Registers the app with Django."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Health."""

    name = "yanglao.domain.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"
