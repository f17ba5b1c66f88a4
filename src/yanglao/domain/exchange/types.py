"""States of a received list."""

from enum import StrEnum


class ListState(StrEnum):
    """What became of a list."""

    TAKEN_IN = "taken_in"
    REFUSED = "refused"
    REPEATED = "repeated"
