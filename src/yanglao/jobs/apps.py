"""Registers the jobs with Django, and their names with the worker."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Job wrappers."""

    name = "yanglao.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Bind every job name, and show the timetable to the worker."""
        # Models are there only now: these modules could not be imported at the top.
        import_module("yanglao.jobs.wrappers")
        import_module("yanglao.jobs.schedule")
        import_module("yanglao.jobs.webhooks")
