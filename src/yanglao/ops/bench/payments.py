"""A payment month of a million recipients, through the real flow.

The people and their benefits are invented straight into the tables of benefits (not measured).
Measured is all that an office does for a month: freezing (facts read, month computed, differences
and checks found, input sealed, lists stored), handling what was found, approving (booked), and the
bank's file (attempts booked, bytes written). The second month is the figure: it has a month before.
"""

import resource
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import duckdb
from django.core.management import call_command
from django.db import connection, models, transaction

from yanglao.domain.benefits.public import (
    Approval,
    Case,
    FollowRun,
    PayAccount,
    Spell,
    version_code,
)
from yanglao.domain.catalogue.public import items, versions
from yanglao.domain.people.public import Person
from yanglao.domain.places.public import load_divisions
from yanglao.domain.settlement.public import (
    approve_run,
    decide_findings,
    findings_of_run,
    finish_checks,
    submit_run,
)
from yanglao.flows.pay_month import begin_run, freeze_run
from yanglao.flows.publish_catalogue import publish_from_folder
from yanglao.flows.send_payments import make_file
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.foundation.secrets import make_key_file
from yanglao.kernel.no_spill import in_memory
from yanglao.ops.keys import mark_keys

PACK, REGION = "hetian", "653200000000"
BENEFITS = ("senior_allowance", "nursing_subsidy", "disability_care")
MONTHS = ("2026-09", "2026-10")
#: Aim of issue 4: seconds for a month of a million recipients.
PAYMENTS_AIM = 90
_END = str(Spell._meta.get_field("end").column)

#: Everybody has the allowance; every fifth care, every ninth the disability's care, some both;
#: every fiftieth money of another office. One in forty ends, one in a thousand is not known.
_SPELLS = """
CREATE TABLE spell AS
WITH p AS (SELECT range AS n, (hash(range) >> 2)::BIGINT AS h,
  '6532' || (21 + range % 7)::VARCHAR || lpad((100 + range % 9)::VARCHAR, 3, '0')
    || lpad((200 + range % 12)::VARCHAR, 3, '0') AS place FROM range(1, {people} + 1))
SELECT n, place, 'senior_allowance' AS benefit, '06' AS item, '{version}' AS version,
  DATE '2026-07-01' - (h % 900)::INTEGER AS first,
  CASE WHEN h % 40 = 0 THEN DATE '2026-09-10' + (h % 50)::INTEGER END AS last,
  h % 997 <> 0 AS known, [5000, 8000, 10000][1 + h % 3] AS fen, '80' AS tier,
  CASE WHEN h % 40 = 0 THEN ['move', 'death', 'other'][1 + h % 3] ELSE '' END AS cause FROM p
UNION ALL SELECT n, place, 'nursing_subsidy', '09', '{version}',
  DATE '2026-01-01' - (h % 500)::INTEGER, NULL, TRUE, [11000, 20000][1 + (h // 7) % 2], '3', ''
FROM p WHERE h % 5 = 0
UNION ALL SELECT n, place, 'disability_care', '16b', '{version}', DATE '2025-03-01', NULL, TRUE,
  11000, '1', '' FROM p WHERE h % 9 = 0
UNION ALL SELECT n, place, 'work_injury_care', '09', '', DATE '2025-03-01', NULL, h % 11 <> 0,
  9000, '', '' FROM p WHERE h % 50 = 0
"""


def build(people: int) -> int:
    """Fill an empty database with so many recipients; return the number of spells."""
    call_command("migrate", verbosity=0, interactive=False)
    make_key_file()
    mark_keys()
    load_divisions(PACK)
    publish_from_folder(PACK, in_force_from=date(2024, 1, 1), acting=system_reader(name="bench"))
    return fill(people)


