"""The person a page is about, found in the reader's area or not at all."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.people.public import Person, get_person
from yanglao.web.kit.parts import Crumb


def found_person(request: HttpRequest, pk: int) -> Person:
    """Return the person.

    Raises:
        Http404: When there is none in the reader's area.
    """
    try:
        return get_person(request.reader, pk)  # type: ignore[attr-defined]
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def trail_of(person: Person, *words: str) -> list[Crumb]:
    """Return the way to a page about a person."""
    return [
        Crumb(person.name, reverse("registry_desk:file", args=[person.pk])),
        Crumb(_("个人信息"), reverse("privacy_desk:person", args=[person.pk])),
        *(Crumb(word) for word in words),
    ]


def put_back(form: Form, refusal: ValidationError) -> None:
    """Show what a door refused at its field."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, sentences in refusal.message_dict.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
