"""Rows that wait: put there, decided about, taken back."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from yanglao.domain.exchange.public import answer_row_again
from yanglao.domain.linkage.models import Candidate, WaitingRow
from yanglao.domain.linkage.queries import get_row
from yanglao.domain.linkage.types import Decision, NewWaiting, RowState
from yanglao.domain.people.public import (
    VALUE_FIELDS,
    Kind,
    StatementBatch,
    find_by_numbers,
    get_person,
    known_by_ids,
    record_contacts,
    refresh_people,
    restore_statements,
    statements_as_they_are,
    take_statements,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import seal_rows
from yanglao.foundation.staging import one_writer
from yanglao.kernel.idnumber import read_id_number
from yanglao.kernel.whole_words import whole

_CANDIDATE = ("waiting_row_id", "person_id", "rank", "probability", "weight", "levels")


class CannotDecide(ValueError):
    """The decision cannot be taken; the message says in Chinese why and what to do."""


def put_waiting(rows: Iterable[NewWaiting], *, acting: Reader) -> int:
    """Let rows of a list wait for a clerk; return how many. Inside the caller's transaction.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    now = clock.now()
    new = list(rows)
    texts = (json.dumps(one.told, ensure_ascii=False) for one in new)
    # All at once: one by one, sealing costs more than all else.
    sealed = seal_rows(WaitingRow, ({"told": text} for text in texts))
    made = [
        WaitingRow(
            received_list_id=one.list_id,
            kind=one.kind,
            month=one.month,
            batch=one.batch,
            sheet=one.sheet[:60],
            row_no=one.row_no,
            row=one.row[:40],
            place_code=one.place_code,
            name=one.name[:80],
            why=one.why,
            key=one.key,
            came_at=now,
            sealed=envelope,
        )
        for one, envelope in zip(new, sealed, strict=True)
    ]
    WaitingRow.objects.bulk_create(made, batch_size=2000)
    if made:
        bulk_insert(Candidate._meta.db_table, _CANDIDATE, _candidates(made, new))
    return len(made)


def _candidates(
    made: Iterable[WaitingRow], new: Iterable[NewWaiting]
) -> Iterator[tuple[int, int, int, float, float, str]]:
    """Give the candidates of waiting rows as they are stored."""
    # Many meet the same levels: a text is made of each once.
    texts: dict[tuple[tuple[str, str], ...], str] = {}
    for row, one in zip(made, new, strict=True):
        for rank, candidate in enumerate(one.candidates):
            levels = tuple(candidate.levels.items())
            if levels not in texts:
                texts[levels] = json.dumps(candidate.levels)
            odds = (candidate.probability, candidate.weight)
            yield (row.pk, candidate.person_id, rank, *odds, texts[levels])


