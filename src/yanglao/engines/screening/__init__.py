"""Early finding: what a short screening tells of six domains, and whose state got worse.

Pure functions. A screening finds whom to look at again; it is no diagnosis and no level.
"""

from yanglao.engines.screening.judging import Verdict, judge
from yanglao.engines.screening.scale import (
    Domain,
    Question,
    Screening,
    WrongScreening,
    read_screening,
)
from yanglao.engines.screening.worsening import MEASURES, Measure, find_worse

__all__ = [
    "MEASURES",
    "Domain",
    "Measure",
    "Question",
    "Screening",
    "Verdict",
    "WrongScreening",
    "find_worse",
    "judge",
    "read_screening",
]
