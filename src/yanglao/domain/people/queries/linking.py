"""Finding the people of many rows at once: by number, or by folded name and birth date.

These look across all areas on purpose: who a row is about is not a question of who asks. What an
officer may learn of the answer is decided by the flow.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from yanglao.domain.people.models import Contact, Person
from yanglao.domain.people.queries.merging import laid_in_files
from yanglao.domain.people.types import KnownPerson, own_code, tail_keys
from yanglao.foundation.secrets import blind_indexes, opened, opened_many, purpose_of

_COLUMNS = (
    "p.id, p.sealed, p.name, p.name_fold, p.sex, p.place_code, p.hukou_code, p.residence_code, "
    "p.in_register"
)
#: Values that go into one statement: SQLite takes 32,766 at most.
_AT_ONCE = 20_000


def number_indexes(numbers: Sequence[str]) -> list[bytes]:
    """Return the blind index of each ID number, as ``Person.id_index`` has it."""
    return blind_indexes(f"{purpose_of(Person)}.id_number", numbers)


def tail_indexes(keys: Sequence[str]) -> list[bytes]:
    """Return the blind index of each key of ``types.tail_key``, as ``Person.tail_index`` has it."""
    return blind_indexes(f"{purpose_of(Person)}.id_tail", keys)


def phone_indexes(phones: Sequence[str]) -> list[bytes]:
    """Return the blind index of each telephone number, as ``Contact.phone_index`` has it."""
    return blind_indexes(f"{purpose_of(Contact)}.phone", phones)


def indexes_of_tail(tail: str) -> list[bytes]:
    """Return what ``Person.tail_index`` may be of those whose number ends so."""
    return tail_indexes(tail_keys(tail))


def find_by_numbers(
    numbers: Iterable[str], *, indexes: Mapping[str, bytes] | None = None
) -> dict[str, KnownPerson]:
    """Return the people who have one of the valid ID numbers, by number; one query for all.

    Args:
        numbers: Whose people are wanted.
        indexes: Their blind indexes, when they have been made already.
    """
    wanted = list(set(numbers))
    made = number_indexes(wanted) if indexes is None else map(indexes.__getitem__, wanted)
    number_of = dict(zip(made, wanted, strict=True))
    found = {}
    with connection.cursor() as cursor:
        for condition, values in _among(list(number_of)):
            cursor.execute(
                f"SELECT {_COLUMNS}, p.id_index FROM people_person p WHERE p.id_index {condition}",  # noqa: S608 - own columns
                values,
            )
            for pk, _sealed, *row, index in cursor.fetchall():
                number = number_of[bytes(index)]
                found[number] = KnownPerson(pk, number, *row)
    if laid_in_files():
        # Rows under the number of a file laid into another stay that file's own.
        for number, person in found.items():
            if not person.place_code[:1].isdigit():
                found[number] = person._replace(place_code=own_code(person.place_code))
    return found


def _among(indexes: list[bytes]) -> Iterator[tuple[str, list[Any]]]:
    """Give conditions that together are true for rows with one of the indexes."""
    for start in range(0, len(indexes), _AT_ONCE):
        part = indexes[start : start + _AT_ONCE]
        if connection.vendor == "postgresql":
            yield "= ANY(%s)", [part]
        else:
            yield f"IN ({', '.join(['%s'] * len(part))})", list(part)


def _known(row: Sequence[Any]) -> KnownPerson:
    """Return a person as read by ``_COLUMNS``; this opens the envelope."""
    pk, sealed, *rest = row
    return KnownPerson(pk, opened(Person, sealed)["id_number"], *rest)


def known_by_ids(
    ids: Iterable[int], *, numbers: Mapping[int, str] | None = None
) -> dict[int, KnownPerson]:
    """Return people by primary key, wherever they are; those who are laid into others left out.

    Args:
        ids: Whom.
        numbers: Whose ID numbers have been opened already.
    """
    rows = _rows_by_ids(_COLUMNS, ids)
    known = dict(numbers or {})
    shut = [row for row in rows if row[0] not in known]
    opened_now = opened_many(Person, (row[1] for row in shut), "id_number")
    known |= zip((row[0] for row in shut), opened_now, strict=True)
    return {pk: KnownPerson(pk, known[pk], *rest) for pk, _sealed, *rest in rows}


def numbers_by_ids(ids: Iterable[int]) -> dict[int, str]:
    """Return the ID numbers of people by primary key; of those who are not laid into others."""
    rows = _rows_by_ids("p.id, p.sealed", ids)
    numbers = opened_many(Person, (sealed for _, sealed in rows), "id_number")
    return dict(zip((pk for pk, _ in rows), numbers, strict=True))


def _rows_by_ids(columns: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    wanted = sorted(set(ids))
    if not wanted:
        return []
    value: Any
    if connection.vendor == "postgresql":
        condition, value = "= ANY(%s)", wanted
    else:
        condition, value = "IN (SELECT value FROM json_each(%s))", json.dumps(wanted)
    text = (
        f"SELECT {columns} FROM people_person p "  # noqa: S608 - own columns
        f"WHERE p.id {condition} AND p.place_code < ':' ORDER BY p.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [value])
        return cursor.fetchall()


def find_by_names(
    keys: Iterable[tuple[str, date]],
) -> dict[tuple[str, date], list[KnownPerson]]:
    """Return the people with one of the folded names and the birth date beside it.

    One query for all; each list is ordered by person, so that a result can be repeated.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    if connection.vendor == "postgresql":
        source = "unnest(%s::text[], %s::date[]) WITH ORDINALITY AS w(fold, born, n)"
        values: list[Any] = [[fold for fold, _ in wanted], [born for _, born in wanted]]
    else:
        source = (
            "(SELECT json_extract(value, '$[0]') AS fold, json_extract(value, '$[1]') AS born, "
            "key + 1 AS n FROM json_each(%s)) AS w"
        )
        values = [json.dumps([[fold, born.isoformat()] for fold, born in wanted])]
    text = (
        f"SELECT w.n, {_COLUMNS} FROM {source} "  # noqa: S608 - own columns
        "JOIN people_person p ON p.name_fold = w.fold AND p.birth_date = w.born "
        "WHERE p.place_code < ':' ORDER BY p.id"
    )
    found: dict[tuple[str, date], list[KnownPerson]] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        for number, *row in cursor.fetchall():
            found.setdefault(wanted[number - 1], []).append(_known(row))
    return found


def find_by_folds(folds: Iterable[str]) -> dict[str, list[KnownPerson]]:
    """Return the people with one of the folded names, by name; one query for all.

    For the few rows of which nothing but the name can be read.
    """
    wanted = sorted(set(folds))
    if not wanted:
        return {}
    value: Any
    if connection.vendor == "postgresql":
        condition, value = "= ANY(%s)", wanted
    else:
        condition, value = "IN (SELECT value FROM json_each(%s))", json.dumps(wanted)
    text = (
        f"SELECT {_COLUMNS} FROM people_person p "  # noqa: S608 - own columns
        f"WHERE p.name_fold {condition} AND p.place_code < ':' ORDER BY p.id"
    )
    found: dict[str, list[KnownPerson]] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, [value])
        for row in cursor.fetchall():
            person = _known(row)
            found.setdefault(person.name_fold, []).append(person)
    return found
