"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.payments_desk.views import first

urlpatterns = [path("", first.show, name="payments_desk")]
