"""Registers the desk with Django."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Whether the machine is well: for the machines that watch it, not for people."""

    name = "yanglao.web.desks.watch"
    label = "watch"
