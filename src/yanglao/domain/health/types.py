"""States of what follows a screening, what officers do about somebody who got worse, and rows."""

from dataclasses import dataclass
from datetime import date

from django.db import models


class CareStep(models.TextChoices):
    """Where somebody with a problem stands on the way (ICOPE steps 2 to 5)."""

    SCREENED = "screened", "等深入评估"
    ASSESSED = "assessed", "已深入评估"
    PLANNED = "planned", "有照护计划"
    REFERRED = "referred", "已转诊跟踪"
    CLOSED = "closed", "已落实"
    DECLINED = "declined", "本人不愿意"
    NONE = "none", "没有问题"


#: The moves an officer may make. Referral and plan can come in either order or be left out.
MOVES: dict[str, tuple[str, ...]] = {
    CareStep.SCREENED: (CareStep.ASSESSED, CareStep.REFERRED, CareStep.DECLINED),
    CareStep.ASSESSED: (CareStep.PLANNED, CareStep.REFERRED, CareStep.CLOSED, CareStep.DECLINED),
    CareStep.PLANNED: (CareStep.REFERRED, CareStep.CLOSED, CareStep.DECLINED),
    CareStep.REFERRED: (CareStep.PLANNED, CareStep.CLOSED, CareStep.DECLINED),
    CareStep.CLOSED: (CareStep.ASSESSED,),
    CareStep.DECLINED: (CareStep.SCREENED,),
    CareStep.NONE: (),
}

OPEN_STEPS = (CareStep.SCREENED, CareStep.ASSESSED, CareStep.PLANNED, CareStep.REFERRED)


class WorseState(models.TextChoices):
    """What was done about somebody who got worse."""

    NEW = "new", "待查看"
    LOOKED = "looked", "已查看"
    ACTED = "acted", "已处理"
    NO_NEED = "no_need", "不需要处理"


WORSE_MOVES: dict[str, tuple[str, ...]] = {
    WorseState.NEW: (WorseState.LOOKED, WorseState.ACTED, WorseState.NO_NEED),
    WorseState.LOOKED: (WorseState.ACTED, WorseState.NO_NEED, WorseState.NEW),
    WorseState.ACTED: (WorseState.LOOKED,),
    WorseState.NO_NEED: (WorseState.LOOKED,),
}


class WrongMove(ValueError):
    """A move that the table does not allow; the message is for the officer."""


@dataclass(frozen=True, slots=True)
class FoundWorse:
    """Somebody whose state got worse by one measure, between two days."""

    person_id: int
    place_code: str
    measure: str
    was: str
    is_now: str
    weight: int


@dataclass(frozen=True, slots=True)
class HealthCounts:
    """What waits in an area."""

    waiting: int
    overdue: int
    worse: int
    screened_this_year: int


@dataclass(frozen=True, slots=True)
class DomainCount:
    """Screenings of this year in which a domain had a problem."""

    domain: str
    failed: int


@dataclass(frozen=True, slots=True)
class NewScreening:
    """A screening to be recorded; ``failed`` and ``unclear`` are codes of domains."""

    person_id: int
    scale: str
    answers: dict[str, str]
    failed: tuple[str, ...]
    unclear: tuple[str, ...]
    screened_on: date
    due_on: date
    note: str = ""
