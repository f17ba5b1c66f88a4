"""How views of the desk look at a request: its reader, ids that were chosen, refusals said."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from yanglao.domain.assessments.public import Assessment, WrongMove, get_assessment
from yanglao.flows.assessment_rules import NoPackInForce
from yanglao.flows.read_assessment_form import NoForm
from yanglao.foundation.scoping import Reader

_MOST = 500


def reader_of(request: HttpRequest) -> Reader:
    """Return on whose behalf a screen reads."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


def found_assessment(request: HttpRequest, pk: int) -> Assessment:
    """Return an assessment of the reader's area.

    Raises:
        Http404: When there is none.
    """
    try:
        return get_assessment(reader_of(request), pk)
    except Assessment.DoesNotExist as missing:
        raise Http404 from missing


def chosen(request: HttpRequest, name: str = "chosen") -> list[int]:
    """Return the ids sent.

    Raises:
        BadRequest: When something else than ids was sent, or too many.
    """
    sent = request.POST.getlist(name)
    if len(sent) > _MOST or not all(text.isascii() and text.isdigit() for text in sent):
        raise BadRequest(_("一次最多办 %(most)d 条。") % {"most": _MOST})
    return [int(text[:18]) for text in sent]


def tried(request: HttpRequest, act: Callable[[], Any], done: str) -> Any:
    """Do something and say that it was done, or say why not; return what the act returned.

    Raises:
        PermissionDenied: When the role may not.
    """
    try:
        result = act()
    except (WrongMove, NoPackInForce, NoForm) as refusal:
        messages.error(request, str(refusal))
        return None
    except PermissionError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    messages.success(request, done)
    return True if result is None else result
