"""A result that cannot be believed waits for a person."""

import pytest

from yanglao.domain.entitlements.checks import why_held
from yanglao.domain.entitlements.types import HoldLimits

LIMITS = HoldLimits(everybody_share=0.95, growth_factor=2.0, minimum_people=100)


@pytest.mark.parametrize(
    ("yes", "people", "universal", "baseline", "held"),
    [
        (1000, 1000, False, None, True),
        (1000, 1000, True, None, False),
        (950, 1000, False, None, True),
        (949, 1000, False, None, False),
        (99, 99, False, None, False),
        (400, 1000, False, (100, 0, 1000), True),
        (150, 1000, False, (100, 0, 1000), False),
        # What was possible and is settled now is no surprise.
        (400, 1000, False, (0, 900, 1000), False),
        # Twice the people, twice the answers.
        (400, 2000, False, (200, 0, 1000), False),
        # Few more people, whatever the factor.
        (50, 1000, False, (1, 0, 1000), False),
        (0, 1000, False, (500, 0, 1000), False),
    ],
)
def test_when_a_result_is_held(
    yes: int,
    people: int,
    universal: bool,
    baseline: tuple[int, int, int] | None,
    held: bool,
) -> None:
    told = why_held(yes=yes, people=people, universal=universal, baseline=baseline, limits=LIMITS)
    assert bool(told) is held
