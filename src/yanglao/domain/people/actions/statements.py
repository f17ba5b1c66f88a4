"""Statements of lists: what is new is added, what is known is only seen again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.domain.people.queries import seen_month
from yanglao.domain.people.queries.storing import mask_dementia, seal_statements, sealed_names
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
    "entered_by",
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
    bulk_insert(_table(kind), sorter.columns, sorter.new_rows())
    _extend(kind, sorter.seen_again, sorter.month, batch, statements.list_id)
    return Stored(len(sorter.fresh), sorter.same, frozenset(sorter.changed))


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
        self.kind = statements.kind
        self.fields = VALUE_FIELDS[statements.kind]
        #: Position, digest, row and day of what is new.
        self.fresh: list[tuple[int, str, str, str | None]] = []
        self.seen_again: dict[int, str] = {}
        self.same = 0
        self.changed: set[int] = set()

    def sort(self, known: dict[int, _KnownOfPerson]) -> None:
        """Go through the rows once, in the order of the list."""
        in_list: set[tuple[int, str]] = set()
        for at, (person_id, digest, row, holds) in enumerate(self._rows()):
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
                self.fresh.append((at, digest, row, holds))

    def _rows(self) -> Iterator[tuple[int, str, str, str | None]]:
        told = None if self.statements.month is None else self.month.isoformat()
        count = len(self.statements.person_ids)
        holds: Sequence[str | None] = [told] * count
        own = OWN_DATES.get(self.kind)
        if own is not None:
            holds = [day or told for day in self._column(own)]
        found = digests(self.kind, self.statements.person_ids, self.encoded)
        return zip(self.statements.person_ids, found, self.statements.rows, holds, strict=True)

    def _column(self, name: str) -> Sequence[Any]:
        return self.encoded[[field.name for field in self.fields].index(name)]

    # --- what is stored of a new statement ----------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of :meth:`new_rows`."""
        return (*_HEAD, "sealed", *self._masked_columns, *(name for name in self._plain))

    @property
    def _plain(self) -> list[str]:
        return [one.name for one in self.fields if one.kept == "clear" and one.name not in _HEAD]

    @property
    def _masked(self) -> list[str]:
        return [one.name for one in self.fields if one.kept == "masked"]

    @property
    def _masked_columns(self) -> list[str]:
        return [f"{name}_mask" for name in self._masked]

    def new_rows(self) -> Iterator[tuple[Any, ...]]:
        """Give the new statements in database form, secrets sealed."""
        sealed = seal_statements(self.kind, self._secrets(), len(self.fresh))
        masked = [mask_dementia(self._fresh_of(self._column(name))) for name in self._masked]
        plain = [self._fresh_of(self._column(name)) for name in self._plain]
        month, list_id = self.month.isoformat(), self.statements.list_id
        people = self.statements.person_ids
        for (at, digest, row, holds), *values in zip(
            self.fresh, sealed, *masked, *plain, strict=True
        ):
            yield (
                people[at],
                holds,
                month,
                month,
                list_id,
                row,
                self.batch,
                list_id,
                row,
                digest,
                "",
                *values,
            )

    def _secrets(self) -> dict[str, Sequence[Any]]:
        """Return what goes into the envelopes, column by column."""
        columns: dict[str, Sequence[Any]] = {
            name: self._fresh_of(self._column(name)) for name in sealed_names(self.kind)
        }
        if self.statements.extras:
            columns["extra"] = self._fresh_of(self.statements.extras)
        return columns

    def _fresh_of(self, column: Sequence[Any]) -> list[Any]:
        return [column[at] for at, *_ in self.fresh]

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
