"""The kit as a Django app: brings its templates, static files, tags and menu discovery."""

from importlib import import_module

from django.apps import AppConfig
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.forms import (
    ChoiceField,
    DateField,
    DecimalField,
    Field,
    FileField,
    IntegerField,
    MultipleChoiceField,
    TimeField,
)
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
        _say_it_plainly()


def _say_it_plainly() -> None:
    """Put errors of forms in the words of an office; Django says "字段", "变量", "有效的选项"."""
    Field.default_error_messages["required"] = _("请填写这一项。")
    # Nor does it help to be shown again what was never on offer.
    for kind in (ChoiceField, MultipleChoiceField):
        kind.default_error_messages["invalid_choice"] = _("请从列出的里面选。")
    DateField.default_error_messages["invalid"] = _("请写成 2026-03-05 这样的日期。")
    TimeField.default_error_messages["invalid"] = _("请写成 09:30 这样的时间。")
    IntegerField.default_error_messages["invalid"] = _("请写整数，例如 12。")
    DecimalField.default_error_messages["invalid"] = _("请写数字，例如 12.5。")
    FileField.default_error_messages["empty"] = _("文件是空的，请重新选择。")
    MaxLengthValidator.message = _("最多 %(limit_value)d 个字，现在是 %(show_value)d 个。")
    MinLengthValidator.message = _("至少 %(limit_value)d 个字，现在是 %(show_value)d 个。")
    MaxValueValidator.message = _("不能大于 %(limit_value)s。")
    MinValueValidator.message = _("不能小于 %(limit_value)s。")
