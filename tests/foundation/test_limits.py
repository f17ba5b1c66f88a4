"""Buckets of tokens: as many as said, evenly again, each key for itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.foundation.limits import Buckets


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_then_one_every_second() -> None:
    clock = Clock()
    buckets = Buckets(60, clock=clock)
    assert [buckets.take("a") for _ in range(60)] == [0.0] * 60
    assert buckets.take("a") == pytest.approx(1.0)
    assert buckets.take("b") == 0.0
    clock.now += 1.01
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0


def test_processes_share_a_limit_and_zero_is_none() -> None:
    shared = Buckets(60, shares=2, clock=Clock())
    assert sum(shared.take("a") == 0 for _ in range(100)) == 30
    assert all(Buckets(0).take("a") == 0 for _ in range(1000))


def test_it_forgets_those_who_came_long_ago() -> None:
    clock = Clock()
    buckets = Buckets(60, clock=clock)
    for number in range(10_001):
        buckets.take(str(number))
    clock.now += 120
    buckets.take("new")
    assert len(buckets._held) == 1


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 600))
def test_never_more_than_a_bucket_and_what_came_meanwhile(
    pauses: list[float], per_minute: int
) -> None:
    clock = Clock()
    buckets = Buckets(per_minute, clock=clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += buckets.take("a") == 0
    assert passed <= per_minute + sum(pauses) * per_minute / 60 + 1
