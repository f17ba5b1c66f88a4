"""Who reads, and how far: the one choke point of area scoping.

Every query function of every app takes a :class:`Reader` first and passes its queryset through
:func:`within_area`. Nothing else decides what a person may see of a place.
"""

from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from yanglao.kernel.division import code_range, contains

M = TypeVar("M", bound=Model)

#: The whole country: what the unattended program may see.
EVERYWHERE = "000000000000"


@dataclass(frozen=True, slots=True)
class Sight:
    """A dated permission to look at people outside one's own area (access by grant).

    It opens files only: lists, counts, charts, maps and exports stay in the reader's area, and
    nothing can be written by it.

    Attributes:
        grant_id: The grant it follows from.
        area: Division whose people may be looked at; empty when single people are named.
        people: Primary keys of the people named.
        kinds: Kinds of data: ``identity``, ``contact``, ``facts``, ``health``, ``results``.
        purpose: What it was given for.
    """

    grant_id: int
    area: str
    people: frozenset[int]
    kinds: frozenset[str]
    purpose: str

    def holds(self, person_id: int, place_code: str) -> bool:
        """Say whether a person may be looked at by it."""
        if self.area:
            return bool(place_code) and contains(self.area, place_code)
        return person_id in self.people


@dataclass(frozen=True, slots=True)
class Reader:
    """The person (or program) on whose behalf data is read or written.

    Attributes:
        user_id: Primary key of the account; ``None`` for the program itself.
        name: Name shown in audit entries and on screens.
        role: One of the role codes of ``accounts`` or ``"system"``.
        area: 12-digit division code; everything at or below it is visible.
        department: Department code for clerks (``"civil"``, ``"police"`` ...), else ``""``.
        permissions: Permission codes granted by the role.
        kinds: List kinds that a clerk may hand in; empty means all that the permissions allow.
        sights: Grants in force today by which files outside the area may be opened.
    """

    user_id: int | None
    name: str
    role: str
    area: str
    department: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[str] = field(default_factory=frozenset)
    sights: tuple[Sight, ...] = ()

    def can(self, permission: str) -> bool:
        """Say whether the role grants ``permission``."""
        return self.role == "system" or permission in self.permissions

    def covers(self, code: str) -> bool:
        """Say whether the division ``code`` lies in the reader's area; no code lies in none."""
        if not code:
            return False
        return self.area == EVERYWHERE or contains(self.area, code)

    def sights_of(self, person_id: int, place_code: str) -> tuple[Sight, ...]:
        """Return the grants by which a person outside the area may be looked at."""
        return tuple(sight for sight in self.sights if sight.holds(person_id, place_code))

    def reaches(self, person_id: int, place_code: str) -> bool:
        """Say whether the person's file may be opened: by area, or by a grant."""
        return self.covers(place_code) or bool(self.sights_of(person_id, place_code))

    def narrowed(self, code: str | None) -> "Reader":
        """Return this reader limited to ``code`` if that lies inside the area, else unchanged.

        Screens use it for drilling down; asking for a place outside the area never widens it.
        """
        if not code or not self.covers(code):
            return self
        return replace(self, area=code)


def system_reader(area: str = EVERYWHERE, name: str = "系统") -> Reader:
    """Return the reader for jobs and the command line, limited to ``area``."""
    return Reader(user_id=None, name=name, role="system", area=area)


def area_range(area: str) -> tuple[str, str]:
    """Return ``(low, high)`` so that ``low <= code < high`` holds just for codes in ``area``."""
    return ("", ":") if area == EVERYWHERE else code_range(area)


def area_condition(reader: Reader, field_name: str = "place_code") -> Q:
    """Return the condition that keeps rows whose ``field_name`` lies in the reader's area."""
    low, high = area_range(reader.area)
    return Q(**{f"{field_name}__gte": low, f"{field_name}__lt": high})


def within_area(rows: QuerySet[M], reader: Reader, field_name: str = "place_code") -> QuerySet[M]:
    """Limit a queryset to the reader's area by a range over the division code."""
    return rows.filter(area_condition(reader, field_name))


def within_reach(rows: QuerySet[M], reader: Reader, field_name: str = "place_code") -> QuerySet[M]:
    """Limit people to those whose file the reader may open: by area, or by a grant.

    For opening one file or finding one whole ID number only; lists use :func:`within_area`.
    """
    condition = area_condition(reader, field_name)
    for sight in reader.sights:
        if sight.area:
            low, high = area_range(sight.area)
            condition |= Q(**{f"{field_name}__gte": low, f"{field_name}__lt": high})
        else:
            condition |= Q(pk__in=sorted(sight.people))
    return rows.filter(condition)
