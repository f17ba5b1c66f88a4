"""Storing what a frozen month came to: lines, payments, findings, differences, choices, claims."""

from datetime import date

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.actions.runs import forget_lines
from yanglao.domain.settlement.actions.steps import locked_run, move_run
from yanglao.domain.settlement.models import PaymentRun
from yanglao.domain.settlement.types import ClaimState, Frozen, RunState
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import indexes_rebuilt, insert_query

#: From so many rows on, SQLite sorts its indexes once instead of placing each key.
_MANY = 200_000

_LINES = """
SELECT person, benefit, month, fen, kind, stopped FROM made_lines
UNION ALL SELECT person, benefit, month, -fen, 'overpaid', FALSE FROM made_overpaid
ORDER BY 1, 2, 3, 5
"""
_PAYMENTS = """
SELECT l.person, coalesce(any_value(p.name), '') AS name,
  coalesce(any_value(p.place), '{region}') AS place, l.benefit,
  sum(l.fen) FILTER (l.fen > 0) AS gross, coalesce(-sum(l.fen) FILTER (l.fen < 0), 0) AS withheld,
  any_value(l.token) AS token, CASE WHEN bool_or(l.stopped) THEN 'held' ELSE 'ready' END AS state
FROM made_lines l LEFT JOIN pay_people p ON p.person = l.person
GROUP BY l.person, l.benefit ORDER BY l.person, l.benefit
"""
_FINDINGS = """
SELECT c.person, coalesce(p.place, '{region}') AS place, c.benefit, c.code, c.stops,
  coalesce(s.fen, 0) AS fen
FROM made_checks c LEFT JOIN pay_people p ON p.person = c.person
LEFT JOIN (SELECT person, benefit, sum(fen) AS fen FROM made_lines GROUP BY ALL) s
  ON s.person = c.person AND s.benefit = c.benefit
ORDER BY c.person, c.benefit, c.code
"""
_DIFFERENCES = """
SELECT d.person, coalesce(p.place, '{region}') AS place, d.benefit, d.before, d.now,
  d.difference, CASE WHEN p.person IS NULL THEN 'left_area' ELSE d.code END AS code
FROM made_differences d LEFT JOIN pay_people p ON p.person = d.person
WHERE d.difference <> 'same' ORDER BY d.person, d.benefit
"""
_CHOICES = """
SELECT c.person, coalesce(p.place, '{region}') AS place, c.benefit, c.month, c.due, c.paid,
  c.state, c.code, c.against, c.clause
FROM made_choices c LEFT JOIN pay_people p ON p.person = c.person
WHERE c.code NOT IN ('allowed', 'alone')
  AND (c.month = {month} OR EXISTS (SELECT 1 FROM made_lines l
    WHERE l.person = c.person AND l.month = c.month))
ORDER BY c.person, c.month, c.benefit
"""
_CLAIMS = """
SELECT o.person, coalesce(any_value(p.name), '') AS name,
  coalesce(any_value(p.place), '{region}') AS place, o.benefit, min(o.month) AS first_month,
  max(o.month) AS last_month, sum(o.fen) AS fen, arg_max(o.cause, o.month) AS cause
FROM made_overpaid o LEFT JOIN pay_people p ON p.person = o.person
GROUP BY o.person, o.benefit ORDER BY o.person, o.benefit
"""


