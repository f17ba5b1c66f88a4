"""What the fund gives people by month, for whoever must not pay the same a second time."""

from datetime import date

from django.db.models import Sum

from yanglao.domain.ltci.models import Benefit, Statement, StatementLine
from yanglao.domain.ltci.types import BenefitState, StatementState
from yanglao.domain.people.public import laid_in_files
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import Reader, area_range, within_area

#: A spell falls into the parts before, between and after its settled months.
_MONTHS = """
CREATE TABLE in_ltci AS
WITH given AS (
    SELECT person_id, first_month AS first,
           coalesce(last_month + INTERVAL 1 MONTH, NULL)::DATE AS "end", monthly_fen AS fen
    FROM ltci_spell WHERE last_month IS NULL OR last_month >= first_month
), settled AS (
    SELECT l.person_id, d.month AS first, (d.month + INTERVAL 1 MONTH)::DATE AS "end",
           sum(l.fund_fen)::BIGINT AS fen
    FROM ltci_line AS l JOIN ltci_done AS d ON d.id = l.statement_id
    WHERE l.person_id IN (SELECT person_id FROM ltci_spell) GROUP BY 1, 2
), edges AS (  -- a spell falls into parts before, between and after its settled months
    SELECT DISTINCT g.person_id, g.first AS low, g."end" AS high, g.fen, s.first, s."end"
    FROM given AS g JOIN settled AS s ON s.person_id = g.person_id
        AND s.first >= g.first AND (g."end" IS NULL OR s.first < g."end")
), between_ AS (
    SELECT person_id, fen, "end" AS first,
           coalesce(lead(first) OVER (PARTITION BY person_id, low ORDER BY first), high)
               AS "end"
    FROM edges
    UNION ALL
    SELECT person_id, any_value(fen), low, min(first) FROM edges GROUP BY person_id, low
)
SELECT person_id AS person, 'ltc' AS benefit, first, "end", fen
FROM settled WHERE fen > 0
UNION ALL
SELECT person_id, 'ltc', first, "end", fen
FROM between_ WHERE "end" IS NULL OR first < "end"
UNION ALL
SELECT g.person_id, 'ltc', g.first, g."end", g.fen FROM given AS g
WHERE NOT EXISTS (
    SELECT 1 FROM edges AS e WHERE e.person_id = g.person_id AND e.low = g.first
)
"""


def load_benefit_months(session: AnalyticSession, *, region: str) -> None:
    """Make the DuckDB table ``in_ltci``: ``person, benefit, first, "end", fen``.

    Days are half open, ``end`` NULL goes on, ``benefit`` is ``'ltc'``. A settled month has what
    the fund paid (approved settlements); a month of an approved benefit that is not settled has the
    most that the fund may pay (NULL: not published, so unknown).
    """
    low, high = area_range(region)
    inside = f"place_code >= '{low}' AND place_code < '{high}'"
    states = f"'{BenefitState.APPROVED}', '{BenefitState.STOPPED}'"
    session.load(
        "ltci_spell",
        Benefit._meta.db_table,
        (
            Column("person_id", "int"),
            Column("first_month", "date"),
            Column("last_month", "date"),
            Column("monthly_fen", "int"),
        ),
        where=f"state IN ({states}) AND {inside}",
    )
    paid = f"'{StatementState.APPROVED}', '{StatementState.PAID}'"
    session.load(
        "ltci_done",
        Statement._meta.db_table,
        (Column("id", "int"), Column("month", "date")),
        where=f"state IN ({paid})",
    )
    session.load(
        "ltci_line",
        StatementLine._meta.db_table,
        (Column("statement_id", "int"), Column("person_id", "int"), Column("fund_fen", "int")),
    )
    # Money of a file laid into another is the money of the person who goes on.
    for file, person in sorted(laid_in_files().items()):
        for table in ("ltci_spell", "ltci_line"):
            session.con.execute(
                f"UPDATE {table} SET person_id = $2 WHERE person_id = $1",  # noqa: S608  ours
                [file, person],
            )
    session.con.execute(_MONTHS)
    for name in ("ltci_spell", "ltci_done", "ltci_line"):
        session.con.execute(f"DROP TABLE {name}")


def recent_cost(reader: Reader, first: date) -> tuple[int, int]:
    """Return fund money and person-months in approved settlements from a month on."""
    rows = within_area(StatementLine.objects.all(), reader, "statement__place_code").filter(
        statement__month__gte=first,
        statement__state__in=[StatementState.APPROVED, StatementState.PAID],
    )
    fen = rows.order_by().aggregate(fen=Sum("fund_fen"))["fen"] or 0
    months = rows.order_by().values("person_id", "statement__month").distinct().count()
    return int(fen), months
