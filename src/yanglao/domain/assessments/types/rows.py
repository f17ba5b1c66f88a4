"""Frozen rows that go in and come out of the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one answer on one device.

    Attributes:
        edit_id: Uuid text made by the device; repeating it is harmless.
        field: Name of the answer: ``b1_1``, or one of annex A such as ``a2_living``.
        value: A plain JSON value: number, text, true, false, null, or a list of texts.
        at: Aware moment by the device's clock.
        base: Revision of the field that the device had seen; 0 for none.
        device: Name of the device, kept by it.
    """

    edit_id: str
    field: str
    value: Any
    at: datetime
    base: int
    device: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An edit that was not taken, and why, in Chinese."""

    edit_id: str
    why: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """An answer as it stands: value, revision of the field, who gave it when."""

    value: Any
    revision: int
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Different answers side by side; each choice is ``{edit_id, value, by, at, device}``."""

    field: str
    choices: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What became of edits.

    Attributes:
        accepted: Ids that are stored now, including those that were stored before.
        conflicts: Every open conflict of the sheet.
        refused: Edits that were not taken.
        fields: The sheet's answers as they stand afterwards.
    """

    accepted: tuple[str, ...]
    conflicts: tuple[ConflictView, ...]
    refused: tuple[Refused, ...]
    fields: Mapping[str, FieldView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature: whose, when, and whether the sheet was changed after it."""

    signer: str
    name: str
    account_id: int | None
    at: datetime
    valid: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened, as a device says it; everything may be missing."""

    longitude: float | None = None
    latitude: float | None = None
    accuracy_m: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class DayClocks:
    """Days allowed for each step, from the parameters in force.

    Attributes:
        decide: From the application to acceptance or refusal.
        finish: From acceptance to the result.
        review: From a request for another assessment to its result.
        notice: Length of the public notice.
        answer: From an objection to its answer.
    """

    decide: int
    finish: int
    review: int
    notice: int
    answer: int


@dataclass(frozen=True, slots=True)
class PlannedPair:
    """A proposal: who visits whom, when; no ``assessors`` and a ``why`` when nobody can."""

    assessment_id: int
    assessors: tuple[int, ...]
    on: date | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """Somebody asks that a person be assessed.

    Attributes:
        kind: Of ``AssessmentKind``; empty: 首次 without an earlier result, else 常规.
        asked_by: Of ``AskedBy``.
        asker_name, asker_phone, wish: Who asks, how to reach him, why; sealed.
        lead_id: Lead it came from.
    """

    person_id: int
    asked_by: str
    kind: str = ""
    asker_name: str = ""
    asker_phone: str = ""
    wish: str = ""
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of requests: new assessments by number, people with an open one, and the rest.

    Attributes:
        created: Numbers of the new assessments.
        open_already: People who have one under way.
        refused: People who cannot be assessed (dead, or not in the area).
    """

    created: tuple[int, ...]
    open_already: tuple[int, ...]
    refused: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """What the engine says of a sheet; only the engine makes one.

    Attributes:
        level, preliminary, total: As computed.
        told: Sums by dimension, reasons, hints, unverified parts: plain JSON.
        standard, version: Of the scale.
        assessed_on: Day of the assessment. valid_to: Last day; ``None`` without end.
    """

    level: int
    preliminary: int
    total: int
    told: Mapping[str, Any]
    standard: str
    version: str
    assessed_on: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What may keep assessors from assessing one person.

    Attributes:
        delivering: Bodies that deliver services to the person now.
        family: Assessors who are the person, or live in the same household.
        earlier: Assessors of the assessment that a review looks at again.
    """

    delivering: frozenset[int] = frozenset()
    family: frozenset[int] = frozenset()
    earlier: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class StateCounts:
    """Assessments of an area by state, and those that are late."""

    by_state: Mapping[str, int]
    late: int
    disputes: int
    due_again: int
