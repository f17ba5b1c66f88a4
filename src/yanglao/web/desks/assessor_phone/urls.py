"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.assessor_phone.views import first

urlpatterns = [path("", first.show, name="assessor_phone")]
