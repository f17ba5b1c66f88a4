"""What the match does to leads: set-based, in the transaction of the run that found the answers.

It opens leads for new answers that are not delivered, tells open ones what changed, proves them
delivered by the next list, lets them lapse and restores them, and lets them follow a person who
moves. It goes by the differences of a run, so a run without differences costs nothing here.

Tables it needs in the session (``entitlements.actions.compare`` makes the first three):
    ``item_change`` (person_id, place_code, item_id, before_id, after_id); ``known_outcome`` (id,
    item_id, status, tier, amount_fen, delivered); ``moved`` (person_id, place_code, old_place …);
    ``change_cause`` (person_id, item_id, cause); ``awaiting`` (outcome_id, place_code): answers
    that hang on nothing but a department's list that has not come for the place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from yanglao.domain.accounts.public import accounts_in_area
from yanglao.domain.entitlements.public import outcomes
from yanglao.domain.leads.models import Lead
from yanglao.domain.leads.types import LeadAct, LeadKind, LeadRule, LeadState, LeadWork
from yanglao.foundation import clock
from yanglao.foundation.analytics import AnalyticSession, Column, bulk_insert
from yanglao.foundation.scoping import Reader, area_range, system_reader
from yanglao.foundation.staging import (
    hold_table,
    indexes_rebuilt,
    insert_query,
    put_rows,
    run_sql,
    staged,
)

#: Up to so many people their leads are looked up one by one, above that the table is read whole.
_FEW = 5000
#: From so many new leads on, and more than there are, indexes are built after them.
_MANY = 100_000
_OPEN = "('found', 'contacted', 'confirmed')"
_LEAD = (
    Column("id", "int"),
    Column("person_id", "int"),
    Column("item_id", "int"),
    Column("outcome_id", "int"),
    Column("place_code", "text"),
    Column("kind", "text"),
    Column("state", "text"),
    Column("due_on", "date"),
    Column("assignee_id", "int"),
)
_NEW = ("person_id", "item_id", "outcome_id", "place_code", "kind", "due_on")
_STEP = (
    "lead_id",
    "at",
    "by_id",
    "by_name",
    "act",
    "from_state",
    "to_state",
    "from_assignee",
    "to_assignee",
    "decline_reason",
    "note",
)
_POSSIBLE = {"id", "outcome_id", "place_code", "kind", "state", "assignee_id"}
#: Makes ``lead_proof`` (person_id, item_id, proof) for the rows of ``lead_proven``.
Prove = Callable[[AnalyticSession], None]


@dataclass(frozen=True, slots=True)
class Occasion:
    """The run on whose account leads are touched.

    Attributes:
        run_id: The run.
        as_of: Its day; due dates count from it.
        held: Items whose new leads wait until a person releases them.
        again: Whether an answer that was delivered once may open a new round. False when held
            leads are released: then only what has never had a lead is opened.
    """

    run_id: int
    as_of: date
    held: frozenset[int] = frozenset()
    again: bool = True


def open_and_close(
    *,
    session: AnalyticSession,
    occasion: Occasion,
    rules: Iterable[LeadRule],
    acting: Reader,
    prove: Prove | None = None,
) -> LeadWork:
    """Bring leads in line with the differences of a run. Call it in the run's transaction.

    Args:
        session: With the tables named above.
        occasion: The run.
        rules: One for each item.
        acting: Who ran it; every step carries the name.
        prove: Gives the proof of leads that turn out delivered; without it the run is the proof.
    """
    con = session.con
    hold_table("leads_lead")  # an officer's step must not come between reading and writing
    put_rows(
        con,
        "lead_rule",
        {"item_id": "BIGINT", "lead_days": "INTEGER", "opens": "BOOLEAN", "held": "BOOLEAN"},
        [(r.item_id, r.lead_days, r.opens, r.item_id in occasion.held) for r in rules],
    )
    _want(session, occasion)
    _load_leads(session)
    _load_lead_outcomes(session)
    _decide(session, occasion)
    _find_proofs(session, occasion, prove)
    opened = _open(session, occasion)
    _write_steps(session, acting)
    _update(session, occasion)
    done = dict(session.rows("SELECT act, count(*) FROM lead_next GROUP BY act"))
    followed = session.rows("SELECT count(*) FROM lead_next WHERE follows")[0][0]
    return LeadWork(
        opened=opened,
        updated=done.get(LeadAct.KIND, 0),
        delivered=done.get(LeadAct.PROVE, 0),
        lapsed=done.get(LeadAct.LAPSE, 0),
        restored=done.get(LeadAct.RESTORE, 0),
        followed=followed,
    )


def sort_awaiting(*, session: AnalyticSession, occasion: Occasion, acting: Reader) -> int:
    """Tell open leads whose list has come (or gone) since; return how many changed their kind.

    Needs ``possible_lead`` (id, outcome_id, place_code, kind, state, assignee_id) and ``awaiting``.
    """
    con = session.con
    con.execute(
        f"""CREATE TABLE resorted AS
        SELECT p.id, p.kind AS old_kind, p.state, p.assignee_id,
            CASE WHEN a.outcome_id IS NULL THEN '{LeadKind.POSSIBLE}'
                ELSE '{LeadKind.AWAITING_LIST}' END AS kind
        FROM possible_lead AS p LEFT JOIN awaiting AS a
            ON a.outcome_id = p.outcome_id AND a.place_code = p.place_code
        WHERE kind <> old_kind"""
    )
    count = int(session.rows("SELECT count(*) FROM resorted")[0][0])
    if not count:
        return 0
    con.execute("SELECT id, kind FROM resorted ORDER BY id")
    with staged("staged_kind", {"id": "int", "kind": "text"}, con):
        run_sql(
            "UPDATE leads_lead SET kind = s.kind FROM staged_kind AS s WHERE s.id = leads_lead.id"
        )
    con.execute(
        f"""SELECT id, {_moment()}, {_by(acting)}, '{LeadAct.KIND}', state, state, assignee_id,
            assignee_id, '', {_kind_note("old_kind", "kind")} FROM resorted ORDER BY id"""
    )
    bulk_insert("leads_leadstep", _STEP, con)
    return count


class PossibleLeads:
    """Open leads that hang on missing facts, read into a session."""

    @staticmethod
    def load(session: AnalyticSession, region: str) -> int:
        """Make ``possible_lead`` of a region's; return how many."""
        low, high = area_range(region)
        kinds = f"'{LeadKind.POSSIBLE}', '{LeadKind.AWAITING_LIST}'"
        return session.load(
            "possible_lead",
            "leads_lead",
            [column for column in _LEAD if column.name in _POSSIBLE],
            f"state IN {_OPEN} AND kind IN ({kinds}) "
            f"AND place_code >= '{low}' AND place_code < '{high}'",
        )


