"""Every screen says who may open it and whether it reads or writes.

The decorator leaves a :class:`ScreenInfo` on the view; the architecture test and the walk over
every URL as every role read it. A screen shown by GET that writes to the database fails.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from yanglao.foundation.scoping import Reader

log = logging.getLogger(__name__)

View = Callable[..., Any]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITE = re.compile(
    r"^\s*(?:/\*.*?\*/\s*)*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|ALTER|DROP|CREATE|COPY)\b"
    r"(?:\s+(?:INTO|FROM|TABLE))?\s+[\"`]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)


_WITH_WRITE = re.compile(
    r"^\s*WITH\b.*\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+[\"`]?(\w+)[\"`]?\s+(?:SET\b|\(|WHERE\b|$)",
    re.IGNORECASE | re.DOTALL,
)


#: Set while a reading screen writes down what it gave away; see :func:`on_record`.
_on_record: ContextVar[bool] = ContextVar("on_record", default=False)


class WriteInReadingScreen(RuntimeError):
    """A screen opened by GET tried to change the database."""


@dataclass(frozen=True, slots=True)
class ScreenInfo:
    """What a screen declares about itself.

    Attributes:
        permission: Permission code needed; ``None`` means signed in is enough (or nobody needs to
            be, when ``public``).
        writes: The screen takes POST and changes data. Without it only GET is answered.
        public: Open without an account.
        leaves_trace: A GET may append to audit tables (reading something sensitive is recorded).
    """

    permission: str | None
    writes: bool
    public: bool
    leaves_trace: bool


def screen(
    permission: str | None,
    writes: bool = False,
    public: bool = False,
    leaves_trace: bool = False,
) -> Callable[[View], View]:
    """Declare a function view as a screen.

    Order of checks: signed in (else to the login page), permission (else 403 page), method (a
    reading screen answers 405 to POST), then the view under a guard that fails on database writes
    while the method is GET.

    Args:
        permission: Code asked of ``request.reader.can``; ``None`` for no particular one.
        writes: Whether the screen changes data on POST.
        public: Whether it is open without an account; excludes ``permission``.
        leaves_trace: Whether a GET may append to tables whose name contains ``audit``.

    Raises:
        ValueError: When ``public`` is combined with a permission.
    """
    if public and permission is not None:
        raise ValueError("a public screen cannot ask for a permission")
    info = ScreenInfo(permission, writes, public, leaves_trace)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            refusal = _refuse(request, info)
            if refusal is not None:
                return refusal
            if request.method in _SAFE:
                with no_writes(leaves_trace=leaves_trace):
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        guarded.screen = info  # type: ignore[attr-defined]
        if public:
            # Read by Django's LoginRequiredMiddleware.
            guarded.login_required = False  # type: ignore[attr-defined]
        return guarded

    return decorate


def screen_info(view: View) -> ScreenInfo | None:
    """Return what a view declares, ``None`` when it is no screen."""
    return cast("ScreenInfo | None", getattr(view, "screen", None))


def reader_can(reader: Reader, permission: str) -> bool:
    """Say whether the reader holds ``permission``."""
    return reader.can(permission)


def _refuse(request: HttpRequest, info: ScreenInfo) -> HttpResponse | None:
    reader: Reader | None = getattr(request, "reader", None)
    if not info.public and reader is None:
        return _to_login(request)
    if info.permission is not None and not (reader and reader_can(reader, info.permission)):
        raise PermissionDenied(str(_("您的角色没有打开这个页面的权限。")))
    if not info.writes and request.method not in _SAFE:
        return HttpResponseNotAllowed(sorted(_SAFE))
    return None


def _to_login(request: HttpRequest) -> HttpResponse:
    login_url = resolve_url(settings.LOGIN_URL)
    if not is_part(request):
        return redirect_to_login(request.get_full_path(), login_url)
    # A fragment can't show a login page inside itself: let htmx move the whole page.
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    response = HttpResponse(status=200)
    response["HX-Redirect"] = redirect_to_login(page, login_url).url
    return response


@contextmanager
def no_writes(*, leaves_trace: bool = False) -> Iterator[None]:
    """Fail (in DEBUG and tests) or log (in production) when the database is written inside.

    ``settings.KIT_GUARD_READS`` decides; by default it follows ``DEBUG``.
    """
    strict = bool(getattr(settings, "KIT_GUARD_READS", settings.DEBUG))

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        found = None
        if not _on_record.get():
            found = _WRITE.match(str(sql)) or _WITH_WRITE.match(str(sql))
        if found and not (leaves_trace and "audit" in found[2].lower()):
            text = f"a reading screen wrote to the database: {found[1].upper()} {found[2]}"
            if strict:
                raise WriteInReadingScreen(text)
            log.error(text)
        return execute(sql, params, many, context)

    # Look connections up without opening them: public pages may not touch the database at all.
    wrapped = [connections[alias] for alias in connections]
    for connection in wrapped:
        connection.execute_wrappers.append(watch)
    try:
        yield
    finally:
        for connection in wrapped:
            connection.execute_wrappers.remove(watch)


@contextmanager
def on_record() -> Iterator[None]:
    """Let a reading screen write down what leaves by it, and ask for a job that makes a long file.

    Only the kit's own downloads use it: reading data never changes data.
    """
    token = _on_record.set(True)
    try:
        yield
    finally:
        _on_record.reset(token)


def is_part(request: HttpRequest) -> bool:
    """Say whether htmx asks for a fragment (not a boosted page, not a history restore)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render_page_or_part(
    request: HttpRequest,
    page_template: str,
    part_template: str,
    context: dict[str, Any] | None = None,
    status: int | None = None,
) -> HttpResponse:
    """Render the whole page, or only its part when htmx asks.

    The page includes the part inside an element with an id, so both show the same content. The
    answer varies by ``HX-Request``, so that the browser's back button never shows a bare part.
    """
    template = part_template if is_part(request) else page_template
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
