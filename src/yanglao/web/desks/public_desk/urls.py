"""Addresses of the public desk: the one page for everybody."""

from django.urls import URLPattern, path

from yanglao.web.desks.public_desk.views import self_check

urlpatterns: list[URLPattern] = [
    path("self/", self_check.self_check, name="self_check"),
]
