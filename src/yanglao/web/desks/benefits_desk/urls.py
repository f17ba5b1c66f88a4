"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.benefits_desk.views import first

urlpatterns = [path("", first.show, name="benefits_desk")]