def fill(people: int) -> int:
    """Put recipients and their benefits into the tables; return the number of spells."""
    version = versions(PACK)[0]
    code = version_code(version.hash, version.in_force_from)
    with duckdb.connect(":memory:", config=in_memory()) as con, transaction.atomic():
        con.execute(_SPELLS.format(people=people, version=code))
        run = _one_follow_run()
        ids = {item.code: item.pk for item in items(PACK)}
        listed = ", ".join(f"('{code}', {pk})" for code, pk in ids.items())
        con.execute(f"CREATE TABLE item AS SELECT * FROM (VALUES {listed}) AS t(code, id)")
        con.execute(
            "CREATE TABLE claim AS SELECT row_number() OVER (ORDER BY n, benefit) AS id, s.*, "
            "i.id AS item_id, (hash(n) >> 2)::BIGINT AS h FROM spell s JOIN item i "
            "ON i.code = s.item WHERE version <> ''"
        )
        _fill_people(con, people)
        _fill_cases(con, version.pk)
        _insert(
            con,
            Spell,
            {
                **{"person_id": "n", "benefit": "benefit", "version": "version"},
                **{"first": "first", _END: "last", "known": "known", "fen": "fen"},
                **{"tier": "tier", "ended_by": "cause", "place_code": "place"},
                "since_id": str(run),
            },
            "spell ORDER BY n, benefit",
        )
        counted = con.execute("SELECT count(*) FROM spell").fetchall()[0][0]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(counted)


