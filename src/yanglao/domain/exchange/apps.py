"""Registers the app with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Exchange: lists that departments hand over, row by row accepted or returned."""

    name = "yanglao.domain.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
