"""A database of invented elders, set-based: a million people with all their statements.

The people are those of the demo (``ops.demo.fact_table``); their facts are turned back into the
statements that departments would have made, one full list a kind, and stored in the tables that
lists are stored in. Nothing here is measured: it is what is measured on.
"""

from collections.abc import Callable
from datetime import date

import duckdb
import pyarrow as pa
from django.core.management import call_command
from django.db import connection, transaction

from yanglao.domain.people.public import (
    Kind,
    mask_dementia,
    record_contacts,
    seal_people,
    seal_statements,
)
from yanglao.domain.places.public import load_divisions
from yanglao.flows.publish_catalogue import publish_from_folder
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.secrets import make_key_file
from yanglao.kernel.no_spill import in_memory
from yanglao.ops.bench.naming import name_people
from yanglao.ops.demo.fact_table import generate_facts
from yanglao.ops.keys import mark_keys

PACK, REGION = "hetian", "653200000000"
AS_OF, MONTH = date(2026, 11, 1), "2026-10-01"
#: Writes lists: the connection with the table ``elder``, and person to telephone.
Lists = Callable[[duckdb.DuckDBPyConnection, dict[int, str]], None]
_BATCH = 1
_COVERED = ("pension", "assistance", "disability", "health", "ltci", "veterans", "relief", "deaths")

#: Columns of every statement table and what stands in them here.
_COMMON = {
    "person_id": "person_id",
    "seen_from": f"'{MONTH}'",
    "seen_to": f"'{MONTH}'",
    "first_row": "'表!' || person_id",
    "last_row": "'表!' || person_id",
    "last_batch": str(_BATCH),
    "digest": "''",
    "entered_by": "''",
}
_FROM_MONTH = {"holds_from": f"'{MONTH}'"}

