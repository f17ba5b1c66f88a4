"""Registers the desk with Django."""

from django.apps import AppConfig


class AssessorPhoneConfig(AppConfig):
    """Assessor phone."""

    name = "yanglao.web.desks.assessor_phone"
    label = "assessor_phone"
