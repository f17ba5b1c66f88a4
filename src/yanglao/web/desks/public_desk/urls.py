"""Addresses of the public desk: the door for officers, and the one page for everybody."""

from django.urls import URLPattern, path

from yanglao.web.desks.public_desk.views import entrance, self_check

urlpatterns: list[URLPattern] = [
    path("login/", entrance.sign_in, name="login"),
    path("logout/", entrance.sign_out, name="logout"),
    path("self/", self_check.self_check, name="self_check"),
]
