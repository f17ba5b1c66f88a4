"""Registers the desk with Django."""

from django.apps import AppConfig


class EntranceConfig(AppConfig):
    """Signing in, one's own account, and the rules of signing in."""

    name = "yanglao.web.desks.entrance"
    label = "entrance"
