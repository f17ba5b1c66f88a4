"""Registers the desk with Django."""

from django.apps import AppConfig


class BenefitsDeskConfig(AppConfig):
    """Benefits desk."""

    name = "yanglao.web.desks.benefits_desk"
    label = "benefits_desk"
