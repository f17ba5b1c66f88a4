"""Registers the desk with Django."""

from django.apps import AppConfig


class LinkingDeskConfig(AppConfig):
    """Who is who."""

    name = "yanglao.web.desks.linking_desk"
    label = "linking_desk"
