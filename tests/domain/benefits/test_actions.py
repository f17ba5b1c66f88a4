"""What benefits promises. Replace each line below by the test that it describes."""

import pytest


@pytest.mark.parametrize(
    "promise",
    [
        "an action refuses a reader whose area does not cover the place",
        "an action writes one audit entry with who, what and why",
        "a query returns nothing from outside the reader's area",
        "a move that the table of states does not allow is refused",
    ],
)
def test_promises_are_kept(promise: str) -> None:
    """Fails until it is written."""
    pytest.fail(f"benefits: write the test that shows: {promise}")
