"""An invented person with all that is true about him, and the small records that belong to him."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Pension(NamedTuple):
    """Standing in one of the two pension schemes."""

    kind: str  # employee | resident
    status: str  # normal | suspended | terminated | unclaimed
    monthly_fen: int
    began_on: date | None


class Aid(NamedTuple):
    """One spell of social assistance, both days included; no end: it holds on."""

    kind: str  # tekun | dibao | dibao_margin | expense
    support_mode: str  # central | dispersed, of tekun only
    care: str  # self | half | full, of tekun only
    holds_from: date
    holds_to: date | None


class Card(NamedTuple):
    """A disability card."""

    category: int
    grade: int
    needs_care: bool | None
    issued_on: date
    status: str  # valid | cancelled


class Check(NamedTuple):
    """One health check."""

    checked_on: date
    chronic: str
    doctor: str
    dementia: bool | None


class CareInsurance(NamedTuple):
    """Standing in the long-term care insurance."""

    insured: bool
    level: int | None
    receiving: bool | None
    assessed_on: date | None


class Assessment(NamedTuple):
    """One assessment of ability (GB/T 42195)."""

    assessed_on: date
    level: int  # 0 able … 4 fully disabled
    agency: str


class Survey(NamedTuple):
    """What the village wrote down at its last visit."""

    residence_code: str
    living: str  # alone | empty_nest | left_behind | with_children | institution
    supporter: str  # yes | none | unable, "" not asked
    special_family: bool | None
    phone: str
    contact: str
    contact_phone: str
    lng: float | None
    lat: float | None


class Relief(NamedTuple):
    """One stay in a relief station."""

    relief_on: date
    in_station: bool


@dataclass(slots=True)
class Person:
    """Everything true about one invented person. Codes are 12-digit divisions."""

    id_number: str
    name: str
    sex: str  # M | F
    born: date
    county: str  # 6 digits: where he is served
    village: str  # where the household is
    urban: bool
    minority: bool
    ethnic: str
    household_no: str
    relation: str
    marital: str
    companions: int  # other elders under the same roof
    in_register: bool = True
    hukou_code: str = ""  # as precise as the register has it; "" not in the register
    status: str = "normal"  # normal | dead | moved, in the register
    status_on: date | None = None
    moved_from: str = ""  # the register of this county still reports the move away
    died_on: date | None = None  # in the list of deaths
    pension: Pension | None = None
    aids: tuple[Aid, ...] = ()
    card: Card | None = None
    checks: tuple[Check, ...] = ()
    insurance: CareInsurance | None = None
    veteran: str = ""
    special_contribution: bool = False
    assessments: tuple[Assessment, ...] = ()
    survey: Survey | None = None
    reliefs: tuple[Relief, ...] = ()


@dataclass(slots=True)
class Population:
    """The people as the lists of one month find them."""

    seed: int
    elders: int  # living and 60 or over when they were made
    made_in: str  # month that they were made for, 2026-10
    month: str  # month that they live in now
    as_of: date  # nothing has happened yet from this day on; the truth is told for it
    people: list[Person] = field(default_factory=list)
