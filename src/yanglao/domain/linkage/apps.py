"""Registers the app with Django."""

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """Linkage."""

    name = "yanglao.domain.linkage"
    label = "linkage"
    default_auto_field = "django.db.models.BigAutoField"