def _want(session: AnalyticSession, occasion: Occasion) -> None:
    """Make ``lead_wanted``: changed answers that somebody must act on."""
    day = f"DATE '{occasion.as_of.isoformat()}'"
    session.con.execute(
        f"""CREATE TABLE lead_wanted AS
        SELECT c.person_id, c.item_id, c.place_code, c.after_id AS outcome_id, o.status, o.tier,
            o.amount_fen, r.held, {day} + r.lead_days AS due_on,
            CASE WHEN o.status = 1 THEN '{LeadKind.ENTITLED}'
                WHEN a.outcome_id IS NOT NULL THEN '{LeadKind.AWAITING_LIST}'
                ELSE '{LeadKind.POSSIBLE}' END AS kind,
            b.id IS NULL OR coalesce(b.delivered, FALSE)
                OR (b.status = 1 AND o.status = 1 AND (b.tier <> o.tier
                    OR b.amount_fen IS DISTINCT FROM o.amount_fen)) AS new_round
        FROM item_change AS c
        JOIN known_outcome AS o ON o.id = c.after_id
        JOIN lead_rule AS r ON r.item_id = c.item_id
        LEFT JOIN known_outcome AS b ON b.id = c.before_id
        LEFT JOIN awaiting AS a ON a.outcome_id = c.after_id AND a.place_code = c.place_code
        WHERE r.opens AND NOT coalesce(o.delivered, FALSE)"""
    )


