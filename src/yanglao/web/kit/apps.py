"""The kit as a Django app: brings its templates, static files, tags and menu discovery."""

from importlib import import_module

from django.apps import AppConfig
from django.forms import ChoiceField, Field, MultipleChoiceField
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    """Registers the kit and collects the ``menu`` module of every installed desk."""

    name = "yanglao.web.kit"
    label = "kit"
    verbose_name = "页面部件"

    def ready(self) -> None:
        """Import ``<app>.menu`` of every installed app, so that desks appear in the left menu."""
        autodiscover_modules("menu")
        # Binds the job that makes long files; models are there only now.
        import_module("yanglao.web.kit.downloads")
        # Django says "这个字段是必填项"; nobody outside an office of programmers says 字段.
        Field.default_error_messages["required"] = _("请填写这一项。")
        # Nor does it help to be shown again what was never on offer.
        for kind in (ChoiceField, MultipleChoiceField):
            kind.default_error_messages["invalid_choice"] = _("请从列出的里面选。")
