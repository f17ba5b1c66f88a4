"""Registers the app with Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Assessments."""

    name = "yanglao.domain.assessments"
    label = "assessments"
    default_auto_field = "django.db.models.BigAutoField"
