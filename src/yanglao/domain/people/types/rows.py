"""Plain rows that the actions take and the queries give."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from yanglao.domain.people.types.kinds import Kind


@dataclass(frozen=True, slots=True)
class Disregarded:
    """Statements of one department about a person that are to count no longer.

    Attributes:
        person_id: Whose.
        conflict_id: For which conflict it was found.
        kind: List kind of the statements.
        entries: Their ids.
        value: The one value that does not count; empty: whole rows.
        instead: What counts instead, in words.
        reason: How that was found out.
    """

    person_id: int
    conflict_id: int
    kind: Kind
    entries: tuple[int, ...]
    value: str
    instead: str
    reason: str


class NewPerson(NamedTuple):
    """A person who is to get a file; birth date and sex follow from the number.

    Attributes:
        id_number: Valid, 18 characters.
        name: As the list has it; the household register's word replaces it later.
        name_fold: The name as it is compared.
        place_code: Where the person is served, as far as the row and its list tell.
        hukou_code: 12 digits; empty when unknown.
        residence_code: 12 digits; empty when unknown.
        in_register: Whether a household list brought the person.
        list_id: ``exchange.ReceivedList`` that brought the person.
    """

    id_number: str
    name: str
    name_fold: str
    place_code: str
    hukou_code: str
    residence_code: str
    in_register: bool
    list_id: int | None


class Seeker(NamedTuple):
    """What a row without a good number says of its person, for finding who may be meant.

    Attributes:
        sound: Key of the name (:func:`yanglao.kernel.sounds.sound_key`).
        born: Birth date, as far as it can be read.
        low, high: Range of division codes in which the person should be served; two equal texts
            when the place tells too little to look by it.
    """

    sound: str
    born: date | None
    low: str
    high: str


class KnownPerson(NamedTuple):
    """What linking needs to know of a person."""

    id: int
    id_number: str
    name: str
    name_fold: str
    sex: str
    place_code: str
    hukou_code: str
    residence_code: str
    in_register: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """Where the person is served, registered and lives, as far as known."""
        known = (self.place_code, self.hukou_code, self.residence_code)
        return tuple(code for code in known if code[:1].isdigit())


@dataclass(slots=True)
class StatementBatch:
    """Accepted rows of one list, column by column; all lists are equally long.

    Attributes:
        kind: List kind.
        list_id: ``exchange.ReceivedList``; ``None`` when entered by hand.
        month: First day of the list's month; ``None`` when not told.
        person_ids: Whose rows these are.
        rows: Where each stands: ``sheet!row``.
        values: Coded values by field of :data:`VALUE_FIELDS`; missing fields are blank.
        extras: JSON of the columns we have no field for; empty when there are none.
    """

    kind: Kind
    list_id: int | None
    month: date | None
    person_ids: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    extras: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch of statements.

    Attributes:
        new: Statements that nobody had made before.
        same: Rows that repeated what was known.
        changed: People about whom something new was said.
    """

    new: int
    same: int
    changed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact of a person on a day, and where it came from.

    Attributes:
        name: Name in the vocabulary.
        label: Its Chinese name.
        value: As rules see it; ``None`` is unknown, sentinels are "known not to be".
        value_label: The value in Chinese.
        known: Whether it is known, "known not to be" included.
        holds_from: First day of the statement it follows from.
        holds_to: Last day, where one is told.
        source: List it came from, in words: 墨玉县残联 2026-10.
        list_id: ``exchange.ReceivedList`` it came from.
        row: Sheet and row in that list.
        entered_by: Who entered it, when it was entered by hand.
        absent: Whether it follows from not standing on a full list.
        not_counted: What some list says and does not count, and why; empty when nothing.
    """

    name: str
    label: str
    value: Any
    value_label: str
    known: bool
    holds_from: date | None = None
    holds_to: date | None = None
    source: str = ""
    list_id: int | None = None
    row: str = ""
    entered_by: str = ""
    absent: bool = False
    not_counted: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened in a person's life or file.

    Attributes:
        on: The day; for what only a list's month tells, the first day of that month.
        title: What happened, short.
        detail: Values, in Chinese.
        source: Where it is known from.
        list_id: ``exchange.ReceivedList``.
        row: Sheet and row there.
        kind: List kind; empty for what follows from the ID number.
        by_month: Whether only the month is known.
    """

    on: date
    title: str
    detail: str = ""
    source: str = ""
    list_id: int | None = None
    row: str = ""
    kind: str = ""
    by_month: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """Somebody of the same household, as the register has it."""

    person_id: int
    name: str
    relation: str
    sex: str
    birth_date: date
    died_on: date | None


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A way to reach a person; ``whose`` is empty for the person's own telephone."""

    phone: str
    whose: str
    source: str
    list_id: int | None


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """How many people there are, for a workbench."""

    people: int
    elders: int
    elders_80: int
    in_register: int
    died: int


@dataclass(frozen=True, slots=True)
class ListQuality:
    """How fresh a kind is for a county.

    Attributes:
        kind: List kind.
        kind_label: Its Chinese name.
        county: 12-digit code.
        county_name: Its name.
        full_month: Month of the last full list that covers the county, if any.
        supplement_month: Month of the last supplement that came after it, if any.
        months_old: Whole months from the newest of both to the day asked about; ``None`` if none.
    """

    kind: str
    kind_label: str
    county: str
    county_name: str
    full_month: date | None
    supplement_month: date | None
    months_old: int | None
