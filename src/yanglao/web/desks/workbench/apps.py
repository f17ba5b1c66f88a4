"""Registers the desk with Django."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """今天要做的事: the first page of every role."""

    name = "yanglao.web.desks.workbench"
    label = "workbench"
