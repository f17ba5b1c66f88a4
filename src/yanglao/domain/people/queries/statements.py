"""Statements as they stand, for taking something back exactly."""

from typing import Any

from yanglao.domain.people.models import ENTRY_MODELS, SetAside
from yanglao.domain.people.types import Kind
from yanglao.foundation.scoping import Reader, within_area


def statements_as_they_are(kind: Kind, person_id: int) -> list[list[Any]]:
    """Return what may change when a row is added: id, last month, batch, list and row of each."""
    rows = ENTRY_MODELS[kind].objects.filter(person_id=person_id).order_by("id")
    found = rows.values_list("id", "seen_to", "last_batch", "last_list_id", "last_row")
    return [[pk, seen.isoformat(), *rest] for pk, seen, *rest in found]


def conflicts_followed_by_rule(reader: Reader) -> list[int]:
    """Return the conflicts for which a rule has set statements aside, in the reader's area."""
    rows = within_area(SetAside.objects.filter(by_rule=True), reader, "person__place_code")
    return list(rows.order_by("conflict_id").values_list("conflict_id", flat=True).distinct())
