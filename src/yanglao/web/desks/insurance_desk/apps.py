"""Registers the desk with Django."""

from django.apps import AppConfig


class InsuranceDeskConfig(AppConfig):
    """Insurance desk."""

    name = "yanglao.web.desks.insurance_desk"
    label = "insurance_desk"
