"""Registers the app with Django."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Clients: other systems that ask this one, or are told by it."""

    name = "yanglao.domain.clients"
    label = "clients"
    default_auto_field = "django.db.models.BigAutoField"