@transaction.atomic
def decide_row(
    *,
    row_id: int,
    decision: Decision | str,
    acting: Reader,
    person_id: int | None = None,
    number: str = "",
    reason: str = "",
) -> WaitingRow:
    """Say whose a waiting row is, or that it goes back to its sender.

    The row's statement is then the person's as if it had been linked when the list came in.

    Args:
        row_id: The row.
        decision: What is decided.
        acting: Who decides.
        person_id: Whose the row is, for ``SAME``: one of the candidates.
        number: The right ID number, for ``NUMBER``: of somebody who has a file.
        reason: Where the clerk knows it from; asked for when the row goes back.

    Raises:
        WaitingRow.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
        CannotDecide: With what to do.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有处理名单的权限。")
    one_writer("people")
    row = get_row(acting, row_id)
    if row.state != RowState.WAITING:
        raise CannotDecide("这一行已经有人处理过了，请刷新页面。")
    decision, reason = Decision(decision), whole(reason, 200, CannotDecide)
    if decision == Decision.RETURN:
        _send_back(row, reason, acting)
    else:
        whose = _whose(row, decision, person_id, number, acting)
        _attach(row, whose, acting)
    row.decided_at, row.decided_by = clock.now(), acting.name[:80]
    row.reason = reason
    row.save()
    audit.record(
        acting,
        "row_decided",
        subject="waiting_row",
        subject_id=row.pk,
        place_code=row.place_code,
        reason=row.reason,
        detail={"decision": decision.value, "person": row.person_id},
    )
    return row


@transaction.atomic
def take_back_decision(*, row_id: int, acting: Reader, reason: str = "") -> WaitingRow:
    """Let a row wait again: what its decision attached is taken from the person.

    Raises:
        WaitingRow.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
        CannotDecide: If it waits already.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有处理名单的权限。")
    one_writer("people")
    row = get_row(acting, row_id)
    if row.state == RowState.WAITING:
        raise CannotDecide("这一行还没有处理。")
    if row.state == RowState.RETURNED:
        answer_row_again(
            list_id=row.received_list_id,
            sheet=row.sheet,
            row_no=row.row_no,
            returned=False,
            reason="待人工确认是哪一位",
            acting=acting,
        )
    elif row.person_id is not None:
        restore_statements(
            Kind(row.kind), row.person_id, row.undo["before"], list_id=row.received_list_id,
            row=row.row, acting=acting,
        )  # fmt: skip
        refresh_people({row.person_id}, acting=acting)
    row.state, row.person_id, row.decided_at, row.decided_by = RowState.WAITING, None, None, ""
    row.reason, row.undo = "", {}
    row.save()
    audit.record(
        acting,
        "row_decision_taken_back",
        subject="waiting_row",
        subject_id=row.pk,
        place_code=row.place_code,
        reason=whole(reason, 200, CannotDecide),
    )
    return row


def _send_back(row: WaitingRow, reason: str, acting: Reader) -> None:
    if not reason:
        raise CannotDecide("退回时请写一句原因，报送单位会看到。")
    answer_row_again(
        list_id=row.received_list_id,
        sheet=row.sheet,
        row_no=row.row_no,
        returned=True,
        reason=reason,
        acting=acting,
    )
    row.state = RowState.RETURNED


def _whose(
    row: WaitingRow, decision: Decision, person_id: int | None, number: str, acting: Reader
) -> int:
    """Return whose row it is."""
    if decision == Decision.SAME:
        chosen = person_id or 0
        if not Candidate.objects.filter(waiting_row=row, person_id=chosen).exists():
            raise CannotDecide("请从列出的人里选一位。")
        return get_person(acting, chosen).pk
    read = read_id_number(number)
    if read.number is None:
        raise CannotDecide(read.sentence)
    found = find_by_numbers([read.number.text]).get(read.number.text)
    if found is None:
        raise CannotDecide("这个号码还没有档案。请让报送单位用正确号码重报，这里先退回。")
    if not any(acting.covers(code) for code in found.codes):
        raise CannotDecide("这个号码的人不在您的辖区内。")
    return found.id


@dataclass(frozen=True, slots=True)
class _Told:
    values: dict[str, Any]
    extra: str
    phone: str


def _attach(row: WaitingRow, person_id: int, acting: Reader) -> None:
    """Make the row's statement the person's."""
    kind = Kind(row.kind)
    told = _read_told(row)
    row.undo = {"before": statements_as_they_are(kind, person_id)}
    take_statements(
        StatementBatch(
            kind=kind,
            list_id=row.received_list_id,
            month=row.month,
            person_ids=[person_id],
            rows=[row.row],
            values={name: [value] for name, value in told.values.items()},
            extras=[told.extra],
        ),
        batch=row.batch,
        acting=acting,
    )
    if told.phone:
        record_contacts(
            [(person_id, told.phone)],
            kind=row.kind,
            list_id=row.received_list_id,
            acting=acting,
        )
    refresh_people({person_id}, acting=acting)
    row.person_id, row.state = person_id, RowState.LINKED
    if not known_by_ids([person_id]):
        raise CannotDecide("这份档案已经并入另一份，请刷新页面。")


def _read_told(row: WaitingRow) -> _Told:
    told = json.loads(row.told)
    dates = {field.name for field in VALUE_FIELDS[Kind(row.kind)] if field.type == "date"}
    values = {
        name: date.fromisoformat(value) if name in dates and value else value
        for name, value in told["values"].items()
    }
    return _Told(values, told["extra"], told.get("phone", ""))
