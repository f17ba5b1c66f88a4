"""Who may be meant by rows without a good ID number: everybody near enough, of all areas.

What is near enough is said twice on purpose: here roughly, out of the database's indexes; exactly
by the linkage engine, which weighs those whom it gets from here.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from yanglao.domain.people.models import Contact, HouseholdEntry, Person
from yanglao.domain.people.types import Seeker
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import blind_indexes, purpose_of
from yanglao.foundation.staging import put_rows, staged

#: From so many rows on, reading everybody once is faster than looking up each.
_MANY = 3000
_PERSON = (
    Column("id", "int"),
    Column("fold", "text", "name_fold"),
    Column("sound", "text", "name_sound"),
    Column("sex", "text"),
    Column("born", "date", "birth_date"),
    Column("place", "text", "place_code"),
    Column("hukou", "text", "hukou_code"),
    Column("lives", "text", "residence_code"),
)
_DUCK = {
    "id": "BIGINT",
    "fold": "VARCHAR",
    "sound": "VARCHAR",
    "sex": "VARCHAR",
    "born": "DATE",
    "place": "VARCHAR",
    "hukou": "VARCHAR",
    "lives": "VARCHAR",
}
_SEEKERS = {
    "n": "int",
    "sound": "text",
    "year_from": "date",
    "year_to": "date",
    "born": "date",
    "low": "text",
    "high": "text",
}


def load_alike(
    session: AnalyticSession, seekers: Sequence[Seeker], *, also: Iterable[int] = ()
) -> int:
    """Make the DuckDB tables ``alike`` and ``namesakes``; return how many people are in the first.

    ``alike``: people with the sound of a seeker's name who were born in his year or are served in
    his place, people of his place born on his day, and those asked for by primary key.
    ``namesakes``: how many people of the whole register have each of their names.

    Args:
        session: An open analytic session without tables of these names.
        seekers: What is known of the rows' people.
        also: People who are wanted in any case.
    """
    if len(seekers) > _MANY:
        session.load("alike", "people_person", _PERSON, "place_code < ':'")
        session.con.execute(
            "CREATE TABLE namesakes AS SELECT fold, count(*) AS people FROM alike GROUP BY fold"
        )
        return int(session.rows("SELECT count(*) FROM alike")[0][0])
    rows = _near(seekers, also)
    put_rows(session.con, "alike", _DUCK, rows)
    folds = sorted({row[1] for row in rows})
    counts = _namesakes(folds)
    put_rows(session.con, "namesakes", {"fold": "VARCHAR", "people": "BIGINT"}, counts)
    return len(rows)


def _near(seekers: Sequence[Seeker], also: Iterable[int]) -> list[tuple[Any, ...]]:
    asked: Any = ((n, *_spelt(one)) for n, one in enumerate(dict.fromkeys(seekers)))
    wanted: Any = ((pk,) for pk in sorted(set(also)))
    outs = ", ".join(f"p.{column.source or column.name}" for column in _PERSON)
    text = f"""
        SELECT {outs} FROM people_person AS p WHERE p.place_code < ':' AND p.id IN (
            SELECT q.id FROM people_seekers AS w JOIN people_person AS q ON q.name_sound = w.sound
                AND q.birth_date >= w.year_from AND q.birth_date < w.year_to
            UNION SELECT q.id FROM people_seekers AS w JOIN people_person AS q
                ON q.birth_date = w.born AND q.place_code >= w.low AND q.place_code < w.high
            UNION SELECT q.id FROM people_seekers AS w JOIN people_person AS q
                ON q.name_sound = w.sound AND q.place_code >= w.low AND q.place_code < w.high
            UNION SELECT id FROM people_also)
        ORDER BY p.id"""  # noqa: S608 - own columns
    with (
        # Of its own, so that a sweep in the background does not hold SQLite's one writer longer.
        transaction.atomic(),
        staged("people_seekers", _SEEKERS, asked),
        staged("people_also", {"id": "int"}, wanted),
        connection.cursor() as cursor,
    ):
        cursor.execute(text)
        return [tuple(row) for row in cursor.fetchall()]


def _spelt(one: Seeker) -> tuple[Any, ...]:
    born = one.born
    year = (f"{born.year}-01-01", f"{born.year + 1}-01-01") if born else (None, None)
    return (one.sound, *year, born.isoformat() if born else None, one.low, one.high)


def _namesakes(folds: list[str]) -> list[tuple[str, int]]:
    if not folds:
        return []
    condition, value = _among(folds)
    text = (
        f"SELECT name_fold, count(*) FROM people_person WHERE name_fold {condition} "  # noqa: S608
        "GROUP BY name_fold ORDER BY name_fold"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [value])
        return [(fold, count) for fold, count in cursor.fetchall()]


def _among(texts: Sequence[str]) -> tuple[str, Any]:
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(texts)
    return "IN (SELECT value FROM json_each(%s))", json.dumps(list(texts))


def people_by_phones(phones: Iterable[str]) -> dict[str, set[int]]:
    """Return for each telephone number the people for whom some list gave it."""
    wanted = sorted({phone for phone in phones if phone})
    found: dict[str, set[int]] = {}
    if wanted:
        indexes = blind_indexes(f"{purpose_of(Contact)}.phone", wanted)
        keys = dict(zip(indexes, wanted, strict=True))
        rows = Contact.objects.filter(phone_index__in=list(keys)).order_by("id")
        for index, person in rows.values_list("phone_index", "person_id"):
            found.setdefault(keys[bytes(index)], set()).add(person)
    return found


def people_by_households(numbers: Iterable[str]) -> dict[str, set[int]]:
    """Return for each household number the people whose register rows name it.

    Household numbers are unique within a county only: compare the place as well.
    """
    wanted = sorted({number for number in numbers if number})
    found: dict[str, set[int]] = {}
    if wanted:
        rows = HouseholdEntry.objects.filter(household_id__in=wanted).order_by("id")
        for number, person in rows.values_list("household_id", "person_id"):
            found.setdefault(number, set()).add(person)
    return found


def files_alike(reader: Reader) -> list[int]:
    """Return the files of the area that share sound, birth date and sex with another of it.

    Where two namesakes born on one day are two people, a person says so once; these files are not
    looked for beyond the reader's area.
    """
    people = within_area(Person.objects.all(), reader)
    shared = (
        people.order_by()
        .values("name_sound", "birth_date", "sex")
        .annotate(files=Count("id"))
        .filter(files__gt=1)
        .values_list("name_sound", "birth_date")
    )
    keys = set(shared.order_by("name_sound", "birth_date"))
    found = people.filter(birth_date__in={born for _, born in keys}).order_by("id")
    rows = found.values_list("id", "name_sound", "birth_date")
    return [pk for pk, sound, born in rows if (sound, born) in keys]
