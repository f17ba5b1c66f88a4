"""Spells are written down: what is no longer believed gets an end, what is new is added.

Nothing is overwritten, so that "what did we believe on that day" has an answer. Set-based.
"""

from datetime import date

from yanglao.domain.benefits.models import FollowRun
from yanglao.foundation import audit, clock
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import insert_query, one_writer, run_sql, staged

_LOCK = "benefits_follow"
_FEW = 5000
_SAME = ("person", "benefit", "version", "first", '"end"', "known", "fen", "tier", "ended_by")


def record_spells(
    *, session: AnalyticSession, region: str, as_of: date, acting: Reader
) -> FollowRun:
    """Bring the spells of ``follow_people`` in line with ``next_spells``.

    Belongs to the caller's transaction. Safe to repeat: what is believed already is left alone.

    Args:
        session: With ``follow_people`` (person, place), ``follow_files`` and ``next_spells``.

    Raises:
        PermissionError: When the region lies outside the acting area.
    """
    if not acting.covers(region):
        raise PermissionError("只能更新自己辖区内的待遇。")
    one_writer(_LOCK)
    con = session.con
    people = int(session.rows("SELECT count(*) FROM follow_people")[0][0])
    _load_believed(session, people)
    con.execute(
        "CREATE TABLE placed_spells AS SELECT n.*, p.place FROM next_spells AS n "
        "JOIN follow_people AS p ON p.person = n.person"
    )
    run = FollowRun.objects.create(
        at=clock.now(), as_of=as_of, region_code=region, people=people, asked_by=acting.name[:80]
    )
    begun, ended = _write(session, run.pk)
    run.begun, run.ended = begun, ended
    run.save(update_fields=["begun", "ended"])
    for name in ("believed", "placed_spells"):
        con.execute(f"DROP TABLE {name}")
    audit.record(
        acting,
        "benefits_followed",
        subject="run",
        subject_id=run.pk,
        place_code=region,
        detail={"people": people, "begun": begun, "ended": ended},
    )
    return run


def _write(session: AnalyticSession, run_id: int) -> tuple[int, int]:
    """Add what is new, end what is no longer believed; return how many of each."""
    con = session.con
    same = " AND ".join(f"b.{name} IS NOT DISTINCT FROM n.{name}" for name in (*_SAME, "place"))
    con.execute(
        f"SELECT b.id FROM believed AS b WHERE NOT EXISTS "
        f"(SELECT 1 FROM placed_spells AS n WHERE {same})"
    )
    with staged("spells_gone", {"id": "int"}, con) as ended:
        if ended:
            run_sql(
                "UPDATE benefits_spell SET until_id = %s WHERE id IN (SELECT id FROM spells_gone)",
                (run_id,),
            )
    listed = ", ".join(f"n.{name}" for name in _SAME)
    begun = insert_query(
        "benefits_spell",
        [
            *("person_id", "benefit", "version", "first", "end_on", "known", "fen", "tier"),
            *("ended_by", "place_code"),
        ],
        f"SELECT {listed}, n.place FROM placed_spells AS n WHERE NOT EXISTS "
        f"(SELECT 1 FROM believed AS b WHERE {same}) ORDER BY 1, 2, 3, 4",
        con,
        constants={"since_id": run_id},
    )
    return begun, ended


def _load_believed(session: AnalyticSession, people: int) -> None:
    """Make ``believed``: the spells that stand of the people looked at."""
    where = "until_id IS NULL"
    if people <= _FEW:
        ids = ", ".join(str(row[0]) for row in session.rows("SELECT person FROM follow_files"))
        where += f" AND person_id IN ({ids or 'NULL'})"
    session.load(
        "believed_all",
        "benefits_spell",
        [
            Column("id", "int"),
            Column("person", "int", "person_id"),
            Column("benefit", "text"),
            Column("version", "text"),
            Column("first", "date"),
            Column("end_on", "date"),
            Column("known", "bool"),
            Column("fen", "int"),
            Column("tier", "text"),
            Column("ended_by", "text"),
            Column("place", "text", "place_code"),
        ],
        where,
    )
    session.con.execute(
        'CREATE TABLE believed AS SELECT * EXCLUDE (end_on), end_on AS "end" FROM believed_all '
        "WHERE person IN (SELECT person FROM follow_files)"
    )
    session.con.execute("DROP TABLE believed_all")
