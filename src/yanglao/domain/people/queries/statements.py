"""Statements as they stand, for taking something back exactly."""

from typing import Any

from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.domain.people.types import Kind


def statements_as_they_are(kind: Kind, person_id: int) -> list[list[Any]]:
    """Return what may change when a row is added: id, last month, batch, list and row of each."""
    rows = ENTRY_MODELS[kind].objects.filter(person_id=person_id).order_by("id")
    found = rows.values_list("id", "seen_to", "last_batch", "last_list_id", "last_row")
    return [[pk, seen.isoformat(), *rest] for pk, seen, *rest in found]
