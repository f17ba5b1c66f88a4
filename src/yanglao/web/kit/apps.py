"""The kit as a Django app: brings its templates, static files, tags and menu discovery."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    """Registers the kit and collects the ``menu`` module of every installed desk."""

    name = "yanglao.web.kit"
    label = "kit"
    verbose_name = "页面部件"

    def ready(self) -> None:
        """Import ``<app>.menu`` of every installed app, so that desks appear in the left menu."""
        autodiscover_modules("menu")
