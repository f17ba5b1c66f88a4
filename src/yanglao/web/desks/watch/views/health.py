"""Whether the program lives, and whether it can answer."""

from django.db import Error
from django.http import HttpRequest, HttpResponse

from yanglao.domain.catalogue.public import versions
from yanglao.foundation.secrets import KeyProblem, key_ring
from yanglao.web.kit.screens import screen


@screen(None, public=True)
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 whenever a request can be answered at all; nothing else is asked."""
    return _plain("live", 200)


@screen(None, public=True)
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, keys and catalogue are there, else 503 and which is not."""
    try:
        published = versions().exists()
        key_ring()
    except Error:
        return _plain("no database", 503)
    except KeyProblem:
        return _plain("no keys", 503)
    return _plain("ready", 200) if published else _plain("no catalogue", 503)


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
