"""Findings as a file: every yes and possible, one row a person and item, in one streamed pass."""

from collections.abc import Iterator
from pathlib import Path

from yanglao.domain.entitlements.public import (
    Run,
    get_run,
    latest_run,
    load_answers_at,
    load_current,
    outcomes,
)
from yanglao.domain.people.public import load_numbers
from yanglao.engines.policy.evaluate import Outcome, evaluate
from yanglao.flows.note_export import noted_export
from yanglao.flows.open_pack import OpenPack, open_version
from yanglao.foundation import snapshots
from yanglao.foundation.analytics import AnalyticSession, Column, analytic_session
from yanglao.foundation.scoping import Reader, area_range
from yanglao.foundation.staging import put_rows
from yanglao.foundation.tabular import FORMULA_STARTS, in_place, write_table

COLUMNS = (
    "id_number",
    "name",
    "division",
    "item",
    "status",
    "tier",
    "amount",
    "reason",
    "missing",
)
_STATUS = {1: "yes", 2: "possible"}
_OUTCOME = {
    "no": "BIGINT",
    "item": "VARCHAR",
    "status": "VARCHAR",
    "tier": "VARCHAR",
    "amount": "VARCHAR",
    "reason": "VARCHAR",
    "missing": "VARCHAR",
}
_CHUNK = 20_000


def export_findings(path: Path, *, reader: Reader, run_id: int | None = None) -> int:
    """Write the findings of the reader's area to ``.csv`` or ``.xlsx``; return how many rows.

    It is on record who took them out, into which file.

    Columns: :data:`COLUMNS`; ``division`` of 12 digits, ``amount`` in yuan or empty, ``missing``
    fact names joined by ``;``. Sorted by ID number and item. CSV is UTF-8 without byte order
    mark, for programs; for Excel ask for .xlsx.

    Args:
        path: Where to; its folder must be there.
        reader: Whose area.
        run_id: Just what this run found, trials included; what stands now when not given.

    Raises:
        LookupError: When there is no such run, or none yet.
        ValueError: For a suffix that is neither.
    """
    run = _asked_run(reader, run_id)
    with (
        noted_export(reader, "findings_exported", path, subject="run") as leaving,
        analytic_session(step="导出比对结果") as session,
    ):
        leaving.subject_id = run.pk
        _make_rows(session, run, reader, standing=run_id is None)
        _load_people(session, reader)
        if path.suffix.lower() == ".csv":
            leaving.rows = _write_csv(session, path)
        else:
            leaving.rows = write_table(path, COLUMNS, _rows(session))
    return leaving.rows


def _asked_run(reader: Reader, run_id: int | None) -> Run:
    if run_id is None:
        run = latest_run(reader)
        if run is None:
            raise LookupError("还没有比对过：先运行 yanglao match。")
        return run
    try:
        return get_run(reader, run_id)
    except Run.DoesNotExist as problem:
        raise LookupError(f"没有第 {run_id} 次比对，或者它不在您的辖区内。") from problem


def _make_rows(session: AnalyticSession, run: Run, reader: Reader, *, standing: bool) -> None:
    """Make ``export_row`` (person_id, place_code, no) and ``export_outcome``."""
    opened = open_version(run.pack_version, run.as_of, run.region_code)
    if not standing and snapshots.load_run(session.con, name=run.facts_file):
        _repeat(session, opened)
        return
    if standing:
        load_current(session, region=reader.area)
    elif run.state == Run.State.TRIAL:
        raise LookupError(f"第 {run.pk} 次是试算，它的结果已经清理，请重新试算。")
    else:
        load_answers_at(session, run_id=run.pk, region=reader.area)
    columns = [Column("answer_set_id", "int"), Column("outcome_id", "int")]
    session.load("export_member", "entitlements_answersetoutcome", columns)
    session.con.execute(
        """CREATE TABLE export_row AS SELECT person_id, place_code, outcome_id AS no
        FROM standing_answer JOIN export_member USING (answer_set_id)"""
    )
    codes = {pk: code for code, pk in opened.item_ids.items()}
    ids = [pk for (pk,) in session.rows("SELECT DISTINCT no FROM export_row")]
    rows = [
        _outcome_row(
            opened,
            one.pk,
            Outcome(
                one.key,
                codes.get(one.item_id, ""),
                one.status,
                one.tier,
                one.amount_fen,
                one.delivered,
                one.reason,
                one.used,
                tuple(one.missing),
            ),
        )
        for one in outcomes(ids).values()
    ]
    put_rows(session.con, "export_outcome", _OUTCOME, rows)


