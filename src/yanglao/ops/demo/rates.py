"""How often things happen in the invented prefecture. Plausible, not measured.

Every number here was made up by us to give a believable demo; none is a statistic of Hetian.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Chooser(Generic[T]):
    """Pick values by their weights with one random number in [0, 1)."""

    __slots__ = ("_ends", "_values")

    def __init__(self, *choices: tuple[T, float]) -> None:
        total = sum(weight for _, weight in choices)
        self._values: Sequence[T] = [value for value, _ in choices]
        self._ends = list(accumulate(weight / total for _, weight in choices))[:-1]

    def __call__(self, chance: float) -> T:
        """Return the value that the chance falls on."""
        return self._values[bisect(self._ends, chance)]


# The register
EXTRA_55_TO_59 = 0.12  # as many people of 55–59 in the register as this share of the elders
EXTRA_DEAD = 0.024  # dead of this year still in the register or on other lists
OUTSIDE_REGISTER = 0.012  # living here, registered elsewhere, so only on other lists
MOVED_AWAY = 0.003
MOVED_WITHIN = 0.0015  # between two counties; both report
COUPLES = 0.62  # of men: living with a wife of like age
THIRD_ELDER = 0.05  # of couples: with a mother in the household
MARITAL_ALONE = {
    "M": Chooser(("丧偶", 62), ("离婚", 20), ("未婚", 12), ("", 6)),
    "F": Chooser(("丧偶", 78), ("离婚", 14), ("未婚", 2), ("", 6)),
}
CODE_PRECISION = Chooser((12, 94.5), (9, 4.5), (6, 1))  # digits the register gives

# Pensions
EMPLOYEE = {  # (minority, urban): share with an employee's pension
    (True, True): 0.17,
    (True, False): 0.025,
    (False, True): 0.62,
    (False, False): 0.30,
}
NO_PENSION = 0.02
PENSION_STATUS = Chooser(
    ("normal", 96.4), ("unclaimed", 2.1), ("suspended", 1.2), ("terminated", 0.3)
)

# Assistance of people of 60 and over: (tekun, dibao, margin, expense)
AID = {True: (0.006, 0.055, 0.018, 0.006), False: (0.017, 0.165, 0.035, 0.009)}  # by urban
TEKUN_CENTRAL = 0.44
TEKUN_CARE = Chooser(("self", 56), ("half", 29), ("full", 15))

# Disability cards by age: share with a card
CARD = ((60, 0.05), (70, 0.075), (80, 0.12), (200, 0.17))
CATEGORY = Chooser((4, 50), (1, 17), (2, 19), (7, 5), (5, 4), (6, 4), (3, 1))
GRADE = Chooser((1, 12), (2, 21), (3, 33), (4, 34))

# Health checks of people of 65 and over in the calendar year; before it; never
CHECKED_THIS_YEAR, CHECKED_LAST_YEAR = 0.90, 0.955
CHECKED_UNDER_65 = 0.22
CHRONIC = Chooser(
    ("", 38),
    ("高血压", 30),
    ("糖尿病", 9),
    ("高血压、糖尿病", 8),
    ("冠心病", 7),
    ("慢阻肺", 5),
    ("关节炎", 3),
)
DEMENTIA_FROM_65 = 0.018
DEMENTIA_NOT_ASKED = 0.07

# Long-term care insurance
INSURED = {"employee": 0.85, "resident": 0.22, "": 0.02}

# Veterans: of men; of these with a regular pension
VETERAN, SPECIAL_CONTRIBUTION = 0.008, 0.30
VETERAN_KINDS = Chooser(
    ("在乡复员军人", 22),
    ("带病回乡退伍军人", 18),
    ("参战退役人员", 20),
    ("残疾军人", 16),
    ("农村籍退役士兵", 24),
)

# Assessment of people of 65 and over: valid, then expired, else never; below 65: any
ASSESSED_VALID, ASSESSED_EVER, ASSESSED_UNDER_65 = 0.868, 0.935, 0.10
ABILITY = (  # by age below the first number: levels 0 to 4
    (70, Chooser((0, 86), (1, 8), (2, 3), (3, 2), (4, 1))),
    (80, Chooser((0, 75), (1, 13), (2, 6), (3, 4), (4, 2))),
    (90, Chooser((0, 55), (1, 20), (2, 12), (3, 8), (4, 5))),
    (200, Chooser((0, 33), (1, 23), (2, 18), (3, 14), (4, 12))),
)
AGENCIES = (
    "和田地区康宁评估中心（虚构）",
    "昆仑养老评估服务站（虚构）",
    "绿洲评估有限公司（虚构）",
)

# The survey
SURVEYED = 0.85
LIVING_SINGLE = Chooser(
    ("alone", 33), ("with_children", 50), ("left_behind", 9), ("empty_nest", 6), ("institution", 2)
)
LIVING_COUPLE = Chooser(("empty_nest", 38), ("with_children", 56), ("left_behind", 6))
SUPPORTER = Chooser(("yes", 91.5), ("none", 4.2), ("unable", 2.3), ("", 2))
SPECIAL_FAMILY = Chooser((False, 94.6), (None, 5), (True, 0.4))

# A month later: the share of those concerned to whom it happens
NEW_AID, ENDED_AID = 0.0035, 0.006
NEW_MOVE, NEW_MOVE_WITHIN = 0.0004, 0.0005
NEW_CARD, NEW_SURVEY, NEW_CHECK, NEW_ASSESSMENT = 0.0008, 0.20, 0.45, 0.35
CLAIMED_PENSION, RENEWED_ASSESSMENT = 0.45, 0.72


def mortality(age: int) -> float:
    """Return the chance to die within a year at an age, a smooth curve of our own."""
    return float(min(0.4, 0.009 * 1.1 ** (age - 60)))


def by_age(steps: Sequence[tuple[int, T]], age: int) -> T:
    """Return the value of the first step whose age is above the given one."""
    return next(value for below, value in steps if age < below)
