"""What everybody is due for every month asked, in a few set-based queries.

Says the same as ``entitlement.month_entitlement``, month by month and person by person; a test
holds one against the other and both against a slow reckoning of its own.
"""

import duckdb

from yanglao.engines.payments.tables import Frozen

#: A day's month as a number, the same as ``months.month_of``.
_MONTH = "(year({0}) * 12 + month({0}) - 1)"

_SPANS = """
CREATE OR REPLACE TABLE pay_spans AS
SELECT person, benefit, version, first, "end", known, fen, tier,
  CASE WHEN ended_by IN ('death', 'move', 'grade', 'admission', 'revoked')
    THEN ended_by ELSE 'other' END AS ended_by,
  {first} AS first_month, {end} AS end_month,
  coalesce(lag("end") OVER w = first, FALSE) AS goes_on,
  coalesce(lead(first) OVER w = "end", FALSE) AS followed
FROM pay_answers
WINDOW w AS (PARTITION BY person, benefit, version ORDER BY first)
"""

# One row per person, benefit and month that has any answer of the version in force.
_STATES = """
CREATE OR REPLACE TABLE pay_states AS
WITH windows AS (
  SELECT s.person, s.benefit, r.month, s.first, s.known, s.fen, s.tier, s.ended_by,
    s.first_month + CASE WHEN s.goes_on THEN r.change ELSE r.start END AS begins,
    CASE WHEN s."end" IS NULL THEN 999999
      WHEN s.followed THEN s.end_month + r.change - 1
      ELSE s.end_month + CASE s.ended_by
        WHEN 'death' THEN r.stop_death WHEN 'move' THEN r.stop_move
        WHEN 'grade' THEN r.stop_grade WHEN 'admission' THEN r.stop_admission
        WHEN 'revoked' THEN r.stop_revoked ELSE r.stop_other END END AS last
  FROM pay_spans s JOIN pay_rules r ON s.benefit = r.benefit AND s.version = r.version
  WHERE {past}
)
SELECT person, benefit, month,
  arg_max({{'known': known, 'fen': fen, 'tier': tier}}, first)
    FILTER (begins <= month AND month <= last) AS chosen,
  arg_max(ended_by, first) FILTER (begins <= month AND month > last) AS ended,
  bool_or(begins > month) AS later
FROM windows GROUP BY ALL
"""

_APPROVED = """
CREATE OR REPLACE TABLE pay_approved AS
SELECT person, benefit, month, bool_or(begun) AS begun, bool_or(begun AND NOT over) AS holds
FROM (
  SELECT a.person, a.benefit, r.month,
    CASE r.basis WHEN 'approval' THEN {approved} + r.basis_start <= r.month
      WHEN 'application' THEN {applied} + r.basis_start <= r.month ELSE TRUE END AS begun,
    coalesce(r.month > {revoked} + r.stop_revoked, FALSE) AS over
  FROM pay_approvals a JOIN pay_rules r ON a.benefit = r.benefit AND r.basis <> 'none'
  WHERE {past}
) GROUP BY ALL
"""

_SUSPENDED = """
CREATE OR REPLACE TABLE pay_suspended AS
SELECT DISTINCT s.person, s.benefit, r.month
FROM pay_suspensions s JOIN pay_rules r ON s.benefit = r.benefit
WHERE NOT (coalesce(s.cleared, FALSE) AND r.repay)
  AND {first} + r.suspend <= r.month
  AND (s."end" IS NULL OR r.month < {end} + r.resume)
"""

# For benefits paid by the day: the days of the month that are covered, each counted once.
_DAYS = """
CREATE OR REPLACE TABLE pay_days AS
WITH parts AS (
  SELECT s.person, s.benefit, r.month, r.basis, s.known, s.fen, s.tier, s.first,
    greatest(s.first, r.low) AS a,
    least(coalesce(s."end", DATE '9999-12-31'), r.high + 1,
      coalesce(p.died_on + 1, DATE '9999-12-31')) AS b
  FROM pay_spans s JOIN pay_rules r ON s.benefit = r.benefit AND s.version = r.version
  LEFT JOIN pay_people p ON p.person = s.person
  WHERE r.prorate AND {past}
), each_day AS (
  SELECT * EXCLUDE (a, b), unnest(range(a::TIMESTAMP, b::TIMESTAMP, INTERVAL 1 DAY))::DATE AS day
  FROM parts WHERE a < b
), paid AS (
  SELECT e.* FROM each_day e WHERE e.basis = 'none' OR EXISTS (
    SELECT 1 FROM pay_approvals a WHERE a.person = e.person AND a.benefit = e.benefit
    AND (CASE e.basis WHEN 'approval' THEN a.approved_on WHEN 'application' THEN a.applied_on
      ELSE DATE '0001-01-01' END) <= e.day
    AND (a.revoked_on IS NULL OR e.day < a.revoked_on))
)
SELECT e.person, e.benefit, e.month, count(p.day) AS days,
  bool_and(p.known) AS known, coalesce(bool_or(p.day IS NOT NULL AND p.fen IS NULL), FALSE)
    AS unpriced,
  coalesce(sum(p.fen), 0) AS fen, arg_max(p.tier, p.first) AS tier
FROM each_day e LEFT JOIN paid p
  ON e.person = p.person AND e.benefit = p.benefit AND e.month = p.month AND e.day = p.day
GROUP BY ALL
"""