@transaction.atomic
def store_frozen(
    *, run_id: int, session: AnalyticSession, frozen: Frozen, as_of: date, acting: Reader
) -> PaymentRun:
    """Store a computed month in place of what an earlier freezing wrote; safe to repeat.

    Args:
        session: With tables ``made_lines``, ``made_checks``, ``made_differences``,
            ``made_choices``, ``made_overpaid`` (with ``cause``), limited to the run's benefits,
            and ``pay_people``.
        frozen: What the month says of itself.
        as_of: The day on which it was frozen.

    Raises:
        Refused: When the run was submitted, approved or cancelled meanwhile.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    forget_lines(run, acting=acting)
    con = session.con
    region = run.region_code
    first = not PaymentRun.objects.exclude(pk=run.pk).exclude(figures={}).exists()
    counted = con.execute("SELECT count(*) FROM made_lines").fetchall()[0][0]
    sorts = first and counted > _MANY
    held: dict[str, str | int] = {"run_id": run.pk}
    with indexes_rebuilt("settlement_line", worth_it=sorts):
        insert_query(
            "settlement_line",
            ("person_id", "benefit", "month", "fen", "kind", "held"),
            _LINES,
            con,
            constants=held,
        )
    with indexes_rebuilt("settlement_payment", worth_it=sorts):
        insert_query(
            "settlement_payment",
            (
                *("person_id", "name", "place_code", "benefit", "gross_fen", "withheld_fen"),
                *("token", "state"),
            ),
            _PAYMENTS.format(region=region),
            con,
            constants=held | {"paid_fen": 0, "open_fen": 0, "attempts": 0},
        )
    _store_rest(run, session, as_of)
    run.as_of = as_of
    run.since, run.everybody = frozen.since, frozen.everybody
    run.fingerprint, run.rules = frozen.fingerprint, frozen.rules
    run.snapshot, run.compared_with_id = frozen.snapshot, frozen.compared_with
    run.figures = _figures(session) | {"rows": frozen.rows, "seconds": frozen.seconds}
    told = {key: run.figures[key] for key in ("payments", "gross_fen", "held", "claims")}
    move_run(run, RunState.FROZEN, act="frozen", acting=acting, detail=told)
    return run


def _store_rest(run: PaymentRun, session: AnalyticSession, as_of: date) -> None:
    """Store findings, differences, choices and proposed claims: few beside payments."""
    region = run.region_code
    held: dict[str, str | int] = {"run_id": run.pk}
    insert_query(
        "settlement_finding",
        ("person_id", "place_code", "benefit", "code", "stops", "fen"),
        _FINDINGS.format(region=region),
        session.con,
        constants=held | {"decision": "", "decided_by": ""},
    )
    insert_query(
        "settlement_difference",
        (
            *("person_id", "place_code", "benefit", "before_fen", "now_fen"),
            *("difference", "code"),
        ),
        _DIFFERENCES.format(region=region),
        session.con,
        constants=held,
    )
    insert_query(
        "settlement_monthchoice",
        (
            *("person_id", "place_code", "benefit", "month", "due_fen", "paid_fen", "state"),
            *("code", "against", "clause"),
        ),
        _CHOICES.format(region=region, month=run.month),
        session.con,
        constants=held,
    )
    insert_query(
        "settlement_claim",
        (
            *("person_id", "name", "place_code", "benefit", "first_month", "last_month", "fen"),
            "cause",
        ),
        _CLAIMS.format(region=region),
        session.con,
        constants=held
        | {
            **{"withheld_fen": 0, "repaid_fen": 0, "written_off_fen": 0, "agreed_by": ""},
            **{"state": str(ClaimState.PROPOSED), "opened_on": as_of.isoformat()},
        },
    )


_FIGURES = """
SELECT count(DISTINCT person), count(*), coalesce(sum(gross), 0)::BIGINT,
  coalesce(sum(withheld), 0)::BIGINT, count(*) FILTER (state = 'held'),
  coalesce(sum(gross - withheld) FILTER (state = 'held'), 0)::BIGINT
FROM ({payments})
"""


def _figures(session: AnalyticSession) -> dict[str, object]:
    """Count what was computed: once, so that no page has to."""
    con = session.con
    people, payments, gross, withheld, held, held_fen = con.execute(
        _FIGURES.format(payments=_PAYMENTS.format(region=""))
    ).fetchall()[0]
    kinds = con.execute(
        "SELECT kind, count(*), sum(fen)::BIGINT FROM made_lines GROUP BY 1 ORDER BY 1"
    ).fetchall()
    benefits = con.execute(
        "SELECT benefit, count(DISTINCT person), sum(fen)::BIGINT FROM made_lines "
        "GROUP BY 1 ORDER BY 1"
    ).fetchall()
    differences = con.execute(
        "SELECT difference, code, count(*), sum(now - before)::BIGINT FROM made_differences "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    claims, claimed = con.execute(
        "SELECT count(DISTINCT (person, benefit)), coalesce(sum(fen), 0)::BIGINT FROM made_overpaid"
    ).fetchall()[0]
    saved = con.execute(
        "SELECT coalesce(sum(due - paid), 0)::BIGINT FROM made_choices "
        "WHERE state <> 'held' AND due > paid"
    ).fetchall()[0][0]
    return {
        **{"people": people, "payments": payments, "gross_fen": gross, "withheld_fen": withheld},
        **{"held": held, "held_fen": held_fen, "claims": claims, "claimed_fen": claimed},
        "kinds": {kind: [number, fen] for kind, number, fen in kinds},
        "benefits": {code: [number, fen] for code, number, fen in benefits},
        "differences": [list(row) for row in differences],
        "saved_fen": saved,
    }
