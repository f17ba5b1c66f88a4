"""How edits of one answer, made on several devices, become one state; no edit is ever lost.

Every stored edit gets the next revision of its field. An edit supersedes an earlier one when its
device had seen it (``base`` at or above the earlier one's revision), or when both were made on one
device. What nothing supersedes stands side by side: equal values are one answer, different values
are a conflict until a person settles it. An ordinary edit never closes a conflict that its device
had seen: it only replaces what the same device said.

The state follows from the set of edits; in which order two devices come to the server does not
matter (``tests/domain/assessments/test_merging.py`` tries it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored edit of a field, as far as merging needs it.

    Attributes:
        edit_id: Made by the device.
        device: The device it was made on.
        base: Revision of the field that the device had seen; 0 for none.
        value: The answer.
        at: Moment by the device's clock, ISO with zone.
        revision: Its place among the stored edits of the field, from 1.
        settles: Whether a person made it to settle a conflict.
    """

    edit_id: str
    device: str
    base: int
    value: Any
    at: str
    revision: int
    settles: bool = False


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """A field's state.

    Attributes:
        revision: How many edits it has seen.
        standing: Edits that nothing supersedes; the first is the one whose value is shown.
    """

    revision: int
    standing: tuple[Candidate, ...]

    @property
    def shown(self) -> Candidate:
        """The edit whose value is shown."""
        return self.standing[0]

    @property
    def in_conflict(self) -> bool:
        """Whether different values stand side by side."""
        return any(_differs(one.value, self.shown.value) for one in self.standing[1:])


def merge_field(edits: Sequence[Candidate]) -> FieldMerge:
    """Return the state after edits of one field, given in the order of their revisions.

    Raises:
        ValueError: Without any edit.
    """
    if not edits:
        raise ValueError("a field without edits has no state")
    standing: list[Candidate] = []
    seen: dict[int, frozenset[str]] = {}
    quarrels: dict[int, bool] = {}
    for edit in edits:
        open_then = quarrels.get(edit.base, False)
        standing = [
            other
            for other in standing
            if not _supersedes(edit, other, stood=seen.get(edit.base, frozenset()), open=open_then)
        ]
        standing.append(edit)
        seen[edit.revision] = frozenset(one.edit_id for one in standing)
        quarrels[edit.revision] = any(
            _differs(one.value, standing[0].value) for one in standing[1:]
        )
    # Not by arrival: two servers that saw the same edits show the same answer.
    ordered = sorted(standing, key=lambda one: (one.at, one.edit_id), reverse=True)
    return FieldMerge(edits[-1].revision, tuple(ordered))


def changes_of(before: FieldMerge | None, edit: Candidate, after: FieldMerge) -> bool:
    """Say whether an edit changed what is shown or what stands beside it."""
    if before is None:
        return True
    return {_key(one.value) for one in before.standing} != {
        _key(one.value) for one in after.standing
    } or before.shown.value != after.shown.value


def _supersedes(edit: Candidate, other: Candidate, *, stood: frozenset[str], open: bool) -> bool:
    if other.device == edit.device:
        return True
    if other.revision > edit.base:
        return False
    # Seen: a settlement closes the conflict, an ordinary edit leaves it to a person.
    return edit.settles or not (open and other.edit_id in stood)


def _differs(one: Any, other: Any) -> bool:
    return _key(one) != _key(other)


def _key(value: Any) -> str:
    """Equal answers have equal keys: 1 and 1.0 are one answer, 1 and true are not."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, float) and value.is_integer():
        return repr(int(value))
    if isinstance(value, list):
        return repr(sorted(map(_key, value)))
    return repr(value)