def _load_leads(session: AnalyticSession) -> None:
    """Read the newest lead of everybody concerned, item by item: ``lead_now``."""
    con = session.con
    con.execute(
        """CREATE TABLE lead_person AS
        SELECT DISTINCT person_id FROM item_change
        UNION SELECT person_id FROM moved WHERE old_place IS DISTINCT FROM place_code
            AND old_place IS NOT NULL"""
    )
    people = int(session.rows("SELECT count(*) FROM lead_person")[0][0])
    where = ""
    if people <= _FEW:
        ids = session.rows("SELECT person_id FROM lead_person")
        where = f"person_id IN ({', '.join(str(pk) for (pk,) in ids) or 'NULL'})"
    session.load("lead_read", "leads_lead", _LEAD, where)
    con.execute(
        """CREATE TABLE lead_now AS SELECT * FROM lead_read
        WHERE person_id IN (SELECT person_id FROM lead_person)
        QUALIFY row_number() OVER (PARTITION BY person_id, item_id ORDER BY id DESC) = 1"""
    )
    con.execute("DROP TABLE lead_read")


def _load_lead_outcomes(session: AnalyticSession) -> None:
    """Read the answers that declined leads were about (``lead_outcome``), and states to go back to.

    ``lead_lapsed`` (lead_id, from_state): where lapsed leads stood.
    """
    con = session.con
    ids = con.execute(
        f"SELECT DISTINCT outcome_id FROM lead_now WHERE state = '{LeadState.DECLINED}'"
    ).fetchall()
    put_rows(
        con,
        "lead_outcome",
        {"id": "BIGINT", "status": "TINYINT", "tier": "VARCHAR", "amount_fen": "BIGINT"},
        [
            (one.pk, one.status, one.tier, one.amount_fen)
            for one in outcomes(pk for (pk,) in ids).values()
        ],
    )
    lapsed = [
        pk
        for (pk,) in con.execute(
            f"""SELECT id FROM lead_now JOIN lead_wanted USING (person_id, item_id)
            WHERE state = '{LeadState.LAPSED}'"""
        ).fetchall()
    ]
    columns = [Column("id", "int"), Column("lead_id", "int"), Column("from_state", "text")]
    where = f"act = '{LeadAct.LAPSE}'"
    if len(lapsed) <= _FEW:
        where += f" AND lead_id IN ({', '.join(str(pk) for pk in lapsed) or 'NULL'})"
    session.load("lapse_step", "leads_leadstep", columns, where)
    con.execute(
        """CREATE TABLE lead_lapsed AS
        SELECT lead_id, arg_max(from_state, id) AS from_state FROM lapse_step GROUP BY lead_id"""
    )
    con.execute("DROP TABLE lapse_step")


