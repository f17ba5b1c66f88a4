"""What the record of acts needs of every request: where it comes from, and what was refused."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from yanglao.domain.access.public import with_grants
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.errors import forbidden

Next = Callable[[HttpRequest], HttpResponse]


class RecordMiddleware:
    """Let every entry of the record say from where; write down what an account was refused.

    Stands behind the reader's layer: who asks is known by then.
    """

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the origin of everything that is written down meanwhile."""
        address = getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR", "")
        with audit.came_from(address, request.headers.get("User-Agent", "")):
            reader = _with_grants(request)
            response = self.get_response(request)
            if response.status_code == 403 and reader is not None:
                _write_down(request, reader)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 403 where a door refused what a screen had let through."""
        if isinstance(exception, PermissionError) and exception.errno is None:
            return forbidden(request, exception)
        return None


def _with_grants(request: HttpRequest) -> Reader | None:
    """Give the reader the grants that are in force today; one query for those who open files."""
    full: Reader | None = getattr(request, "full_reader", None)
    if full is not None and full.can("see_people"):
        full = with_grants(full, clock.today())
        request.full_reader = full  # type: ignore[attr-defined]
        request.reader = replace(request.reader, sights=full.sights)  # type: ignore[attr-defined]
    return full


def _write_down(request: HttpRequest, reader: Reader) -> None:
    match = request.resolver_match
    name = match.view_name if match is not None else ""
    asked = {key: str(value) for key, value in (match.kwargs if match is not None else {}).items()}
    audit.refused(
        reader,
        "access_refused",
        subject="screen",
        subject_id=name,
        place_code=reader.area,
        detail={"method": request.method, **asked},
    )
