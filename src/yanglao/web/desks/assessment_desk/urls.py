"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.assessment_desk.views import first

urlpatterns = [path("", first.show, name="assessment_desk")]
