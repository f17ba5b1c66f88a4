"""Finding the people of many rows at once: by number, or by folded name and birth date.

These look across all areas on purpose: who a row is about is not a question of who asks. What an
officer may learn of the answer is decided by the flow.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from yanglao.domain.people.types import KnownPerson

_COLUMNS = (
    "p.id, p.id_number, p.name, p.name_fold, p.sex, p.place_code, p.hukou_code, p.residence_code, "
    "p.in_register"
)


def find_by_numbers(numbers: Iterable[str]) -> dict[str, KnownPerson]:
    """Return the people who have one of the valid ID numbers, by number; one query for all."""
    wanted = list(set(numbers))
    if not wanted:
        return {}
    value: Any
    if connection.vendor == "postgresql":
        condition, value = "= ANY(%s)", wanted
    else:
        condition, value = "IN (SELECT value FROM json_each(%s))", json.dumps(wanted)
    text = f"SELECT {_COLUMNS} FROM people_person p WHERE p.id_number {condition}"  # noqa: S608 - own columns
    with connection.cursor() as cursor:
        cursor.execute(text, [value])
        return {row[1]: KnownPerson._make(row) for row in cursor.fetchall()}


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
        "JOIN people_person p ON p.name_fold = w.fold AND p.birth_date = w.born ORDER BY p.id"
    )
    found: dict[tuple[str, date], list[KnownPerson]] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        for number, *row in cursor.fetchall():
            found.setdefault(wanted[number - 1], []).append(KnownPerson._make(row))
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
    text = f"SELECT {_COLUMNS} FROM people_person p WHERE p.name_fold {condition} ORDER BY p.id"  # noqa: S608 - own columns
    found: dict[str, list[KnownPerson]] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, [value])
        for row in cursor.fetchall():
            person = KnownPerson._make(row)
            found.setdefault(person.name_fold, []).append(person)
    return found
