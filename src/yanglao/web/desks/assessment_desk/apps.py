"""Registers the desk with Django."""

from django.apps import AppConfig


class AssessmentDeskConfig(AppConfig):
    """Assessment desk."""

    name = "yanglao.web.desks.assessment_desk"
    label = "assessment_desk"
