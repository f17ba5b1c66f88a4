"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.status_desk.views import first

urlpatterns = [path("", first.show, name="status_desk")]
