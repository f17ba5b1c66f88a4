"""Registers the desk with Django."""

from django.apps import AppConfig


class ListsDeskConfig(AppConfig):
    """Lists in: upload, preview, verdicts."""

    name = "yanglao.web.desks.lists_desk"
    label = "lists_desk"
