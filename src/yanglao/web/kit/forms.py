"""Forms that look and speak alike: every widget gets its classes, help and error wiring here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from yanglao.web.kit.formats import file_size

_SELECTS = (forms.Select, forms.SelectMultiple)
_CHECKS = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


@dataclass(frozen=True, slots=True)
class FieldLook:
    """How a bound field is drawn.

    Attributes:
        kind: ``text``, ``area``, ``select``, ``check`` (one box), ``group`` (several), ``file``.
        html: The drawn control with ids of its help and error wired in.
        help_id: Id of the help line, empty without help.
        error_id: Id of the error line, empty without error.
    """

    kind: str
    html: str
    help_id: str
    error_id: str


def look_of(bound: BoundField) -> FieldLook:
    """Return the drawn control of a field and the ids around it."""
    widget = bound.field.widget
    kind = _kind(widget)
    base = bound.auto_id or bound.html_name
    help_id = f"{base}-help" if bound.help_text else ""
    error_id = f"{base}-error" if bound.errors else ""
    attrs: dict[str, Any] = {"class": _CLASSES[kind]}
    described = " ".join(part for part in (help_id, error_id) if part)
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] += " k-invalid"
    # What was refused is shown again, but not the one character that HTML cannot hold.
    drawn = bound.as_widget(attrs=attrs)
    html = mark_safe(drawn.replace("\x00", "\ufffd"))  # noqa: S308 - Django's own widget
    return FieldLook(kind, html, help_id, error_id)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, _CHECKS):
        return "group"
    if isinstance(widget, _SELECTS):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "area"
    return "file" if isinstance(widget, forms.FileInput) else "text"


_CLASSES = {
    "text": "input k-control",
    "area": "textarea k-control",
    "select": "select k-control",
    "check": "checkbox k-check",
    "group": "k-group",
    "file": "file-input k-control",
}


class DayField(forms.DateField):
    """A day, with the browser's own date control."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d",)


class ManyFilesInput(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files of given endings and size.

    Args:
        endings: Allowed endings with dot, lower case (``(".xlsx", ".csv")``).
        largest: Most bytes a file.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "ending": _("“%(name)s”不是可以读的文件，请用 %(endings)s。"),
        "large": _("“%(name)s”有 %(size)s，超过 %(largest)s，请分成几份再传。"),
    }

    def __init__(self, *, endings: Sequence[str], largest: int, **options: Any) -> None:
        self.endings = tuple(endings)
        self.largest = largest
        options.setdefault("widget", ManyFilesInput(attrs={"accept": ",".join(endings)}))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files.

        Raises:
            ValidationError: For each file with a wrong ending or too many bytes.
        """
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files: list[UploadedFile] = [super(ManyFilesField, self).clean(item) for item in given]
        if not files:
            super().clean(None, initial)
        errors = []
        for file in files:
            name = file.name or ""
            if not name.lower().endswith(self.endings):
                errors.append(self._error("ending", name=name, endings=" ".join(self.endings)))
            elif (file.size or 0) > self.largest:
                errors.append(
                    self._error(
                        "large",
                        name=name,
                        size=file_size(file.size),
                        largest=file_size(self.largest),
                    )
                )
        if errors:
            raise forms.ValidationError(errors)
        return files

    def _error(self, code: str, **params: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=params)
