"""Statements of lists: what is new is added, what is known is only seen again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.domain.people.queries import seen_month
from yanglao.domain.people.types import (
    OWN_DATES,
    VALUE_FIELDS,
    Kind,
    StatementBatch,
    Stored,
    digests,
    encode_values,
)
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import run_sql, staged

_HEAD = (
    "person_id",
    "holds_from",
    "seen_from",
    "seen_to",
    "first_list_id",
    "first_row",
    "last_batch",
    "last_list_id",
    "last_row",
    "digest",
    "extra",
    "entered_by",
    "entry_reason",
)


def take_statements(statements: StatementBatch, *, batch: int, acting: Reader) -> Stored:
    """Store the accepted rows of one list, set-based, inside the caller's transaction.

    A row that says what the person's newest statement of the kind says already extends it;
    anything else becomes a statement of its own. All rows of a list are kept, two of one person
    too: which of them is in force on a day is decided when facts are loaded.

    Raises:
        PermissionError: If the acting person may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    if not statements.person_ids:
        return Stored(0, 0)
    kind = statements.kind
    encoded = encode_values(kind, statements.values, len(statements.person_ids))
    sorter = _Sorter(statements, encoded, batch, seen_month(kind, statements.month))
    sorter.sort(_known_statements(kind, statements.person_ids))
    fields = tuple(field.name for field in VALUE_FIELDS[kind] if field.name not in _HEAD)
    bulk_insert(_table(kind), _HEAD + fields, sorter.new_rows)
    _extend(kind, sorter.seen_again, sorter.month, batch, statements.list_id)
    return Stored(len(sorter.new_rows), sorter.same, frozenset(sorter.changed))


class _Known(NamedTuple):
    """A statement that stands already."""

    id: int
    seen_from: date
    seen_to: date
    last_batch: int


@dataclass(slots=True)
class _KnownOfPerson:
    """A person's statements of a kind by digest, and the newest month among them."""

    newest: date
    by_digest: dict[str, list[_Known]]


def _known_statements(kind: Kind, person_ids: Sequence[int]) -> dict[int, _KnownOfPerson]:
    found: dict[int, _KnownOfPerson] = {}
    table = _table(kind)
    asked: Any = ((pk,) for pk in sorted(set(person_ids)))
    with staged("people_asked", {"id": "int"}, asked), connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT e.person_id, e.digest, e.id, e.seen_from, e.seen_to, e.last_batch
            FROM people_asked AS a JOIN {table} AS e ON e.person_id = a.id ORDER BY e.id"""
        )
        rows = cursor.fetchall()
    for person_id, digest, pk, seen_from, seen_to, last_batch in rows:
        known = _Known(pk, _day(seen_from), _day(seen_to), last_batch)
        person = found.get(person_id)
        if person is None:
            found[person_id] = _KnownOfPerson(known.seen_to, {digest: [known]})
            continue
        person.newest = max(person.newest, known.seen_to)
        person.by_digest.setdefault(digest, []).append(known)
    return found


class _Sorter:
    """Sorts the rows of a list into new statements and ones that are seen again."""

    def __init__(
        self,
        statements: StatementBatch,
        encoded: list[Sequence[Any]],
        batch: int,
        month: date,
    ) -> None:
        self.statements = statements
        self.encoded = encoded
        self.batch = batch
        self.month = month
        self.new_rows: list[tuple[Any, ...]] = []
        self.seen_again: dict[int, str] = {}
        self.same = 0
        self.changed: set[int] = set()

    def sort(self, known: dict[int, _KnownOfPerson]) -> None:
        """Go through the rows once, in the order of the list."""
        in_list: set[tuple[int, str]] = set()
        for person_id, digest, row, tail in self._rows():
            stands = self._stands(known.get(person_id), digest)
            if stands is not None:
                if stands.seen_to <= self.month:
                    self.seen_again[stands.id] = row
                self.same += 1
            elif (person_id, digest) in in_list:
                self.same += 1
            else:
                in_list.add((person_id, digest))
                self.changed.add(person_id)
                self.new_rows.append(self._new(person_id, digest, row, tail))

    def _rows(self) -> Iterator[tuple[int, str, str, tuple[Any, ...]]]:
        own = OWN_DATES.get(self.statements.kind)
        names = [field.name for field in VALUE_FIELDS[self.statements.kind]]
        count = len(self.statements.person_ids)
        told = None if self.statements.month is None else self.month.isoformat()
        holds: Sequence[str | None] = [told] * count
        if own is not None:
            holds = [day or told for day in self.encoded[names.index(own)]]
        stored = [c for name, c in zip(names, self.encoded, strict=True) if name not in _HEAD]
        extras = self.statements.extras or [""] * count
        tails = zip(holds, extras, *stored, strict=True)
        return zip(
            self.statements.person_ids,
            digests(self.encoded),
            self.statements.rows,
            tails,
            strict=True,
        )

    def _stands(self, person: _KnownOfPerson | None, digest: str) -> _Known | None:
        """Return the statement that says the same and is not outdated, if there is one."""
        if person is None:
            return None
        for known in person.by_digest.get(digest, ()):
            newest = known.seen_to == person.newest and known.seen_from <= self.month
            within = known.seen_from <= self.month <= known.seen_to
            if newest or within:
                return known
        return None

    def _new(self, person_id: int, digest: str, row: str, tail: tuple[Any, ...]) -> tuple[Any, ...]:
        holds_from, extra, *values = tail
        month, list_id = self.month.isoformat(), self.statements.list_id
        return (
            person_id,
            holds_from,
            month,
            month,
            list_id,
            row,
            self.batch,
            list_id,
            row,
            digest,
            extra,
            "",
            "",
            *values,
        )


def _extend(
    kind: Kind, seen_again: dict[int, str], month: date, batch: int, list_id: int | None
) -> None:
    if not seen_again:
        return
    table = _table(kind)
    seen: Any = sorted(seen_again.items())
    with staged("people_seen", {"id": "int", "last_row": "text"}, seen):
        run_sql(
            f"""UPDATE {table} SET seen_to = %s, last_batch = %s, last_list_id = %s,
                last_row = t.last_row FROM people_seen AS t WHERE t.id = {table}.id""",
            (month.isoformat(), batch, list_id),
        )


def _table(kind: Kind) -> str:
    return ENTRY_MODELS[kind]._meta.db_table


def _day(value: date | str) -> date:
    """Return a day as the database's raw cursor gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value
