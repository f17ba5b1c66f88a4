"""Health: early finding of people whose abilities decline, before an assessment is due.

A *screening* asks the short questions of ICOPE's first step; a domain with a problem starts the way
of steps 2 to 5 with a due date. A *worsening* is found without asking: the facts of two days are
compared, and whoever is worse by a known measure stands on a list until an officer has looked.
Neither is a diagnosis or a level, and no money hangs on them.
"""

from yanglao.domain.health.actions import (
    move_care,
    move_worsening,
    record_screening,
    write_worse,
)
from yanglao.domain.health.models import CareMove, Screening, Worsening
from yanglao.domain.health.queries import (
    domain_counts,
    get_screening,
    get_worsening,
    health_counts,
    moves_after,
    screenings,
    screenings_of,
    worsenings,
    worsenings_of,
)
from yanglao.domain.health.types import (
    MOVES,
    OPEN_STEPS,
    WORSE_MOVES,
    CareStep,
    DomainCount,
    FoundWorse,
    HealthCounts,
    NewScreening,
    WorseState,
    WrongMove,
)

__all__ = [
    "MOVES",
    "OPEN_STEPS",
    "WORSE_MOVES",
    "CareMove",
    "CareStep",
    "DomainCount",
    "FoundWorse",
    "HealthCounts",
    "NewScreening",
    "Screening",
    "WorseState",
    "Worsening",
    "WrongMove",
    "domain_counts",
    "get_screening",
    "get_worsening",
    "health_counts",
    "move_care",
    "move_worsening",
    "moves_after",
    "record_screening",
    "screenings",
    "screenings_of",
    "worsenings",
    "worsenings_of",
    "write_worse",
]