def _decide(session: AnalyticSession, occasion: Occasion) -> None:
    """Make ``lead_next``: leads that change, what happens to each, and what it is then."""
    officers = [
        (pk, *area_range(area))
        for pk, area in accounts_in_area(system_reader()).values_list("pk", "area_code")
    ]
    put_rows(
        session.con, "officer", {"id": "BIGINT", "low": "VARCHAR", "high": "VARCHAR"}, officers
    )
    session.con.execute(
        f"""CREATE TABLE lead_next AS
        SELECT l.id, l.person_id, l.item_id, l.state AS old_state, l.kind AS old_kind,
            l.assignee_id AS old_assignee, w.tier,
            CASE WHEN l.state IN {_OPEN} AND c.person_id IS NOT NULL AND c.after_id IS NULL
                    THEN '{LeadAct.LAPSE}'
                WHEN l.state IN {_OPEN} AND o.delivered THEN '{LeadAct.PROVE}'
                WHEN l.state IN {_OPEN} AND w.outcome_id <> l.outcome_id THEN '{LeadAct.KIND}'
                WHEN l.state = '{LeadState.LAPSED}' AND NOT w.held THEN '{LeadAct.RESTORE}'
                WHEN l.state = '{LeadState.DECLINED}' AND NOT w.held AND (w.status < d.status
                    OR w.status = d.status AND (w.tier <> d.tier
                        OR w.amount_fen IS DISTINCT FROM d.amount_fen)) THEN '{LeadAct.RESTORE}'
                END AS act,
            coalesce(l.state IN {_OPEN} OR act = '{LeadAct.RESTORE}', FALSE)
                AND coalesce(m.place_code, l.place_code) <> l.place_code AS follows,
            CASE act WHEN '{LeadAct.LAPSE}' THEN '{LeadState.LAPSED}'
                WHEN '{LeadAct.PROVE}' THEN '{LeadState.DELIVERED}'
                WHEN '{LeadAct.RESTORE}' THEN coalesce(p.from_state, '{LeadState.FOUND}')
                ELSE l.state END AS state,
            CASE WHEN act IN ('{LeadAct.KIND}', '{LeadAct.RESTORE}') THEN w.kind ELSE l.kind END
                AS kind,
            CASE WHEN act IN ('{LeadAct.KIND}', '{LeadAct.RESTORE}') THEN w.outcome_id
                WHEN act = '{LeadAct.PROVE}' THEN c.after_id ELSE l.outcome_id END AS outcome_id,
            CASE WHEN follows THEN m.place_code ELSE l.place_code END AS place_code,
            CASE WHEN follows AND NOT coalesce(m.place_code >= f.low AND m.place_code < f.high,
                FALSE) THEN NULL ELSE l.assignee_id END AS assignee_id,
            CASE WHEN act = '{LeadAct.RESTORE}' OR (act = '{LeadAct.KIND}' AND w.kind <> l.kind)
                THEN w.due_on ELSE l.due_on END AS due_on
        FROM lead_now AS l
        LEFT JOIN item_change AS c USING (person_id, item_id)
        LEFT JOIN known_outcome AS o ON o.id = c.after_id
        LEFT JOIN lead_wanted AS w USING (person_id, item_id)
        LEFT JOIN lead_outcome AS d ON d.id = l.outcome_id
        LEFT JOIN lead_lapsed AS p ON p.lead_id = l.id
        LEFT JOIN moved AS m ON m.person_id = l.person_id AND m.old_place <> m.place_code
        LEFT JOIN officer AS f ON f.id = l.assignee_id
        WHERE act IS NOT NULL OR follows"""
    )


def _find_proofs(session: AnalyticSession, occasion: Occasion, prove: Prove | None) -> None:
    """Make ``lead_proof`` for the leads that turn out delivered."""
    session.con.execute(
        f"""CREATE TABLE lead_proven AS
        SELECT person_id, item_id FROM lead_next WHERE act = '{LeadAct.PROVE}'"""
    )
    any_proven = session.rows("SELECT count(*) FROM lead_proven")[0][0]
    if any_proven and prove is not None:
        prove(session)
    else:
        session.con.execute(
            "CREATE TABLE lead_proof (person_id BIGINT, item_id BIGINT, proof VARCHAR)"
        )


def _open(session: AnalyticSession, occasion: Occasion) -> int:
    """Insert new leads; return how many."""
    again = "OR (l.state = 'delivered' AND w.new_round)" if occasion.again else ""
    session.con.execute(
        f"""CREATE TABLE lead_new AS
        SELECT w.person_id, w.item_id, w.outcome_id, w.place_code, w.kind,
            CAST(w.due_on AS VARCHAR) AS due_on
        FROM lead_wanted AS w LEFT JOIN lead_now AS l USING (person_id, item_id)
        WHERE NOT w.held AND (l.id IS NULL {again})"""
    )
    count = int(session.rows("SELECT count(*) FROM lead_new")[0][0])
    many = count >= _MANY and count >= Lead.objects.count()
    with indexes_rebuilt("leads_lead", worth_it=many):
        return insert_query(
            "leads_lead",
            _NEW,
            "SELECT * FROM lead_new ORDER BY person_id, item_id",
            session.con,
            constants={
                "state": str(LeadState.FOUND),
                "opened_run_id": occasion.run_id,
                "opened_on": occasion.as_of.isoformat(),
                "decline_reason": "",
                "proof": "",
            },
        )


