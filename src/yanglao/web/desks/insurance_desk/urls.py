"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.insurance_desk.views import first

urlpatterns = [path("", first.show, name="insurance_desk")]
