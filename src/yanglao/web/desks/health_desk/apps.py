"""Registers the desk with Django."""

from django.apps import AppConfig


class HealthDeskConfig(AppConfig):
    """Health desk."""

    name = "yanglao.web.desks.health_desk"
    label = "health_desk"