def _write_steps(session: AnalyticSession, acting: Reader) -> None:
    """Write what happened to leads that were there already."""
    run_note = "coalesce(nullif(c.cause, ''), '比对结果有变化')"
    session.con.execute(
        f"""SELECT n.id, {_moment()}, {_by(acting)}, act, old_state, state, old_assignee,
            old_assignee, '',
            left(CASE WHEN act = '{LeadAct.PROVE}' THEN coalesce(p.proof, {run_note})
                WHEN act = '{LeadAct.KIND}' AND old_kind <> kind
                    THEN {_kind_note("old_kind", "kind")} || '；' || {run_note}
                ELSE {run_note} END, 300)
        FROM lead_next AS n
        LEFT JOIN change_cause AS c USING (person_id, item_id)
        LEFT JOIN lead_proof AS p USING (person_id, item_id)
        WHERE act IS NOT NULL ORDER BY n.id"""
    )
    bulk_insert("leads_leadstep", _STEP, session.con)
    session.con.execute(
        f"""SELECT id, {_moment()}, {_by(acting)}, '{LeadAct.FOLLOW}', state, state, old_assignee,
            assignee_id, '', '服务地变更为 ' || place_code
        FROM lead_next WHERE follows ORDER BY id"""
    )
    bulk_insert("leads_leadstep", _STEP, session.con)


def _update(session: AnalyticSession, occasion: Occasion) -> None:
    """Write the leads that change, all columns in one statement."""
    run_proof = f"第 {occasion.run_id} 次比对"
    session.con.execute(
        f"""SELECT n.id, n.state, n.kind, n.outcome_id, n.place_code, n.assignee_id,
            CAST(n.due_on AS VARCHAR),
            CASE WHEN n.state IN {_OPEN} THEN NULL ELSE '{occasion.as_of.isoformat()}' END,
            CASE WHEN act = '{LeadAct.PROVE}' THEN left(coalesce(p.proof, '{run_proof}'), 200)
                ELSE '' END
        FROM lead_next AS n LEFT JOIN lead_proof AS p USING (person_id, item_id) ORDER BY n.id"""
    )
    columns = {
        "id": "int",
        "state": "text",
        "kind": "text",
        "outcome_id": "int",
        "place_code": "text",
        "assignee_id": "int",
        "due_on": "date",
        "closed_on": "date",
        "proof": "text",
    }
    with staged("staged_leads", columns, session.con) as count:
        if count:
            sets = ", ".join(f"{name} = s.{name}" for name in list(columns)[1:])
            run_sql(
                f"""UPDATE leads_lead SET {sets}, decline_reason = CASE
                    WHEN s.state = '{LeadState.DECLINED}' THEN decline_reason ELSE '' END
                FROM staged_leads AS s WHERE s.id = leads_lead.id"""
            )


def _moment() -> str:
    return f"'{clock.now().isoformat(sep=' ')}'"


def _by(acting: Reader) -> str:
    number = "NULL" if acting.user_id is None else str(int(acting.user_id))
    name = acting.name.replace("'", "''")
    return f"{number}, '{name}'"


def _kind_note(old: str, new: str) -> str:
    """Return SQL for ``由“只差信息”转为“该享未享”``."""

    def label(column: str) -> str:
        known = " ".join(f"WHEN '{kind.value}' THEN '{kind.label}'" for kind in LeadKind)
        return f"CASE {column} {known} END"

    return f"'由“' || {label(old)} || '”转为“' || {label(new)} || '”'"
