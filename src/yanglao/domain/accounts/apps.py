"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: who signs in, in which role, for which area."""

    name = "yanglao.domain.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
