"""Registers the app with Django."""

from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    """Entitlements: who gets what, why, and what changed since the last run."""

    name = "yanglao.domain.entitlements"
    label = "entitlements"
    default_auto_field = "django.db.models.BigAutoField"
