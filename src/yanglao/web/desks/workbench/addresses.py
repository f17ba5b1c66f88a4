"""Addresses of other desks; a desk that is not part of the installation has none."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode


def address(name: str, *args: object, **query: Any) -> str:
    """Return the address of a screen with a query, empty while its desk is not there."""
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path
