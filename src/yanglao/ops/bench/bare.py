"""What encryption, scoping and the record of acts cost: the same work in a process without them.

Nothing in the product can be turned off. The process of one measurement puts cheap functions in
the places of the real ones, in its own memory, and only over a database of invented people that
this program made for measuring: :func:`mark_invented` says so.

What stays is what would be there without protection too: numbers are found by an index, equal
statements by a digest (a fast one), secrets stand in one text a row.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, models, transaction
from django.db.models import Q

from yanglao.foundation import audit, scoping
from yanglao.foundation.audit import chain, guards
from yanglao.foundation.home import home
from yanglao.foundation.secrets import masks, opening, sealing

#: A file in the home of an installation that was made for measuring.
MARK = "invented-for-measuring"
#: In front of a text that is not sealed; no key version has this number.
_PLAIN = b"\0"
_DEMENTIA = "people.healthentry.dementia"
_CODES = {None: 0, False: 1, True: 2}
#: As they are before anything is exchanged.
_REAL_UNMASK = masks.unmask_column


def mark_invented(folder: Path) -> None:
    """Say that everybody in this installation is invented and nothing of it will be kept."""
    (folder / MARK).write_text("made by yanglao bench; delete at will\n")


def lay_bare() -> None:
    """Take protection out of this process.

    Raises:
        RuntimeError: If the installation was not made for measuring.
    """
    if not (home() / MARK).exists():
        raise RuntimeError("保护只能在 yanglao bench 自己造的虚构数据上去掉，用来比较用时。")
    for real, cheap in _swaps():
        _put_in_place(real, cheap)
    for name in ("covers", "reaches"):
        setattr(scoping.Reader, name, _always)
    with transaction.atomic(), connection.cursor() as cursor:
        for text in guards.lift_statements(connection.vendor):
            cursor.execute(text)
        _uncover(cursor)
    if connection.vendor == "sqlite":
        # The measured step finds the file as it would be, and not half of it in the journal.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _swaps() -> list[tuple[Callable[..., Any], Callable[..., Any]]]:
    """Return each function of protection with what stands in for it."""
    return [
        (sealing._seal, lambda version, purpose, data: _PLAIN + data),
        (sealing._indexes, _plain_indexes),
        (sealing.seal_many, _plain_many),
        (sealing.unseal_bytes, _plain_bytes),
        (sealing.keyed_digest, lambda purpose, data: hashlib.blake2s(data).hexdigest()),
        (opening.opened_many, _opened_plain),
        (masks.mask_many, lambda purpose, answers: [_CODES[answer] for answer in answers]),
        (masks.unmask_column, _unmasked),
        (audit.record, _nothing),
        (audit.read, _nothing),
        (audit.refused, _nothing),
        (chain.link_waiting, lambda: (0, [])),
        (scoping.area_condition, lambda reader, field_name="place_code": Q()),
        (scoping.within_area, lambda rows, reader, field_name="place_code": rows),
        (scoping.within_reach, lambda rows, reader, field_name="place_code": rows),
    ]


def _put_in_place(real: Callable[..., Any], cheap: Callable[..., Any]) -> None:
    """Exchange a function wherever a module of this program has it by name."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] != "yanglao":
            continue
        for attribute, value in list(vars(module).items()):
            if value is real:
                setattr(module, attribute, cheap)


def _always(*_args: object, **_named: object) -> bool:
    """Let everybody see everything."""
    return True


def _nothing(*_args: object, **_named: object) -> None:
    """Write nothing down."""


def _plain_many(purpose: str, texts: Iterable[str | None]) -> list[bytes | None]:
    return [None if text is None else _PLAIN + text.encode() for text in texts]


def _plain_bytes(purpose: str, sealed: bytes | memoryview) -> bytes:
    """Return a text that was not sealed; one that was, was sealed before the measurement."""
    whole = bytes(sealed)
    if whole[:1] == _PLAIN:
        return whole[1:]
    version = sealing.find_version(whole[0])
    return sealing._open(version, purpose.encode(), whole)


def _opened_plain(
    model: type[models.Model], sealed: Iterable[bytes | memoryview], name: str
) -> list[str]:
    purpose = model._meta.label_lower
    return [str(json.loads(_plain_bytes(purpose, one)).get(name, "")) for one in sealed]


def _plain_indexes(purpose: str, texts: Sequence[str], keys: Sequence[bytes]) -> list[bytes]:
    """Return short texts as they are, and a fast digest of long ones."""
    return [
        text.encode()
        if len(text) <= 20
        else hashlib.blake2b(text.encode(), digest_size=16).digest()
        for text in texts
    ]


def _unmasked(purpose: str, masked: pa.Array) -> pa.Array:
    told = pc.bit_wise_and(pc.fill_null(masked.cast(pa.int64()), 0), 3)
    return pc.if_else(pc.greater(told, 0), pc.equal(told, 2), pa.scalar(None, pa.bool_()))


def _uncover(cursor: Any) -> None:
    """Put answers in the place of masked ones."""
    cursor.execute("SELECT id, dementia_mask FROM people_healthentry ORDER BY id")
    ids, covered = zip(*cursor.fetchall(), strict=True)
    answers = _REAL_UNMASK(_DEMENTIA, pa.array(covered, pa.int64())).to_pylist()
    plain = [(_CODES[answer], pk) for pk, answer in zip(ids, answers, strict=True)]
    cursor.executemany("UPDATE people_healthentry SET dementia_mask = %s WHERE id = %s", plain)
