"""Rows pushed by another system: written as a list of their kind, and taken in like any list.

There is one way in. What comes as JSON becomes a CSV with the kind's own columns and goes through
``take_in_list``; the verdict of each row is read back from what was kept of the list.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanglao.domain.clients.public import ApiKey
from yanglao.domain.exchange.public import (
    ListState,
    ReceivedList,
    batches,
    earlier_lists,
    lists,
    notes,
)
from yanglao.domain.linkage.public import rows_that_wait
from yanglao.engines.intake.furniture import Furniture
from yanglao.engines.intake.kinds import KINDS, ListKind
from yanglao.engines.intake.recognise import recognise
from yanglao.engines.intake.workbook import Sheet
from yanglao.flows.check_conflicts import ask_to_look
from yanglao.flows.take_in_list import take_in
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.kernel.characters import unseen_at

#: Rows that one push may bring.
MOST_ROWS = 100_000
#: Longest text of one cell.
LONGEST_CELL = 400
#: Header of the list comes first: row 1 of a push is line 2 of its list.
_FIRST_LINE = 2
_BLANKS = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\u2028": " ", "\u2029": " "})


@dataclass
class BadRow(Exception):
    """A row that is no row at all; nothing of the push is taken in.

    Attributes:
        at: Its position, from 0. column: Which column; empty for the whole row. why: In Chinese.
    """

    at: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What became of a row: ``row`` counts from 1; ``verdict`` accepted, returned or desk."""

    row: int
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a push: received is accepted plus returned; what waits is accepted."""

    batch_id: int
    list_id: int
    state: str
    received: int
    accepted: int
    returned: int
    people_new: int
    facts_new: int
    facts_same: int
    refusal: str
    notices: tuple[str, ...]
    verdicts: tuple[RowVerdict, ...]
    outcome: dict[str, Any]


def kinds_of_lists() -> list[dict[str, Any]]:
    """Return the kinds with their columns, as another system needs them to write rows."""
    return [
        {
            "kind": kind.code,
            "label": kind.label,
            "sender": kind.sender,
            "columns": [
                {
                    "name": column.name,
                    "type": column.kind,
                    "required": column.required,
                    "values": [choice.label for choice in column.choices],
                }
                for column in kind.all_columns
            ],
        }
        for kind in KINDS.values()
    ]


def cell_of(value: object) -> str:
    """Return a JSON value as the text of a cell.

    Raises:
        ValueError: For something no cell can hold, with the reason in Chinese.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    elif isinstance(value, str):
        text = value.translate(_BLANKS)
    else:
        raise ValueError("只能是文字、数字、是否或空")
    if len(text) > LONGEST_CELL:
        raise ValueError(f"超过 {LONGEST_CELL} 个字")
    if unseen_at(text) is not None:
        raise ValueError("有看不见的控制字符")
    return text


def checked_row(at: int, row: Mapping[str, Any], kind: str) -> list[str]:
    """Return the cells of a row in the order of the kind's columns.

    Raises:
        BadRow: For a column that the kind does not have, or a value no cell can hold.
    """
    columns = _columns(KINDS[kind])
    strange = [name for name in row if name not in columns]
    if strange:
        raise BadRow(at, str(strange[0])[:80], f"“{KINDS[kind].label}”没有这一列")
    cells = [""] * len(columns)
    for name, value in row.items():
        try:
            cells[columns[name]] = cell_of(value)
        except ValueError as problem:
            raise BadRow(at, name, str(problem)) from problem
    return cells


