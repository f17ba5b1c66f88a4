"""Registers the app with Django."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: from found to delivered, with an officer and a due date."""

    name = "yanglao.domain.leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"
