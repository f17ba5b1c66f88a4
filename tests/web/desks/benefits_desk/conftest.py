"""The small Hetian of ``tests/web/desks/factories.py``."""

from tests.web.desks.factories import _fixed_day_and_own_folder, places, world

__all__ = ["_fixed_day_and_own_folder", "places", "world"]
