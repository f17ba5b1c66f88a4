"""The kit alone, with its gallery: addresses for the tests of the kit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from yanglao.web.kit import urls as kit
from yanglao.web.kit.gallery.urls import patterns
from yanglao.web.kit.screens import screen


@screen(None, public=True)
def login(request: HttpRequest) -> HttpResponse:
    """Stand in for the login page."""
    return render(request, "kit/gallery/elder.html")


own = [pattern for pattern in kit.urlpatterns if pattern not in patterns]
urlpatterns = [
    path("kit/", include(([*own, *patterns], "kit"))),
    path("login/", login, name="login"),
]
