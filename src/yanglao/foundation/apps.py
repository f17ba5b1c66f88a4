"""Registers the foundation with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Audit entries and jobs: the two tables that belong to no subject."""

    name = "yanglao.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
