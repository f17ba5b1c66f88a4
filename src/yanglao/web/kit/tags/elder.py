"""Parts of the public, elder-friendly pages."""

from typing import Any

from django.template import Library

from yanglao.web.kit.parts import Text


def choice_button(
    text: Text, name: str, value: str, chosen: bool = False, quiet: bool = False, note: Text = ""
) -> dict[str, Any]:
    """Draw one big answer (a submit button) of a question page; ``quiet`` for 不清楚."""
    return {
        "text": text,
        "name": name,
        "value": value,
        "chosen": chosen,
        "quiet": quiet,
        "note": note,
    }


def read_aloud(target: str = "main") -> dict[str, Any]:
    """Draw the button that reads the element ``target`` (id) aloud by the browser's own voice."""
    return {"target": target}


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    register.inclusion_tag("kit/parts/choice_button.html")(choice_button)
    register.inclusion_tag("kit/parts/read_aloud.html")(read_aloud)
