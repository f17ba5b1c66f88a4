"""What the screens of assessment_desk promise. Replace each line below by the test that it describes."""

import pytest


@pytest.mark.parametrize(
    "promise",
    [
        "a role without the permission gets the 403 page",
        "an officer of a town sees that town on the list, its count, its chart and its export",
        "the part that HTMX swaps in equals the same part of a full page",
        "the number of queries does not grow with the rows",
    ],
)
def test_promises_are_kept(promise: str) -> None:
    """Fails until it is written."""
    pytest.fail(f"assessment_desk: write the test that shows: {promise}")
