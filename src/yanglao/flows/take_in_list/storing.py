"""Linked rows to statements, notes and counts."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from yanglao.domain.exchange.public import Counts, Note
from yanglao.domain.people.public import VALUE_FIELDS, Kind, StatementBatch, Stored
from yanglao.flows.take_in_list.linking import Verdicts
from yanglao.flows.take_in_list.reading import ListRows

#: Fields that the intake engine calls otherwise.
_ENGINE_NAMES = {"longitude": "lng", "latitude": "lat"}


def statements_of(
    rows: ListRows, verdicts: Verdicts, *, list_id: int, month: date | None
) -> StatementBatch:
    """Return the accepted rows of a list as statements."""
    accepted = [at for at, person in enumerate(verdicts.people) if person is not None]
    whole = len(accepted) == len(rows)

    def pick(column: Sequence[Any]) -> list[Any]:
        return list(column) if whole else [column[at] for at in accepted]

    columns, extras = values_of(rows)
    values = {name: pick(column) for name, column in columns.items()}
    return StatementBatch(
        kind=rows.kind,
        list_id=list_id,
        month=month,
        person_ids=pick(verdicts.people),
        rows=pick(rows.places()),
        values=values,
        extras=pick(extras),
    )


def values_of(rows: ListRows) -> tuple[dict[str, Sequence[Any]], list[str]]:
    """Return the coded values of a list by field, and the columns we have no field for."""
    values: dict[str, Sequence[Any]] = {}
    for field in VALUE_FIELDS[rows.kind]:
        column = rows.values.get(_ENGINE_NAMES.get(field.name, field.name))
        if rows.kind is Kind.HOUSEHOLD and field.name == "name":
            column = rows.names
        if column is not None:
            values[field.name] = column
    return values, _extras(rows)


def phones_of(rows: ListRows, verdicts: Verdicts) -> list[tuple[int, str]]:
    """Return the telephone numbers that a list gives beside what it is about.

    A survey's own numbers are part of its statements.
    """
    phones = rows.values.get("phone")
    if phones is None or rows.kind is Kind.SURVEY:
        return []
    pairs = zip(verdicts.people, phones, strict=True)
    return [(person, phone) for person, phone in pairs if person is not None and phone]


def counts_of(rows: ListRows, verdicts: Verdicts, stored: Stored) -> Counts:
    """Return the counts of a list; every row is either accepted or returned.

    A row that waits for a clerk has been accepted: its sender need not send it again.
    """
    accepted = sum(person is not None for person in verdicts.people) + len(verdicts.waiting)
    noted = (*rows.warnings, *verdicts.remarks)
    flagged = {at for at in noted if _goes_in(verdicts, at)}
    return Counts(
        accepted=accepted,
        returned=len(rows) - accepted,
        flagged=len(flagged),
        people_new=verdicts.opened,
        facts_new=stored.new,
        facts_same=stored.same,
    )


def notes_of(rows: ListRows, verdicts: Verdicts) -> Iterator[Note]:
    """Give the rows that went back or came in with a warning, in the order of the file."""
    noted = {*verdicts.reasons, *verdicts.remarks, *rows.warnings}
    for at in sorted(noted):
        returned = not _goes_in(verdicts, at)
        warnings = [problem.message for problem in rows.warnings.get(at, ())]
        reasons = verdicts.reasons[at] if returned else [*verdicts.remarks.get(at, ()), *warnings]
        yield Note(
            returned=returned,
            sheet=rows.sheet_of(at).name,
            row_no=rows.row_nos[at],
            name=rows.names[at],
            reasons=tuple(dict.fromkeys(reasons)),
            cells=rows.cells_of(at),
        )


def _goes_in(verdicts: Verdicts, at: int) -> bool:
    return verdicts.people[at] is not None or at in verdicts.waiting


def _extras(rows: ListRows) -> list[str]:
    """Return the columns we have no field for, one JSON object a row, ``""`` for none."""
    if not rows.extras:
        return [""] * len(rows)
    # Written by hand: the encoder is asked once for each text, not once for each row.
    keys = [json.dumps(header, ensure_ascii=False) + ": " for header in rows.extras]
    words: dict[str, str] = {}
    found = []
    for texts in zip(*rows.extras.values(), strict=True):
        parts = []
        for key, text in zip(keys, texts, strict=True):
            if text:
                word = words.get(text)
                if word is None:
                    words[text] = word = json.dumps(text, ensure_ascii=False)
                parts.append(key + word)
        found.append("{" + ", ".join(parts) + "}" if parts else "")
    return found