#: Kind to (columns beyond the common ones, which people are on the list).
_STATEMENTS: dict[str, tuple[dict[str, str], str]] = {
    "household": (
        {
            "name": "name",
            "ethnicity": "''",
            "marital": "coalesce(marital, '')",
            "household_id": "coalesce(household_id, '')",
            "relation": "''",
            "hukou_code": "hukou_code",
            "status": "'normal'",
        },
        "hukou_code IS NOT NULL AND hukou_code <> 'elsewhere'",
    ),
    "pension": (
        _FROM_MONTH
        | {
            "pension_kind": "pension_kind",
            "pension_status": "pension_status",
            "monthly_fen": "23000",
        },
        "pension_kind <> ''",
    ),
    "assistance": (
        {
            "holds_from": "'2024-01-01'",
            "assistance": "assistance",
            "support_mode": "coalesce(support_mode, '')",
            "tekun_care": "coalesce(tekun_care, '')",
        },
        "assistance <> ''",
    ),
    "disability": (
        _FROM_MONTH
        | {
            "sealed": "disability_envelope",
            "disability_category": "disability_category",
            "disability_grade": "disability_grade",
            "needs_long_term_care": "needs_long_term_care",
            "card_status": "'valid'",
        },
        "disability_grade > 0",
    ),
    "health": (
        {
            "holds_from": "health_checked_on",
            "health_checked_on": "health_checked_on",
            "sealed": "health_envelope",
            "dementia_mask": "dementia_mask",
        },
        "health_checked_on > DATE '0001-01-01'",
    ),
    "ltci": (
        _FROM_MONTH
        | {
            "ltci_insured": "ltci_insured",
            "ltci_level": "CASE WHEN ltci_level >= 0 THEN ltci_level END",
            "ltci_receiving": "ltci_receiving",
            "assessed_on": "CASE WHEN ltci_level >= 0 THEN ltci_assessed_on END",
        },
        "ltci_insured",
    ),
    "veterans": (
        _FROM_MONTH | {"veteran_category": "''", "special_contribution": "special_contribution"},
        "special_contribution",
    ),
    "assessment": (
        {
            "holds_from": "assessed_on",
            "assessed_on": "assessed_on",
            "ability_level": "coalesce(ability_level, 0)",
            "agency": "''",
        },
        "assessed_on > DATE '0001-01-01'",
    ),
    "survey": (
        _FROM_MONTH
        | {
            "residence_code": "coalesce(residence_code, '')",
            "living": "coalesce(living, '')",
            "supporter": "coalesce(supporter, '')",
            "family_planning_special": "family_planning_special",
        },
        "living IS NOT NULL OR residence_code IS NOT NULL",
    ),
    "relief": (
        {"holds_from": "'2026-10-20'", "relief_on": "'2026-10-20'", "in_relief": "in_relief"},
        "in_relief",
    ),
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def build(people: int, seed: int = 2026, *, lists: Lists | None = None) -> dict[str, int]:
    """Fill an empty database with so many elders; return the number of rows by table.

    Args:
        people: How many.
        seed: The same seed gives the same people.
        lists: Writes lists about the people; they get names, households and telephones first.
    """
    call_command("migrate", verbosity=0, interactive=False)
    make_key_file()
    mark_keys()
    load_divisions(PACK)
    publish_from_folder(PACK, in_force_from=None, acting=system_reader(name="bench"))
    with duckdb.connect(":memory:", config=in_memory()) as con, transaction.atomic():
        con.register("invented", generate_facts(people, seed, AS_OF))
        _make_people(con)
        phones = name_people(con, seed) if lists else []
        _seal_people(con)
        counts = {"person": _insert_people(con)}
        if lists:
            acting = system_reader(name="bench")
            counts["contact"] = record_contacts(
                phones, kind=Kind.HOUSEHOLD.value, list_id=None, acting=acting
            )
            lists(con, dict(phones))
        for kind, (columns, where) in _STATEMENTS.items():
            counts[kind] = _insert_statements(con, kind, _COMMON | columns, where)
        _declare_lists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return counts


def _make_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``elder``: the invented facts with a name and a valid ID number."""
    digits = " + ".join(
        f"CAST(substr(first17, {at}, 1) AS INTEGER) * {weight}"
        for at, weight in enumerate(_WEIGHTS, start=1)
    )
    con.execute(
        f"""CREATE TABLE elder AS
        SELECT *, first17 || substr('10X98765432', ({digits}) % 11 + 1, 1) AS id_number,
            '虚构' || person_id AS name, name AS name_fold, '' AS name_sound
        FROM (SELECT *, substr(coalesce(nullif(hukou_code, 'elsewhere'), place_code), 1, 6)
                || strftime(birth_date, '%Y%m%d')
                || lpad(CAST(2 * ((row_number() OVER (
                    PARTITION BY
                        substr(coalesce(nullif(hukou_code, 'elsewhere'), place_code), 1, 6),
                        birth_date, sex ORDER BY person_id) * 181 + day(birth_date) * 17) % 500)
                    + CAST(sex = 'M' AS INTEGER) AS VARCHAR), 3, '0') AS first17
              FROM invented)
        ORDER BY person_id"""
    )


def _seal_people(con: duckdb.DuckDBPyConnection) -> None:
    """Add to ``elder`` what is stored of secrets: envelopes, indexes, the masked diagnosis."""
    rows = con.execute(
        """SELECT person_id, id_number, disability_category, disability_grade, dementia
        FROM elder ORDER BY person_id"""
    ).fetchall()
    numbers = [row[1] for row in rows]
    cards = [f"{number}{category}{grade}" for _, number, category, grade, _ in rows]
    people, indexes, tails = seal_people(numbers)
    sealed = {
        "person_id": pa.array([row[0] for row in rows], type=pa.int64()),
        "person_envelope": people,
        "id_index": indexes,
        "tail_index": tails,
        "disability_envelope": seal_statements(Kind.DISABILITY, {"card_number": cards}, len(rows)),
        "health_envelope": seal_statements(Kind.HEALTH, {}, len(rows)),
        "dementia_mask": mask_dementia([row[4] for row in rows]),
    }
    con.register("sealed", pa.table(sealed))
    con.execute("CREATE TABLE sealed_elder AS SELECT * FROM elder JOIN sealed USING (person_id)")
    con.unregister("sealed")
    con.execute("DROP TABLE elder; ALTER TABLE sealed_elder RENAME TO elder")


def _insert_people(con: duckdb.DuckDBPyConnection) -> int:
    columns = {
        "id": "person_id",
        "sealed": "person_envelope",
        "id_index": "id_index",
        "tail_index": "tail_index",
        "name": "name",
        "name_fold": "name_fold",
        "name_sound": "name_sound",
        "sex": "sex",
        "birth_date": "CAST(birth_date AS VARCHAR)",
        "place_code": "place_code",
        "hukou_code": "coalesce(nullif(hukou_code, 'elsewhere'), '')",
        "residence_code": "coalesce(residence_code, '')",
        "in_register": "CAST(hukou_code IS NOT NULL AS INTEGER)",
        "created_at": f"'{MONTH} 00:00:00'",
    }
    values = ", ".join(columns.values())
    con.execute(f"SELECT {values} FROM elder ORDER BY person_id")
    return bulk_insert("people_person", list(columns), con)


def _insert_statements(
    con: duckdb.DuckDBPyConnection, kind: str, columns: dict[str, str], where: str
) -> int:
    """Insert the statements of a kind; days and booleans in the database's own form."""
    described = {row[0]: row[1] for row in con.execute("DESCRIBE elder").fetchall()}

    def plain(text: str) -> str:
        kind_of = described.get(text, "DATE" if "assessed_on END" in text else "")
        if kind_of == "DATE":
            return f"CAST({text} AS VARCHAR)"
        return f"CAST({text} AS INTEGER)" if kind_of == "BOOLEAN" else text

    values = ", ".join(plain(text) for text in columns.values())
    con.execute(f"SELECT {values} FROM elder WHERE {where} ORDER BY person_id")
    return bulk_insert(f"people_{kind}entry", list(columns), con)


def _declare_lists() -> None:
    """Say that the lists were full."""
    bulk_insert(
        "exchange_batch",
        ["id", "sender", "division_code", "month", "full", "taken_at", "taken_by"],
        [(_BATCH, "bench", REGION, MONTH, 1, f"{MONTH} 00:00:00", "bench")],
    )
    bulk_insert(
        "people_coverage",
        ["kind", "division_code", "month", "batch", "full", "declared_at"],
        [(kind, REGION, MONTH, _BATCH, 1, f"{MONTH} 00:00:00") for kind in _COVERED],
    )
