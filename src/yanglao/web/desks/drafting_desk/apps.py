"""Registers the desk with Django."""

from django.apps import AppConfig


class DraftingDeskConfig(AppConfig):
    """Drafting desk."""

    name = "yanglao.web.desks.drafting_desk"
    label = "drafting_desk"
