"""Registers the desk with Django."""

from django.apps import AppConfig


class PolicyRoomConfig(AppConfig):
    """The catalogue: items, sentences, who matches where."""

    name = "yanglao.web.desks.policy_room"
    label = "policy_room"