def push_rows(
    rows: Sequence[Sequence[str]],
    *,
    kind: str,
    division: str,
    month: date | None,
    full: bool,
    sender: str,
    acting: Reader,
) -> Pushed:
    """Take rows in as one list of one kind.

    A row that intake would pass over (empty, a total, a heading) goes back like any bad row.

    Args:
        rows: From :func:`checked_row`.
        kind: List kind.
        division: Of which place the list is.
        month: Of which month; ``None``: as of today.
        full: Whether the list is complete for kind, place and month.
        sender: Who made it.
        acting: The reader of the key.

    Raises:
        yanglao.flows.take_in_list.CannotTakeIn: When the list as a whole is asked for wrongly.
        PermissionError: When the key may not hand in lists, or not for this place.
    """
    headers = list(_columns(KINDS[kind]))
    left_out = _furniture(headers, rows, kind)
    kept = [row for at, row in enumerate(rows) if at not in left_out]
    taken = take_in(
        [(f"接口报送-{KINDS[kind].label}.csv", _as_csv(headers, kept))],
        acting=acting,
        division=division,
        month=month,
        full=full,
        sender=sender,
        kind=kind,
    )
    ask_to_look(acting.area)
    outcome = {
        "batch": taken.batch_id,
        "rows": len(rows),
        "left_out": {str(at): why for at, why in left_out.items()},
    }
    return told_again(outcome, notices=taken.lists[0].notices)


def told_again(outcome: Mapping[str, Any], *, notices: tuple[str, ...] = ()) -> Pushed:
    """Return what became of a push, read from what was kept of it.

    Args:
        outcome: ``Pushed.outcome`` of the push, which the caller knows to be his own.
        notices: What there was to look at in the list as a whole.
    """
    # Unscoped: the push was this key's own.
    everywhere = system_reader()
    found = lists(everywhere).filter(batch_id=outcome["batch"]).first()
    if found is None:
        raise LookupError(f"batch {outcome['batch']} has no list")
    source = found
    if found.state == ListState.REPEATED:
        batch = batches(everywhere).get(pk=outcome["batch"])
        source = next(iter(earlier_lists(found.file_hash, batch)), found)
    verdicts = tuple(_verdicts(found, source, outcome))
    # A row that waits for a clerk has been accepted: it need not be sent again.
    returned = sum(one.verdict == "returned" for one in verdicts)
    return Pushed(
        batch_id=found.batch_id,
        list_id=found.pk,
        state=str(found.state),
        received=len(verdicts),
        accepted=len(verdicts) - returned,
        returned=returned,
        people_new=found.people_new,
        facts_new=found.facts_new,
        facts_same=found.facts_same,
        refusal=found.refusal,
        notices=notices,
        verdicts=verdicts,
        outcome=dict(outcome),
    )


def record_push(key: ApiKey, acting: Reader, pushed: Pushed) -> None:
    """Write down that a key pushed; in the caller's transaction."""
    audit.record(
        acting,
        "api_list_pushed",
        subject="api_key",
        subject_id=key.pk,
        place_code=key.area_code,
        detail={"batch": pushed.batch_id, "received": pushed.received, "state": pushed.state},
    )


def _verdicts(
    found: ReceivedList, source: ReceivedList, outcome: Mapping[str, Any]
) -> Iterator[RowVerdict]:
    """Give the verdict of every row that was pushed, in order."""
    left_out: Mapping[str, str] = outcome["left_out"]
    refused = found.state == ListState.REFUSED
    noted = {
        note.row_no: (note.returned, tuple(note.reasons.split("\n")))
        for note in notes(source, returned=None)
    }
    waiting = {row_no for _, row_no in rows_that_wait(source.pk)}
    line = _FIRST_LINE
    for at in range(int(outcome["rows"])):
        why = left_out.get(str(at))
        if why is not None or refused:
            yield RowVerdict(at + 1, "returned", (why or found.refusal,))
            line += why is None
            continue
        returned, reasons = noted.get(line, (False, ()))
        verdict = "returned" if returned else "desk" if line in waiting else "accepted"
        yield RowVerdict(at + 1, verdict, reasons)
        line += 1


def _columns(kind: ListKind) -> dict[str, int]:
    return {column.name: at for at, column in enumerate(kind.all_columns)}


def _furniture(headers: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> dict[int, str]:
    """Return the rows that intake would pass over, each with why: every row has a verdict."""
    held: list[list[object]] = [list(row) for row in rows]
    recognition = recognise(Sheet("接口", [list(headers), *held[:5]]), None, kind)
    furniture = Furniture(recognition)
    found = {at: furniture.why_not(held[at]) for at in furniture.suspects(held)}
    return {at: f"这一行不是名单内容（{why}）" for at, why in found.items() if why is not None}


def _as_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue().encode()
