"""Who reads, on every request; and what a page may load."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yanglao.domain.accounts.public import reader_of

Next = Callable[[HttpRequest], HttpResponse]

#: Everything comes from this server; ECharts and MapLibre need inline styles and a blob worker.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class ReaderMiddleware:
    """Put the :class:`~yanglao.foundation.scoping.Reader` of the account on the request.

    ``?place=`` narrows it for drilling down; it never widens it.
    """

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach ``request.reader`` (as far as the place asked for) and ``request.full_reader``."""
        if request.user.is_authenticated:
            full = reader_of(request.user)
            request.full_reader = full  # type: ignore[attr-defined]
            request.reader = full.narrowed(_asked_place(request))  # type: ignore[attr-defined]
        else:
            request.full_reader = None  # type: ignore[attr-defined]
            request.reader = None  # type: ignore[attr-defined]
        return self.get_response(request)


class ContentSecurityMiddleware:
    """Say to the browser that pages load nothing from anywhere else."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header; pages of people are never kept by shared caches."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


def _asked_place(request: HttpRequest) -> str | None:
    asked = request.GET.get("place", "")
    plain = len(asked) == 12 and asked.isascii() and asked.isdigit() and asked[0] != "0"
    return asked if plain else None
