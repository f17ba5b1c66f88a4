"""List kinds and coded values of facts, as stored."""

from enum import StrEnum


class Kind(StrEnum):
    """The eleven kinds of lists (``lists.md``); one statement table each."""

    HOUSEHOLD = "household"
    PENSION = "pension"
    ASSISTANCE = "assistance"
    DISABILITY = "disability"
    HEALTH = "health"
    LTCI = "ltci"
    VETERANS = "veterans"
    ASSESSMENT = "assessment"
    SURVEY = "survey"
    RELIEF = "relief"
    DEATHS = "deaths"


#: Kinds whose full list says something about the people who are not on it.
KINDS_WITH_ABSENCE = frozenset(
    {
        Kind.PENSION,
        Kind.ASSISTANCE,
        Kind.DISABILITY,
        Kind.HEALTH,
        Kind.LTCI,
        Kind.VETERANS,
        Kind.RELIEF,
        Kind.DEATHS,
    }
)

#: Known to have moved the household registration away, place unknown.
ELSEWHERE = "elsewhere"