_DUES = """
CREATE OR REPLACE TABLE pay_dues AS
WITH told AS (
  SELECT s.person, s.benefit, s.month, r.paid_here,
    CASE
      WHEN p.died_on IS NOT NULL AND s.month > {died} + r.stop_death THEN 'after_death'
      WHEN CASE WHEN r.prorate THEN d.person IS NULL ELSE s.chosen IS NULL END THEN
        CASE WHEN s.ended IS NOT NULL THEN 'after_' || s.ended
          WHEN s.later THEN 'before_start' ELSE 'not_eligible' END
      WHEN r.basis <> 'none' AND NOT coalesce(a.holds, FALSE) THEN
        CASE WHEN a.person IS NULL THEN 'not_approved'
          WHEN a.begun THEN 'revoked' ELSE 'before_approval' END
      WHEN x.person IS NOT NULL THEN 'suspended'
      WHEN r.prorate AND d.days = 0 THEN 'not_eligible'
      WHEN NOT (CASE WHEN r.prorate THEN d.known ELSE s.chosen.known END) THEN 'unknown'
      WHEN (CASE WHEN r.prorate THEN d.unpriced ELSE s.chosen.fen IS NULL END)
        THEN 'amount_unknown'
      ELSE 'payable' END AS code,
    CASE WHEN r.prorate THEN CASE WHEN d.unpriced THEN NULL ELSE
        (2 * d.fen + day(r.high)) // (2 * day(r.high)) END
      ELSE s.chosen.fen END::BIGINT AS fen,
    CASE WHEN r.prorate THEN d.tier ELSE s.chosen.tier END AS tier,
    CASE WHEN r.prorate THEN d.days ELSE 0 END::INTEGER AS days
  FROM pay_states s
  JOIN pay_rules r ON s.benefit = r.benefit AND s.month = r.month
  LEFT JOIN pay_people p ON s.person = p.person
  LEFT JOIN pay_approved a
    ON s.person = a.person AND s.benefit = a.benefit AND s.month = a.month
  LEFT JOIN pay_suspended x
    ON s.person = x.person AND s.benefit = x.benefit AND s.month = x.month
  LEFT JOIN pay_days d
    ON s.person = d.person AND s.benefit = d.benefit AND s.month = d.month
)
SELECT person, benefit, month, paid_here, code,
  CASE WHEN code = 'payable' THEN 'payable' WHEN code IN ('unknown', 'amount_unknown') THEN 'held'
    ELSE 'not_payable' END AS due,
  CASE WHEN code IN ('payable', 'unknown', 'amount_unknown') THEN fen ELSE 0 END AS fen,
  CASE WHEN code IN ('payable', 'unknown', 'amount_unknown') THEN coalesce(tier, '') ELSE '' END
    AS tier,
  CASE WHEN code IN ('payable', 'unknown', 'amount_unknown') THEN days ELSE 0 END AS days
FROM told
"""


def make_dues(frozen: Frozen) -> None:
    """Make ``pay_dues``: person, benefit, month, due, fen, code, tier, days, paid_here.

    A person, benefit and month without any answer has no row: it is not payable.
    """
    con: duckdb.DuckDBPyConnection = frozen.con
    month = int(frozen.order.month)
    touched = f"(r.month = {month} OR {{0}}.person IN (SELECT person FROM pay_touched))"
    con.execute(_SPANS.format(first=_MONTH.format("first"), end=_MONTH.format('"end"')))
    for query, letter, words in (
        (_STATES, "s", {}),
        (
            _APPROVED,
            "a",
            {
                "approved": _MONTH.format("a.approved_on"),
                "applied": _MONTH.format("a.applied_on"),
                "revoked": _MONTH.format("a.revoked_on"),
            },
        ),
        (_DAYS, "s", {}),
    ):
        past = "TRUE" if frozen.everybody else touched.format(letter)
        con.execute(query.format(past=past, **words))
    con.execute(_SUSPENDED.format(first=_MONTH.format("s.first"), end=_MONTH.format('s."end"')))
    con.execute(_DUES.format(died=_MONTH.format("p.died_on")))
