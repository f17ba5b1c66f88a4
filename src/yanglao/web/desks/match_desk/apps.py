"""Registers the desk with Django."""

from django.apps import AppConfig


class MatchDeskConfig(AppConfig):
    """Runs of the match and what they changed."""

    name = "yanglao.web.desks.match_desk"
    label = "match_desk"
