"""Registers the desk with Django."""

from django.apps import AppConfig


class PublicDeskConfig(AppConfig):
    """我能享受什么: open to everybody, keeps nothing."""

    name = "yanglao.web.desks.public_desk"
    label = "public_desk"
