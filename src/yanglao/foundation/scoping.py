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
    """

    user_id: int | None
    name: str
    role: str
    area: str
    department: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[str] = field(default_factory=frozenset)

    def can(self, permission: str) -> bool:
        """Say whether the role grants ``permission``."""
        return self.role == "system" or permission in self.permissions

    def covers(self, code: str) -> bool:
        """Say whether the division ``code`` lies in the reader's area; no code lies in none."""
        if not code:
            return False
        return self.area == EVERYWHERE or contains(self.area, code)

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
