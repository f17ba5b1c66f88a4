"""People in lists and heads."""

from typing import Any

from django.template import Library

from yanglao.web.kit.parts import Text, person_words


def person_line(
    name: str,
    sex: str = "",
    age: int | None = None,
    place: Text = "",
    url: str = "",
    more: Text = "",
) -> dict[str, Any]:
    """Draw a person in one line: bold name, then sex, age, place in normal weight."""
    return {"name": name, "words": person_words(sex, age, place, (more,)), "url": url}


def source(text: Text, url: str = "", url_text: Text = "") -> dict[str, Any]:
    """Draw the grey line under a claim: source, date, row, clause."""
    return {"text": text, "url": url, "url_text": url_text}


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    register.inclusion_tag("kit/parts/person_line.html")(person_line)
    register.inclusion_tag("kit/parts/source.html")(source)
