"""What the flow is asked and what it answers."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from yanglao.domain.people.public import Kind

#: In this order the kinds of a batch are taken in, whichever order its files have: the register
#: first, so that rows of other lists find their people.
KIND_ORDER: tuple[Kind, ...] = (
    Kind.HOUSEHOLD,
    Kind.DEATHS,
    *(kind for kind in Kind if kind not in {Kind.HOUSEHOLD, Kind.DEATHS}),
)


class CannotTakeIn(ValueError):
    """The batch as a whole is asked for wrongly; the message says in Chinese what to do."""


class LinkLine(NamedTuple):
    """What became of one row.

    Attributes:
        sheet, row_no: Where it stands.
        outcome: ``linked``, ``desk`` (waits for a clerk), ``new`` (opened a file), ``returned``.
        id_number: Whose it is; empty when nobody's yet.
        probability: Of the link or of the likeliest candidate; ``None`` when nobody was found.
        candidates: ID numbers of those who may be meant, the likeliest first.
    """

    sheet: str
    row_no: int
    outcome: str
    id_number: str
    probability: float | None
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenList:
    """What became of one list (one kind in one file).

    Attributes:
        name: File name as given.
        kind: List kind; empty when it could not be told.
        kind_label: Its Chinese name.
        state: ``taken_in``, ``refused`` or ``repeated``.
        received: Rows of the list: ``accepted + returned``.
        accepted: Rows that went in.
        returned: Rows that went back, each with its reason.
        flagged: Rows that went in with a warning.
        refusal: Why the list went back whole.
        notices: Other things to look at.
        list_id: ``exchange.ReceivedList``.
        people_new: Files opened for its people.
        facts_new: Statements nobody had made before.
        facts_same: Rows that repeated what was known.
        waiting: Rows that wait for a clerk; among the accepted.
        links: What became of each row, when it was asked for.
    """

    name: str
    kind: str
    kind_label: str
    state: str
    received: int
    accepted: int
    returned: int
    flagged: int
    refusal: str
    notices: tuple[str, ...]
    list_id: int
    people_new: int = 0
    facts_new: int = 0
    facts_same: int = 0
    waiting: int = 0
    links: tuple[LinkLine, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a batch; ``lists`` in the order of the files."""

    batch_id: int
    lists: tuple[TakenList, ...]

    @property
    def received(self) -> int:
        """Rows of all lists."""
        return sum(one.received for one in self.lists)

    @property
    def accepted(self) -> int:
        """Rows that went in."""
        return sum(one.accepted for one in self.lists)

    @property
    def returned(self) -> int:
        """Rows that went back."""
        return sum(one.returned for one in self.lists)

    @property
    def waiting(self) -> int:
        """Rows that wait for a clerk."""
        return sum(one.waiting for one in self.lists)


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column that was understood: its header, what it means, and its first values."""

    header: str
    name: str
    required: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A header that means nothing to us; ``suggestion`` may be empty."""

    header: str
    suggestion: str
    likeness: float
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that would go back, and why."""

    row_no: int
    name: str
    reasons: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a sheet would bring.

    Attributes:
        name: Name of the sheet.
        kind: List kind; empty when the sheet is not one.
        kind_label: Its Chinese name.
        nearest: The kind it comes nearest to, when it is none.
        title: What stands above the header.
        month: Month named in the title.
        place: Division named in the title, as written.
        header_row: Excel row of the header.
        headers: All headers as received.
        columns: Those that were understood.
        unknown: Those that were not, with suggestions.
        missing: Required columns that are not there.
        choices: Canonical names that a foreign column may be mapped to.
        first_rows: The first rows as text.
        received: Rows of the list.
        good: Rows without a problem of their own.
        bad: Rows that would go back.
        to_link: Good rows without a valid number: they go in only if their person is found by
            name, birth date and place.
        known: Good rows whose person has a file.
        new: Good rows for whose person a file would be opened.
        bad_rows: The first rows that would go back.
        skipped: Rows that are no rows of the list (合计 …): row and text.
        reason: Why the sheet is not taken in; empty when it is.
    """

    name: str
    kind: str = ""
    kind_label: str = ""
    nearest: str = ""
    title: str = ""
    month: date | None = None
    place: str = ""
    header_row: int | None = None
    headers: tuple[str, ...] = ()
    columns: tuple[ColumnPreview, ...] = ()
    unknown: tuple[UnknownColumn, ...] = ()
    missing: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    first_rows: tuple[tuple[str, ...], ...] = ()
    received: int = 0
    good: int = 0
    bad: int = 0
    to_link: int = 0
    known: int = 0
    new: int = 0
    bad_rows: tuple[BadRow, ...] = ()
    skipped: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FilePreview:
    """A file: its sheets, or why it would go back whole."""

    name: str
    size: int
    refusal: str = ""
    sheets: tuple[SheetPreview, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch would bring."""

    files: tuple[FilePreview, ...] = field(default_factory=tuple)

    @property
    def received(self) -> int:
        """Rows of all lists."""
        return sum(sheet.received for file in self.files for sheet in file.sheets)

    @property
    def good(self) -> int:
        """Rows without a problem of their own."""
        return sum(sheet.good for file in self.files for sheet in file.sheets)

    @property
    def bad(self) -> int:
        """Rows that would go back."""
        return sum(sheet.bad for file in self.files for sheet in file.sheets)
