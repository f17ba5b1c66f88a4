"""Forms: fields with label, help and error, file drop zone, confirm dialog."""

from itertools import count
from typing import Any

from django.forms import BoundField, Form
from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yanglao.web.kit.forms import FieldLook, look_of
from yanglao.web.kit.parts import Text

_ids = count(1)


def field(bound: BoundField) -> dict[str, Any]:
    """Draw one field with label, help and error."""
    return {"field": bound, "look": look_of(bound)}


def form_fields(form: Form) -> dict[str, Any]:
    """Draw every field of a form, with the errors of the whole form on top."""
    pairs: list[tuple[BoundField, FieldLook]] = [
        (bound, look_of(bound)) for bound in form.visible_fields()
    ]
    return {"form": form, "pairs": pairs}


def form_errors(form: Form) -> dict[str, Any]:
    """Draw a summary of what is wrong, with links to the fields; nothing when all is well."""
    found = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"form": form, "found": found}


def file_drop(bound: BoundField, hint: Text = "") -> dict[str, Any]:
    """Draw a file field as a drop zone that lists the chosen files."""
    return {"field": bound, "look": look_of(bound), "hint": hint}


def confirm_button(
    context: Context,
    text: Text,
    url: str,
    question: Text,
    detail: Text = "",
    yes: Text = "",
    tone: str = "error",
    look: str = "btn",
    icon: str = "",
    name: str = "",
    value: str = "",
    undo: Text = "",
) -> dict[str, Any]:
    """Draw a button that asks in a dialog and then posts to ``url``.

    Args:
        context: Template context (for the CSRF token).
        text: Words on the button, what happens.
        url: Takes the POST.
        question: Heading of the dialog (把这 12 行退回公安局？).
        detail: What it means.
        yes: Words of the confirming button, by default ``text``.
        tone: ``primary`` or ``error``.
        look: CSS classes of the first button.
        icon: Lucide name.
        name: Name of a hidden field to send, with ``value``.
        value: Its value.
        undo: How it can be undone, or that it can't (此操作不能撤销).
    """
    return {
        "text": text,
        "url": url,
        "question": question,
        "detail": detail,
        "yes": yes or text,
        "tone": tone,
        "look": look,
        "icon": icon,
        "name": name,
        "value": value,
        "undo": undo,
        "id": f"confirm-{next(_ids)}",
        "csrf_token": context.get("csrf_token", ""),
    }


def form_actions(content: SafeString) -> SafeString:
    """Draw the row of buttons at the end of a form (the block)."""
    return format_html('<div class="k-form-actions">{}</div>', content)


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    register.inclusion_tag("kit/parts/field.html")(field)
    register.inclusion_tag("kit/parts/form_fields.html")(form_fields)
    register.inclusion_tag("kit/parts/form_errors.html")(form_errors)
    register.inclusion_tag("kit/parts/file_drop.html")(file_drop)
    register.inclusion_tag("kit/parts/confirm_button.html", takes_context=True)(confirm_button)
    register.simple_block_tag(form_actions)
