"""Around every request: where it comes from, how long it takes, who reads, what a page may load."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yanglao.domain.accounts.public import note_seen, reader_of
from yanglao.foundation import clock
from yanglao.foundation.limits import Buckets
from yanglao.foundation.measures import REFUSED, VIEW_SECONDS
from yanglao.foundation.scoping import system_reader
from yanglao.web.kit.errors import too_many_requests
from yanglao.web.kit.nonces import new_nonce

Next = Callable[[HttpRequest], HttpResponse]

#: Everything comes from this server. A script runs only when the page names it with the word of
#: this very answer, or when such a script brings it; no style stands in the page itself.
POLICY = (
    "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: What no page of this program needs of a browser.
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
#: Headers that only a proxy of ours may set.
_PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class OriginMiddleware:
    """Find out from which address a request comes, and whether by https.

    What a proxy says counts only when the proxy is one of ``settings.TRUSTED_PROXIES``: anybody
    else could write himself another address, and get past every wait.
    """

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer; read the trusted addresses once."""
        self.get_response = get_response
        self.trusted = [ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set ``request.client_address``; take away what nobody trusted may say."""
        peer = request.META.get("REMOTE_ADDR", "")
        address = peer
        if self._is_trusted(peer):
            said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            steps = [one.strip() for one in said if one.strip()]
            address = next((one for one in reversed(steps) if not self._is_trusted(one)), peer)
            if request.META.get("HTTP_X_FORWARDED_PROTO", "").strip() == "https":
                request.META["wsgi.url_scheme"] = "https"
        else:
            for name in _PROXIED:
                request.META.pop(name, None)
        address = address if _is_address(address) else ""
        request.client_address = address  # type: ignore[attr-defined]
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in net for net in self.trusted)


class MeasureMiddleware:
    """Count answers and their seconds by the name of the screen."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure one answer."""
        begin = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        name = match.view_name if match is not None and match.view_name else "none"
        VIEW_SECONDS.labels(name, str(response.status_code)).observe(perf_counter() - begin)
        return response


class HeadersMiddleware:
    """Say to the browser what pages may do, on every answer there is."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers; by https, cookies never leave it."""
        nonce = new_nonce()
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        if request.is_secure():
            for morsel in response.cookies.values():
                morsel["secure"] = True
        return response


class LimitMiddleware:
    """Refuse whoever sends far more requests than a person can, by address and by account."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer; begin with full buckets."""
        self.get_response = get_response
        shares = settings.WEB_WORKERS
        self.by_address = Buckets(settings.REQUESTS_A_MINUTE["address"], shares)
        self.by_account = Buckets(settings.REQUESTS_A_MINUTE["account"], shares)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, or answer 429 and say when to go on."""
        if request.path.startswith(("/health/", "/static/")):
            return self.get_response(request)
        address: str = getattr(request, "client_address", "")
        wait, who = self.by_address.take(address), "address"
        if not wait and request.user.is_authenticated:
            wait, who = self.by_account.take(str(request.user.pk)), "account"
        if wait:
            REFUSED.labels(who).inc()
            return too_many_requests(request, int(wait) + 1)
        return self.get_response(request)


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


class OwnPagesMiddleware:
    """Pages of somebody who is signed in: kept by no cache; his session lives on by them."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Move the idle end of the session on, then answer."""
        row = getattr(request.session, "row", None)
        minutes = request.session.get("idle_minutes") if row is not None else None
        if row is not None and minutes and request.user.is_authenticated:
            acting = system_reader(name="登录")
            note_seen(session=row, idle_minutes=minutes, now=clock.machine_now(), acting=acting)
        response = self.get_response(request)
        if request.user.is_authenticated or request.path.startswith(("/login/", "/sign-in/")):
            response.setdefault("Cache-Control", "private, no-store")
        return response


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _asked_place(request: HttpRequest) -> str | None:
    asked = request.GET.get("place", "")
    plain = len(asked) == 12 and asked.isascii() and asked.isdigit() and asked[0] != "0"
    return asked if plain else None
