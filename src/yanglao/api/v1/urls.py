"""Addresses of version 1. A key is asked for by the operations, not by the login page."""

from django.urls import URLPattern, path, re_path

from yanglao.api.v1.api import api, document, documentation, nowhere

app_name = "api-v1"

urlpatterns: list[URLPattern] = [
    path("", documentation, name="documentation"),
    path("openapi.json", document, name="openapi"),
    # ninja's own front page (api-root) is not served: nothing of ours asks for it.
    *(one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"),
    re_path(r"^(?P<rest>.*)$", nowhere, name="nowhere"),
]

for _pattern in urlpatterns:
    # Read by Django's LoginRequiredMiddleware: keys stand in for signing in.
    _pattern.callback.login_required = False  # type: ignore[attr-defined]
nowhere.csrf_exempt = True  # type: ignore[attr-defined]
document.csrf_exempt = documentation.csrf_exempt = True  # type: ignore[attr-defined]
