"""Registers the desk with Django."""

from django.apps import AppConfig


class InterfacesDeskConfig(AppConfig):
    """Other systems: their keys, and what is sent to them."""

    name = "yanglao.web.desks.interfaces_desk"
    label = "interfaces_desk"
