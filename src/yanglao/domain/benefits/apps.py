"""Registers the app with Django."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Benefits."""

    name = "yanglao.domain.benefits"
    label = "benefits"
    default_auto_field = "django.db.models.BigAutoField"
