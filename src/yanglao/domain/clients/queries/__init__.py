"""Reads: keys and hooks of an area, and what a key shown in a request stands for."""

from yanglao.domain.clients.queries.hooks import (
    deliveries,
    due_deliveries,
    get_delivery,
    get_hook,
    hooks,
    hooks_for,
    secret_of,
    waits_for_delivery,
)
from yanglao.domain.clients.queries.keys import get_key, key_shown, keys, reader_of_key

__all__ = [
    "deliveries",
    "due_deliveries",
    "get_delivery",
    "get_hook",
    "get_key",
    "hooks",
    "hooks_for",
    "key_shown",
    "keys",
    "reader_of_key",
    "secret_of",
    "waits_for_delivery",
]
