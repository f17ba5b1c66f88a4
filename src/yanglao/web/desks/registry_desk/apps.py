"""Registers the desk with Django."""

from django.apps import AppConfig


class RegistryDeskConfig(AppConfig):
    """People: search and file."""

    name = "yanglao.web.desks.registry_desk"
    label = "registry_desk"
