"""Registers the API with Django: its page of documentation is a template."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The contract with other systems."""

    name = "yanglao.api"
    label = "api"
