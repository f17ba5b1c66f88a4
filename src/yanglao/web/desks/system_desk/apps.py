"""Registers the desk with Django."""

from django.apps import AppConfig


class SystemDeskConfig(AppConfig):
    """Accounts, places, jobs, audit."""

    name = "yanglao.web.desks.system_desk"
    label = "system_desk"
