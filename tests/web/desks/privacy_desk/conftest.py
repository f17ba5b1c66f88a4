"""The small Hetian, once for each test."""

from tests.web.desks.factories import (  # noqa: F401  fixtures
    _fixed_day_and_own_folder,
    places,
    world,
)