def _repeat(session: AnalyticSession, opened: OpenPack) -> None:
    """Answer again from what the run saw: the same facts, pack and day."""
    found = evaluate(session.con, opened.compiled)
    put_rows(
        session.con,
        "export_key",
        {"no": "BIGINT", "key": "VARCHAR"},
        [(no, one.key) for no, one in enumerate(found)],
    )
    rows = [_outcome_row(opened, no, one) for no, one in enumerate(found)]
    put_rows(session.con, "export_outcome", _OUTCOME, rows)
    session.con.execute(
        """CREATE TABLE export_row AS SELECT person_id, place_code, no
        FROM result JOIN export_key ON key = outcome_key JOIN facts USING (person_id)"""
    )
    session.con.execute("DROP TABLE result; DROP TABLE facts")


def _outcome_row(opened: OpenPack, no: int, one: Outcome) -> tuple[object, ...]:
    item = opened.pack.items.get(one.item)
    clause = f"（依据：{item.clause}）" if item else ""
    amount = "" if one.amount_fen is None else f"{one.amount_fen // 100}.{one.amount_fen % 100:02}"
    return (
        no,
        one.item,
        _STATUS[one.status],
        one.tier,
        amount,
        f"{one.reason}{clause}",
        ";".join(one.missing),
    )


def _load_people(session: AnalyticSession, reader: Reader) -> None:
    """Read ID numbers and names, and keep the rows of the reader's area, narrow and in order."""
    low, high = area_range(reader.area)
    load_numbers(
        session,
        into="export_person",
        people=f"""SELECT DISTINCT person_id FROM export_row
            WHERE place_code >= '{low}' AND place_code < '{high}'""",
    )
    session.con.execute(
        f"""CREATE TABLE export_sorted AS
        SELECT id_number, name, place_code, no
        FROM export_row JOIN export_person ON id = person_id JOIN export_outcome USING (no)
        WHERE place_code >= '{low}' AND place_code < '{high}' ORDER BY id_number, item"""
    )
    session.con.execute("DROP TABLE export_row; DROP TABLE export_person")
    # Looked up by number after sorting: a million copies of the same sentence are not sorted.
    session.con.execute(
        "SET VARIABLE answers = (SELECT map(list(no), list(export_outcome)) FROM export_outcome)"
    )


def _select(*, safe: bool) -> str:
    """Return the query for the rows, in order."""
    starts = "".join(start.replace("-", "\\-") for start in FORMULA_STARTS)
    name = (
        f"CASE WHEN regexp_matches(name, '^[{starts}]') THEN '''' || name ELSE name END"
        if safe
        else "name"
    )
    return f"""SELECT id_number, {name} AS name, place_code AS division,
            a.item, a.status, a.tier, a.amount, a.reason, a.missing
        FROM (SELECT id_number, name, place_code, getvariable('answers')[no] AS a
              FROM export_sorted)"""


def _write_csv(session: AnalyticSession, path: Path) -> int:
    with in_place(path) as draft:
        target = str(draft).replace("'", "''")
        query = _select(safe=True)
        counted = session.con.execute(
            f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER, DELIMITER ',')"
        ).fetchone()
    return int(counted[0]) if counted else 0


def _rows(session: AnalyticSession) -> Iterator[tuple[object, ...]]:
    session.con.execute(_select(safe=False))
    while chunk := session.con.fetchmany(_CHUNK):
        yield from chunk
