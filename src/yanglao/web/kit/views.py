"""The one screen of the kit itself: choosing the look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from yanglao.web.kit.frame import THEME_COOKIE, THEMES
from yanglao.web.kit.screens import screen

_YEAR = 365 * 24 * 3600


@screen(None, writes=True, public=True)
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the look chosen (``theme``) in a cookie and go back to ``next``."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    chosen = request.POST.get("theme", "")
    if request.method == "POST" and chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response
