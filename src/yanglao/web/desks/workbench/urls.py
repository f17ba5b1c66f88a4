"""Addresses of the workbench."""

from django.urls import URLPattern, path

from yanglao.web.desks.workbench.views import workbench

urlpatterns: list[URLPattern] = [
    path("", workbench.workbench, name="workbench"),
]
