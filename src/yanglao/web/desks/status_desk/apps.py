"""Registers the desk with Django."""

from django.apps import AppConfig


class StatusDeskConfig(AppConfig):
    """Status desk."""

    name = "yanglao.web.desks.status_desk"
    label = "status_desk"
