"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.health_desk.views import first

urlpatterns = [path("", first.show, name="health_desk")]
