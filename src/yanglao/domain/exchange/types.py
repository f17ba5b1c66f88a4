"""States of a received list, and the plain rows that the actions take."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class ListState(StrEnum):
    """What became of a list."""

    TAKEN_IN = "taken_in"
    REFUSED = "refused"
    REPEATED = "repeated"


STATE_LABELS = {
    ListState.TAKEN_IN: _("已接收"),
    ListState.REFUSED: _("整份退回"),
    ListState.REPEATED: _("重复报送，未作改动"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A row that goes back, or comes in with a warning.

    Attributes:
        returned: Whether it goes back.
        sheet: Name of its sheet.
        row_no: As the spreadsheet counts, from 1.
        name: Name in the row, for finding it.
        reasons: Chinese sentences, each saying what is wrong and what to do.
        cells: The row as received, as text.
    """

    returned: bool
    sheet: str
    row_no: int
    name: str
    reasons: tuple[str, ...]
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a list came in, and what they brought."""

    accepted: int = 0
    returned: int = 0
    flagged: int = 0
    people_new: int = 0
    facts_new: int = 0
    facts_same: int = 0

    @property
    def received(self) -> int:
        """All rows: accepted and returned."""
        return self.accepted + self.returned


@dataclass(frozen=True, slots=True)
class ListHead:
    """What is known of a list before its rows: what it is, of where, in which file.

    Attributes:
        kind: List kind; empty when it could not be told.
        place_code: 12-digit division that the list is for.
        file_name: As the sender named it.
        file_hash: SHA-256 of the file, hexadecimal.
        state: What became of it.
        refusal: Why it went back whole, in Chinese.
        sheets: Per sheet: name, kind, header row, columns, rows; for the page and the returned
            sheet.
    """

    kind: str
    place_code: str
    file_name: str
    file_hash: str
    state: ListState
    refusal: str = ""
    sheets: list[dict[str, Any]] = field(default_factory=list)
