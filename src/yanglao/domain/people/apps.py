"""Registers the app with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People: one file per elder, and every fact with its source and dates."""

    name = "yanglao.domain.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
