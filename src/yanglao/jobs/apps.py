"""Registers the jobs with Django, and their names with the worker."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig

import yanglao.jobs


class JobsConfig(AppConfig):
    """Job wrappers."""

    name = "yanglao.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Bind every job name, and show the timetable to the worker."""
        # Models are there only now: these modules could not be imported at the top.
        for module in sorted(one.name for one in iter_modules(yanglao.jobs.__path__)):
            import_module(f"yanglao.jobs.{module}")
