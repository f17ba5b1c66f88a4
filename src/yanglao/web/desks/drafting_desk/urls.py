"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.drafting_desk.views import first

urlpatterns = [path("", first.show, name="drafting_desk")]
