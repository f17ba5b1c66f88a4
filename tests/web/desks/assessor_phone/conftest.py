"""The places, a fixed day, and visits."""

import pytest

from tests.web.desks.assessor_phone.visits import Visits, make_visits
from tests.web.desks.factories import _fixed_day_and_own_folder, places

__all__ = ["_fixed_day_and_own_folder", "places"]


@pytest.fixture
def visits(places: None) -> Visits:
    """Two visits of today for a pair."""
    return make_visits(2)
