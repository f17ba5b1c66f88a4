"""Files of people: opening them, and keeping their own row in line with what lists say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from yanglao.domain.people.facts import load_words
from yanglao.domain.people.models import Contact, Person
from yanglao.domain.people.queries import files_of, laid_in_files, phone_indexes
from yanglao.domain.people.queries.storing import seal_people
from yanglao.domain.people.types import NewPerson
from yanglao.domain.places.public import known_codes
from yanglao.foundation import clock
from yanglao.foundation.analytics import analytic_session, bulk_insert
from yanglao.foundation.scoping import Reader, area_range
from yanglao.foundation.secrets import seal_rows
from yanglao.foundation.staging import run_sql, staged
from yanglao.kernel.names import fold_name
from yanglao.kernel.sounds import sound_key

_PERSON_COLUMNS = (
    "sealed",
    "id_index",
    "tail_index",
    "name",
    "name_fold",
    "name_sound",
    "sex",
    "birth_date",
    "place_code",
    "hukou_code",
    "residence_code",
    "in_register",
    "first_list_id",
    "created_at",
)


def create_people(
    rows: Iterable[NewPerson], *, acting: Reader, indexes: Mapping[str, bytes] | None = None
) -> dict[str, int]:
    """Open a file for each person; return ID number to primary key.

    Set-based, inside the caller's transaction. No number may have a file already.

    Args:
        rows: The people.
        acting: Who opens their files.
        indexes: Blind indexes of their numbers, when they have been made already.

    Raises:
        PermissionError: If a person would be served outside the acting person's area.
    """
    before = Person.objects.order_by("-id").values_list("id", flat=True).first() or 0
    now = connection.ops.adapt_datetimefield_value(clock.now())
    low, high = area_range(acting.area)
    listed = list(rows)
    if not all(low <= row.place_code < high for row in listed):
        raise PermissionError("只能为自己辖区内的人员建档。")
    sealed, made_of, tails = seal_people([row.id_number for row in listed], indexes=indexes)
    # In the order of the unique index: the database then fills one page after another.
    order = sorted(range(len(listed)), key=made_of.__getitem__)
    bulk_insert(
        "people_person",
        _PERSON_COLUMNS,
        ((sealed[at], made_of[at], tails[at], *_person_row(listed[at], now)) for at in order),
    )
    number_of = {index: row.id_number for index, row in zip(made_of, listed, strict=True)}
    made = Person.objects.filter(id__gt=before).order_by("id").values_list("id_index", "id")
    return {
        number_of[bytes(index)]: pk
        for index, pk in made.iterator(chunk_size=10_000)
        if bytes(index) in number_of
    }


def _person_row(row: NewPerson, now: Any) -> tuple[Any, ...]:
    number = row.id_number
    return (
        row.name,
        row.name_fold,
        sound_key(row.name),
        "M" if int(number[16]) % 2 else "F",
        f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        row.place_code,
        row.hukou_code,
        row.residence_code,
        row.in_register,
        row.list_id,
        now,
    )


def refresh_people(person_ids: Collection[int], *, acting: Reader) -> int:
    """Bring people's own rows in line with what all lists say now; return how many changed.

    The name follows the household register's last row; place is where the person lives if that
    is a known place, else where he is registered, else what it was. Set-based, inside the
    caller's transaction. What the lists say is not a matter of the acting person's area: a move
    out of it must be followed too.
    """
    if not person_ids:
        return 0
    into = laid_in_files()
    # A file laid into another speaks through that one; its own row stays as it was.
    wanted = {into.get(pk, pk) for pk in person_ids}
    touched: Any = ((pk,) for pk in files_of(wanted, into))
    with (
        staged("people_touched", {"id": "int"}, touched),
        analytic_session(step="更新档案") as session,
    ):
        load_words(session, people="SELECT id FROM people_touched")
        rows = session.rows(_LAST_WORDS)
    known = known_codes()
    changed = [after for row in rows if (after := _after(row, known)) is not None]
    if changed:
        _write(changed)
    return len(changed)


_LAST_WORDS = """
    WITH named AS (
        SELECT person_id, name FROM household
        QUALIFY row_number() OVER (PARTITION BY person_id
            ORDER BY seen_to DESC, last_batch DESC, status_on DESC NULLS LAST, id DESC) = 1)
    SELECT p.id, p.name, p.place_code, p.hukou_code, p.residence_code, p.in_register, p.died_on,
        coalesce(n.name, p.name), coalesce(h.hukou_code, ''), coalesce(s.residence_code, ''),
        h.person_id IS NOT NULL, least(d.died_on, h.died_on)
    FROM person AS p
    LEFT JOIN named AS n ON n.person_id = p.id
    LEFT JOIN household_now AS h ON h.person_id = p.id
    LEFT JOIN survey_now AS s ON s.person_id = p.id
    LEFT JOIN deaths_now AS d ON d.person_id = p.id
    ORDER BY p.id"""


def _after(row: Sequence[Any], known: Collection[str]) -> tuple[Any, ...] | None:
    """Return the new row of a person, ``None`` if nothing changed."""
    pk, *before = row[:7]
    name, hukou, residence, in_register, died_on = row[7:]
    place = next((code for code in (residence, hukou) if code in known), before[1])
    after = [name, place, hukou, residence, in_register, died_on]
    if after == before:
        return None
    died = died_on.isoformat() if isinstance(died_on, date) else None
    names = (name, fold_name(name), sound_key(name))
    return (pk, *names, place, hukou, residence, int(in_register), died)


def _write(changed: Any) -> None:
    columns = {
        "id": "int",
        "name": "text",
        "name_fold": "text",
        "name_sound": "text",
        "place_code": "text",
        "hukou_code": "text",
        "residence_code": "text",
        "in_register": "int",
        "died_on": "date",
    }
    with staged("people_changed", columns, changed):
        run_sql(
            """UPDATE people_person SET name = c.name, name_fold = c.name_fold,
                name_sound = c.name_sound, place_code = c.place_code, hukou_code = c.hukou_code,
                residence_code = c.residence_code, in_register = (c.in_register = 1),
                died_on = c.died_on
            FROM people_changed AS c WHERE c.id = people_person.id"""
        )


def record_contacts(
    phones: Iterable[tuple[int, str]], *, kind: str, list_id: int | None, acting: Reader
) -> int:
    """Keep telephone numbers that a list gave for people (person, phone); return how many it was.

    A number that is known already is only marked as given by the newer list.

    Raises:
        PermissionError: If the acting person may not take in lists or record facts.
    """
    if not (acting.can("take_in_lists") or acting.can("record_facts")):
        raise PermissionError("没有登记联系电话的权限。")
    rows = sorted({(pk, phone[:40]) for pk, phone in phones if phone})
    if not rows:
        return 0
    columns = {"n": "int", "person_id": "int", "phone_index": "bytes", "sealed": "bytes"}
    indexes = phone_indexes([phone for _, phone in rows])
    sealed = seal_rows(Contact, ({"phone": phone} for _, phone in rows))
    people = (pk for pk, _ in rows)
    numbered: Any = zip(range(len(rows)), people, indexes, sealed, strict=True)
    with staged("people_phones", columns, numbered):
        return run_sql(
            """INSERT INTO people_contact (person_id, phone_index, sealed, kind, last_list_id)
            SELECT person_id, phone_index, sealed, %s, %s FROM people_phones WHERE TRUE ORDER BY n
            ON CONFLICT (person_id, phone_index) DO UPDATE
                SET kind = excluded.kind, last_list_id = excluded.last_list_id""",
            (kind, list_id),
        )
