"""Registers the app with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Catalogue: published versions of the policy packs."""

    name = "yanglao.domain.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
