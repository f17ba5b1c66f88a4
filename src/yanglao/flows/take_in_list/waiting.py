"""Rows that wait for a clerk, as they are kept; and what became of every row, for ``links.csv``."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from yanglao.domain.linkage.public import NewCandidate, NewWaiting
from yanglao.domain.people.public import KnownPerson
from yanglao.flows.take_in_list.linking import Verdicts, Waiting
from yanglao.flows.take_in_list.reading import ListRows
from yanglao.flows.take_in_list.storing import values_of
from yanglao.flows.take_in_list.types import LinkLine
from yanglao.kernel.division import common_division


def waiting_rows(
    rows: ListRows, verdicts: Verdicts, *, list_id: int, month: date | None, batch: int
) -> Iterator[NewWaiting]:
    """Give the rows of a list that wait, with all that is needed to take them in later."""
    if not verdicts.waiting:
        return
    columns, extras = values_of(rows)
    for position, waits in sorted(verdicts.waiting.items()):
        sheet = rows.sheet_of(position)
        yield NewWaiting(
            list_id=list_id,
            kind=rows.kind.value,
            month=month,
            batch=batch,
            sheet=sheet.name,
            row_no=rows.row_nos[position],
            row=rows.place_of(position),
            place_code=common_division([person.place_code for person, _ in waits.candidates]),
            name=rows.names[position],
            why=waits.why,
            key=waits.key,
            told=_told(waits, {name: column[position] for name, column in columns.items()})
            | {"extra": extras[position]},
            candidates=tuple(_candidates(waits)),
        )


def _told(waits: Waiting, values: dict[str, Any]) -> dict[str, Any]:
    claim = waits.claim
    return {
        "values": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
        },
        "written": claim.digits,
        "born": claim.born.isoformat() if claim.born else "",
        "sex": claim.sex,
        "place": claim.place,
        "phone": claim.phone,
        "household": claim.household,
    }


def _candidates(waits: Waiting) -> Iterator[NewCandidate]:
    for person, pair in waits.candidates:
        if pair is None:
            yield NewCandidate(person.id, 0.0, 0.0, {"number": "same"})
        else:
            yield NewCandidate(person.id, pair.probability, pair.weight, dict(pair.levels))


def link_lines(
    rows: ListRows, verdicts: Verdicts, people: dict[int, KnownPerson]
) -> tuple[LinkLine, ...]:
    """Return what became of each row of a list, in its order."""
    return tuple(_line(rows, verdicts, people, at) for at in range(len(rows)))


def _line(rows: ListRows, verdicts: Verdicts, people: dict[int, KnownPerson], at: int) -> LinkLine:
    sheet, row_no, found = rows.sheet_of(at).name, rows.row_nos[at], verdicts.found.get(at)
    person = verdicts.people[at]
    candidates = found.numbers if found else ()
    if at in verdicts.waiting:
        probability = found.probability if found else None
        return LinkLine(sheet, row_no, "desk", "", probability, candidates)
    if person is None:
        return LinkLine(sheet, row_no, "returned", "", None, candidates)
    outcome = "new" if at in verdicts.openers else "linked"
    number = people[person].id_number
    return LinkLine(sheet, row_no, outcome, number, found.probability if found else 1.0, candidates)
