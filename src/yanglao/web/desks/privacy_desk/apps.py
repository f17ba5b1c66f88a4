"""Registers the desk with Django."""

from django.apps import AppConfig


class PrivacyDeskConfig(AppConfig):
    """What people ask about their data, and access outside one's area."""

    name = "yanglao.web.desks.privacy_desk"
    label = "privacy_desk"
