"""Registers the app with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Access: grants to look outside one's area, and masked values that were opened."""

    name = "yanglao.domain.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
