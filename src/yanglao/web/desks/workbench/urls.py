"""Addresses of the workbench."""

from django.urls import URLPattern, path

from yanglao.web.desks.workbench.views import password, workbench

urlpatterns: list[URLPattern] = [
    path("", workbench.workbench, name="workbench"),
    path("password/", password.password_change, name="password_change"),
]
