"""Registers the desk with Django."""

from django.apps import AppConfig


class LeadsDeskConfig(AppConfig):
    """Leads: from found to delivered."""

    name = "yanglao.web.desks.leads_desk"
    label = "leads_desk"