def _one_follow_run() -> int:
    table = FollowRun._meta.db_table
    bulk_insert(
        table,
        (*("at", "as_of", "region_code", "people", "begun", "ended", "asked_by"),),
        [("2026-09-01 00:00:00+00:00", "2026-09-01", REGION, 0, 0, 0, "bench")],
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        return int(cursor.fetchone()[0])


def _fill_people(con: duckdb.DuckDBPyConnection, people: int) -> None:
    _insert(
        con,
        Person,
        {
            **{"id": "n", "id_index": "unhex(md5(n::VARCHAR))", "tail_index": "unhex(md5('t'))"},
            **{"name": "'虚构' || n", "name_fold": "'虚构' || n", "sex": "'F'"},
            **{"birth_date": "DATE '1940-01-01'", "place_code": "place"},
            "created_at": "TIMESTAMP '2026-01-01 00:00:00'",
            "died_on": "CASE WHEN hash(n, 1) % 60 = 0 "
            "THEN DATE '2026-08-01' + (hash(n) % 100)::INTEGER END",
        },
        "(SELECT n, min(place) AS place FROM spell GROUP BY n) ORDER BY n",
    )
    _insert(
        con,
        PayAccount,
        {
            **{"person_id": "n", "place_code": "place", "kind": "'bank'", "state": "'confirmed'"},
            "token": "CASE WHEN hash(n, 2) % 2000 = 0 THEN unhex(md5('shared' || n % 50)) "
            "ELSE unhex(md5('account' || n)) END",
            **{"first": "DATE '2024-01-01'", "entered_at": "TIMESTAMP '2026-01-01 00:00:00'"},
        },
        "(SELECT n, min(place) AS place FROM spell GROUP BY n) WHERE hash(n, 3) % 700 <> 0 "
        "ORDER BY n",
    )


def _fill_cases(con: duckdb.DuckDBPyConnection, version: int) -> None:
    _insert(
        con,
        Case,
        {
            **{"id": "id", "person_id": "n", "item_id": "item_id", "benefit": "benefit"},
            **{"place_code": "place", "way": "'found'", "applicant": "'self'"},
            **{"state": "'approved'", "state_on": "DATE '2025-01-01'"},
            **{"applied_on": "DATE '2023-05-01'", "judged_on": "DATE '2025-01-01'"},
            **{"version_id": str(version), "status": "'yes'"},
        },
        "claim ORDER BY id",
    )
    _insert(
        con,
        Approval,
        {
            **{"case_id": "id", "person_id": "n", "benefit": "benefit"},
            **{"applied_on": "DATE '2023-05-01'"},
            "approved_on": "DATE '2023-05-20' + (h % 60)::INTEGER",
        },
        "claim ORDER BY id",
    )


def _insert(
    con: duckdb.DuckDBPyConnection,
    model: type[models.Model],
    columns: Mapping[str, str],
    source: str,
) -> None:
    """Insert rows of DuckDB; columns that nobody named and may not be empty get their blank."""
    whole = dict(columns)
    for field in model._meta.concrete_fields:
        name = str(field.column)
        if name in whole or field.null or field.primary_key:
            continue
        text = isinstance(field, models.CharField | models.TextField)
        whole[name] = "''" if text else "FALSE" if _is_bool(field) else "0"
    values = ", ".join(f"{_as_text(field)} " for field in whole.values())
    con.execute(f"SELECT {values} FROM {source}")
    bulk_insert(model._meta.db_table, list(whole), con)


def _is_bool(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.BooleanField)


def _as_text(value: str) -> str:
    """SQLite takes days as text; PostgreSQL reads text as days."""
    if connection.vendor == "sqlite" and ("DATE '" in value or value in ("first", "last")):
        return f"CAST({value} AS DATE)::VARCHAR"
    if connection.vendor == "postgresql" and "unhex(" in value:  # COPY reads bytes as text
        return value.replace("unhex(", r"concat('\x', ")
    if value.startswith("TIMESTAMP"):
        return f"{value}::VARCHAR || '+00:00'"
    return value


def pay(people: int, out: Callable[[str], None]) -> dict[str, Any]:
    """Pay two months of so many recipients and say what the second took.

    Args:
        people: Recipients in the tables. out: Takes one line at a time.
    """
    figures: dict[str, Any] = {"recipients": people}
    for number, month in enumerate(MONTHS):
        if number:
            _change_some(people)
        figures[month] = pay_one(month)
    last = figures[MONTHS[-1]]
    out(
        f"{people:,} 人的发放月（冻结、核查、差异、审批、银行文件）：{last['seconds']:.1f} 秒，"
        f"内存峰值 {last['peak_mb']:,} MB（目标 {PAYMENTS_AIM} 秒）；"
        f"{last['payments']:,} 笔，{last['fen'] / 100:,.2f} 元"
    )
    return figures


def _change_some(people: int) -> None:
    """One in fifty gets another amount, known late and back-dated to September."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Spell._meta.db_table} SET fen = fen + 1000 "
            "WHERE benefit = 'senior_allowance' AND person_id %% 50 = 7 AND person_id <= %s",
            (people,),
        )


def changed_after(person: int, benefit: str, people: int) -> int:
    """Return by how many fen ``_change_some`` raised a person's benefit after the first run."""
    return 1000 if benefit == "senior_allowance" and person % 50 == 7 and person <= people else 0


def pay_one(month: str) -> dict[str, Any]:
    """Pay one month from stored benefits to stored file; return what it took, by step."""
    maker, checker = _officer(1), _officer(2)
    as_of = date(int(month[:4]), int(month[5:]), 20)
    began, worked = time.perf_counter(), time.process_time()
    run = begin_run(region=REGION, month=month, benefits=BENEFITS, acting=maker, as_of=as_of)
    run = freeze_run(run_id=run.pk, acting=maker, as_of=as_of)
    frozen = time.perf_counter()
    waiting = findings_of_run(maker, run, stops=True, decision="").values_list("pk", flat=True)
    decide_findings(
        run_id=run.pk, finding_ids=list(waiting), decision="held", reason="待核", acting=maker
    )
    finish_checks(run_id=run.pk, acting=maker)
    submit_run(run_id=run.pk, acting=maker)
    checked = time.perf_counter()
    run = approve_run(run_id=run.pk, acting=checker, as_of=as_of)
    approved = time.perf_counter()
    made = make_file(run_id=run.pk, acting=maker, as_of=as_of)
    done = time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": done - began,
        "cpu_seconds": round(time.process_time() - worked, 1),
        "steps": {
            **run.figures["seconds"],
            "冻结合计": round(frozen - began, 2),
            "核查": round(checked - frozen, 2),
            "审批入账": round(approved - checked, 2),
            "银行文件": round(done - approved, 2),
        },
        "peak_mb": (used + child) // 1024,
        "run": run.pk,
        "payments": made.file.payments,
        "fen": made.file.fen,
        "benefits": run.figures["benefits"],
        "claims": run.figures["claims"],
    }


def _officer(number: int) -> Reader:
    reader = system_reader(REGION, name=f"测试{number}")
    return Reader(number, reader.name, reader.role, reader.area)
