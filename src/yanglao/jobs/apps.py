"""Registers the jobs with Django, and their names with the worker."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Job wrappers."""

    name = "yanglao.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Bind every job name."""
        import_module("yanglao.jobs.wrappers")
