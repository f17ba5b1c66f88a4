"""Keeping what departments handed over: files, batches, lists, notes, mappings."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection, transaction

from yanglao.domain.exchange.models import Batch, ColumnMapping, ReceivedList, RowNote
from yanglao.domain.exchange.queries import file_path
from yanglao.domain.exchange.types import Counts, ListHead, Note
from yanglao.foundation import audit, clock
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import keyed_digest, seal_rows, write_sealed
from yanglao.kernel.hiding import hide_numbers

#: Permission that handing in a list needs (``accounts.types.Permission``).
TAKE_IN = "take_in_lists"


def keep_file(data: bytes, *, acting: Reader) -> str:
    """Keep a received file as it is, sealed, under a keyed digest; return the digest.

    The same file is kept once. The digest is keyed, so that nobody can ask a stolen disk whether
    a certain file came.

    Raises:
        PermissionError: If the acting person may not take in lists.
    """
    if not acting.can(TAKE_IN):
        raise PermissionError("没有接收名单的权限。")
    file_hash = keyed_digest("file.lists", data)
    path = file_path(file_hash)
    if not path.exists():
        write_sealed(path, data)
    return file_hash


def record_batch(
    *, sender: str, division_code: str, month: date | None, full: bool, acting: Reader
) -> Batch:
    """Record one handing-over; its lists follow with :func:`record_list`.

    Raises:
        PermissionError: If the place lies outside the acting person's area.
        RuntimeError: When called outside a transaction: a batch stands with its lists or not.
    """
    _need_transaction()
    if not acting.covers(division_code):
        raise PermissionError("只能接收自己辖区的名单。")
    return Batch.objects.create(
        sender=sender,
        division_code=division_code,
        month=month,
        full=full,
        taken_at=clock.now(),
        taken_by_id=acting.user_id,
        taken_by=acting.name,
    )


def record_list(*, batch: Batch, head: ListHead, acting: Reader) -> ReceivedList:
    """Record one list of a batch, without counts yet (see :func:`record_rows`)."""
    _need_transaction()
    received_list = ReceivedList.objects.create(  # type: ignore[misc]  # secrets are properties
        batch=batch,
        kind=head.kind,
        place_code=head.place_code,
        file_name=hide_numbers(head.file_name)[:200],
        file_hash=head.file_hash,
        state=head.state,
        refusal=head.refusal[:300],
        sheets=head.sheets,
    )
    audit.record(
        acting,
        f"list_{head.state}",
        subject="list",
        subject_id=received_list.pk,
        place_code=head.place_code,
        detail={"kind": head.kind, "file": hide_numbers(head.file_name)[:200]},
    )
    return received_list


def record_rows(
    *, received_list: ReceivedList, counts: Counts, notes: Iterable[Note], acting: Reader
) -> None:
    """Write what became of a list's rows: the counts, and the rows that went back or were flagged.

    The table itself refuses counts that do not add up.

    Raises:
        PermissionError: If the list is of a place outside the acting person's area.
    """
    _need_transaction()
    if not acting.covers(received_list.place_code):
        raise PermissionError("只能接收自己辖区的名单。")
    listed = list(notes)
    sealed = seal_rows(RowNote, map(_secrets_of, listed))
    fields = {**asdict(counts), "received": counts.received}
    for name, count in fields.items():
        setattr(received_list, name, count)
    received_list.save(update_fields=sorted(fields))
    bulk_insert(
        RowNote._meta.db_table,
        ("received_list_id", "returned", "sheet", "row_no", "sealed"),
        (
            (received_list.pk, note.returned, hide_numbers(note.sheet)[:60], note.row_no, envelope)
            for note, envelope in zip(listed, sealed, strict=True)
        ),
    )


def answer_row_again(
    *, list_id: int, sheet: str, row_no: int, returned: bool, reason: str, acting: Reader
) -> None:
    """Change the answer to one row: it goes back after all, or it does not.

    Inside the caller's transaction. Received stays accepted plus returned.

    Raises:
        ReceivedList.DoesNotExist: If there is no such list.
        PermissionError: If the role may not take in lists.
    """
    _need_transaction()
    if not acting.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    received_list = ReceivedList.objects.get(pk=list_id)
    note = (
        RowNote.objects.filter(received_list=received_list, sheet=sheet[:60], row_no=row_no)
        .order_by("id")
        .first()
    )
    if note is None or note.returned == returned:
        return
    note.returned, note.reasons = returned, reason
    note.save()
    step = 1 if returned else -1
    received_list.returned += step
    received_list.accepted -= step
    received_list.flagged = max(0, received_list.flagged - step)
    received_list.save(update_fields=["returned", "accepted", "flagged"])


@transaction.atomic
def remember_mapping(*, sender: str, kind: str, mapping: Mapping[str, str], acting: Reader) -> None:
    """Remember what a sender's own column names mean; a later word replaces an earlier one.

    Args:
        sender: Whose names they are.
        kind: For which list kind.
        mapping: Foreign name to canonical name; an empty one confirms a column as extra.
        acting: Who confirmed it.

    Raises:
        ValueError: Without a sender: a mapping that belongs to nobody would apply to everybody.
    """
    if not sender:
        raise ValueError("请写明报送单位，列名对应关系按单位记住。")
    for foreign_name, column_name in mapping.items():
        ColumnMapping.objects.update_or_create(
            sender=sender,
            kind=kind,
            foreign_name=foreign_name[:80],
            defaults={
                "column_name": column_name,
                "confirmed_by": acting.name,
                "confirmed_at": clock.now(),
            },
        )
    audit.record(
        acting,
        "mapping_remembered",
        subject="sender",
        subject_id=sender[:60],
        detail={"kind": kind, "columns": len(mapping)},
    )


@transaction.atomic
def forget_mapping(*, sender: str, kind: str, acting: Reader) -> int:
    """Forget what a sender's column names mean for a kind; return how many were known."""
    count, _ = ColumnMapping.objects.filter(sender=sender, kind=kind).delete()
    audit.record(
        acting,
        "mapping_forgotten",
        subject="sender",
        subject_id=sender[:60],
        detail={"kind": kind, "columns": count},
    )
    return count


def _secrets_of(note: Note) -> dict[str, Any]:
    reasons = "\n".join(note.reasons)
    return {"name": note.name[:80], "reasons": reasons, "cells": list(note.cells)}


def _need_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("lists are recorded inside the transaction of their batch")
