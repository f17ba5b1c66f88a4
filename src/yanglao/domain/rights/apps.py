"""Registers the app with Django."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Rights of the person over his data: consents, requests, legal holds."""

    name = "yanglao.domain.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"
