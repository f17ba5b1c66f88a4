"""Registers the desk with Django."""

from django.apps import AppConfig


class PaymentsDeskConfig(AppConfig):
    """Payments desk."""

    name = "yanglao.web.desks.payments_desk"
    label = "payments_desk"
