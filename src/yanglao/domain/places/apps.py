"""Registers the app with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places: the division trees and the three-level network that hangs on them."""

    name = "yanglao.domain.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
