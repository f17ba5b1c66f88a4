"""The lines of a payment month: no benefit twice, arrears, corrections, instalments, checks.

What a month should have had, less what earlier runs accounted for it, is what is added now; where
it is less, the difference is overpaid and becomes a claim, never a negative line by itself. A month
that cannot be told (held) is left as it is. So a run that is repeated on its own result adds
nothing, and the sum of all runs is for every month what the rules in force in it say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from yanglao.engines.payments.choosing import Claim, choose
from yanglao.engines.payments.dues import make_dues
from yanglao.engines.payments.months import last_day
from yanglao.engines.payments.tables import Frozen

#: Kinds of line. Only an instalment is negative.
LINE_KINDS = {
    "regular": "本月",
    "arrears": "补发",
    "correction": "更正",
    "recovery": "追缴扣回",
}

#: Findings of the checks: whether the money waits for a person, and what they say.
CHECKS: dict[str, tuple[bool, str]] = {
    "no_person": (True, "人员档案里没有这个人，先不发，请核对"),
    "dead": (False, "人已去世，本月按规定仍发，请核对发放对象和账户"),
    "moved": (True, "人已迁出，先不发，请核对迁出日期和待遇"),
    "no_account": (True, "没有可用的银行账户，先不发，请补登账户"),
    "two_accounts": (True, "登记了不止一个可用账户，先不发，请只留一个"),
    "paid_elsewhere": (True, "同一事项本月已在别处发放，先不发，请核对"),
    "account_shared": (False, "收款账户由较多的人共用，请核对是否代领"),
    "over_limit": (True, "本月合计超过上限，先不发，请复核金额"),
}

#: Why a person's money differs from last month's.
DIFFERENCES = {"new": "新增", "stopped": "停发", "changed": "金额变化", "same": "不变"}


@dataclass(frozen=True, slots=True)
class PaymentMonth:
    """A computed month, as Arrow tables (rows sorted, so that the same input gives the same).

    Attributes:
        lines: person, benefit, month, fen, kind, token, stopped (waits for a person).
        payments: person, benefit, fen, token, name: one a person and benefit, without stopped ones.
        differences: person, benefit, before, now, difference, code.
        checks: person, benefit, code, stops.
        overpaid: person, benefit, month, fen: claims that begin.
        choices: person, benefit, month, due, paid, state, code, against, clause: every month in
            which more than one benefit met, or one is held.
        fingerprint: Of the input.
    """

    lines: pa.Table
    payments: pa.Table
    differences: pa.Table
    checks: pa.Table
    overpaid: pa.Table
    choices: pa.Table
    fingerprint: str

    @property
    def total_fen(self) -> int:
        """Money of the payments."""
        return int(sum(self.payments.column("fen").to_pylist()))


def compute_month(frozen: Frozen) -> PaymentMonth:
    """Compute a month from frozen input. The same input gives the same tables, row by row."""
    con = frozen.con
    make_dues(frozen)
    _choose(frozen)
    _settle(frozen)
    _recover(con, int(frozen.order.month))
    _check(frozen)
    _compare(con, int(frozen.order.month))
    return PaymentMonth(
        lines=_fetch(con, _LINES),
        payments=_fetch(con, _PAYMENTS),
        differences=_fetch(con, "SELECT * FROM pay_differences ORDER BY person, benefit"),
        checks=_fetch(con, "SELECT * FROM pay_checks ORDER BY person, benefit, code"),
        overpaid=_fetch(
            con,
            "SELECT person, benefit, month, -delta AS fen FROM pay_deltas WHERE delta < 0 "
            "ORDER BY person, benefit, month",
        ),
        choices=_fetch(
            con,
            "SELECT * FROM pay_chosen WHERE met OR state = 'held' ORDER BY person, month, benefit",
        ),
        fingerprint=frozen.fingerprint,
    )


def _fetch(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return con.sql(query).to_arrow_table()


_LINES = """
SELECT l.person, l.benefit, l.month, l.fen, l.kind, coalesce(a.token, '') AS token,
  s.person IS NOT NULL AS stopped
FROM pay_lines l LEFT JOIN pay_account a ON l.person = a.person
LEFT JOIN pay_stopped s ON l.person = s.person AND l.benefit = s.benefit
ORDER BY l.person, l.benefit, l.month, l.kind
"""

_PAYMENTS = """
SELECT l.person, l.benefit, sum(l.fen)::BIGINT AS fen, any_value(a.token) AS token,
  any_value(p.name) AS name
FROM pay_lines l JOIN pay_account a ON l.person = a.person JOIN pay_people p ON l.person = p.person
WHERE NOT EXISTS (SELECT 1 FROM pay_stopped s WHERE s.person = l.person AND s.benefit = l.benefit)
GROUP BY l.person, l.benefit HAVING sum(l.fen) > 0 ORDER BY l.person, l.benefit
"""


def _choose(frozen: Frozen) -> None:
    """Make ``pay_chosen``. Whoever shares a combination of claims shares the answer."""
    con = frozen.con
    con.execute(
        "CREATE OR REPLACE TABLE pay_met AS SELECT person, month, "
        "list({'benefit': benefit, 'known': code <> 'unknown', 'fen': fen} ORDER BY benefit) "
        "AS claims FROM pay_dues WHERE due <> 'not_payable' GROUP BY person, month "
        "HAVING count(*) > 1"
    )
    combos = con.execute(
        "SELECT DISTINCT month, claims FROM pay_met ORDER BY month, claims"
    ).fetchall()
    con.execute(
        "CREATE OR REPLACE TABLE pay_combos (combo INTEGER, benefit VARCHAR, due BIGINT, "
        "paid BIGINT, state VARCHAR, code VARCHAR, against VARCHAR, clause VARCHAR)"
    )
    rows = _chosen_rows(frozen, combos)
    made = pa.table(
        {name: [row[n] for row in rows] for n, name in enumerate(_COMBO_COLUMNS)},
        schema=pa.schema(list(_COMBO_COLUMNS.items())),
    )
    con.register("pay_given", made)
    con.execute("INSERT INTO pay_combos SELECT * EXCLUDE (month, claims) FROM pay_given")
    con.execute(
        "CREATE OR REPLACE TABLE pay_keys AS SELECT DISTINCT combo, month, claims FROM pay_given"
    )
    con.unregister("pay_given")
    con.execute(_CHOSEN)


_CLAIM = pa.list_(pa.struct([("benefit", pa.string()), ("known", pa.bool_()), ("fen", pa.int64())]))
_COMBO_COLUMNS = {
    "combo": pa.int32(),
    "benefit": pa.string(),
    "due": pa.int64(),
    "paid": pa.int64(),
    "state": pa.string(),
    "code": pa.string(),
    "against": pa.string(),
    "clause": pa.string(),
    "month": pa.int32(),
    "claims": _CLAIM,
}

_CHOSEN = """
CREATE OR REPLACE TABLE pay_chosen AS
SELECT m.person, c.benefit, m.month, c.due, c.paid, c.state, c.code, c.against, c.clause,
  TRUE AS met
FROM pay_met m JOIN pay_keys k ON m.month = k.month AND m.claims = k.claims
JOIN pay_combos c ON k.combo = c.combo
UNION ALL
SELECT d.person, d.benefit, d.month, d.fen, CASE WHEN d.due = 'payable' THEN d.fen ELSE 0 END,
  CASE WHEN d.due = 'payable' THEN 'paid' ELSE 'held' END,
  CASE d.code WHEN 'payable' THEN 'alone' WHEN 'unknown' THEN 'held_unknown'
    ELSE 'held_amount' END, '', '', FALSE
FROM pay_dues d ANTI JOIN pay_met m ON d.person = m.person AND d.month = m.month
WHERE d.due <> 'not_payable'
"""


def _chosen_rows(frozen: Frozen, combos: Sequence[tuple]) -> list[tuple]:
    """The choices of every distinct combination of claims."""
    rows = []
    for number, (month, claims) in enumerate(combos):
        table = frozen.order.compatibility.in_force(month)
        made = choose((Claim(c["benefit"], c["known"], c["fen"]) for c in claims), table)
        rows += [
            (
                *(number, one.benefit, one.due, one.paid, one.state, one.code),
                *("、".join(one.against), one.clause, month, claims),
            )
            for one in made
        ]
    return rows


_SETTLE = """
CREATE OR REPLACE TABLE pay_deltas AS
WITH now AS (
  SELECT c.person, c.benefit, c.month, c.paid, c.state = 'held' AS held
  FROM pay_chosen c JOIN pay_rules r ON c.benefit = r.benefit AND c.month = r.month
  WHERE r.paid_here
), then_ AS (
  SELECT person, benefit, month, sum(fen)::BIGINT AS fen FROM pay_accounted
  WHERE month BETWEEN {since} AND {month} AND ({everybody} OR month = {month}
    OR person IN (SELECT person FROM pay_touched)) GROUP BY ALL
)
SELECT coalesce(n.person, t.person) AS person, coalesce(n.benefit, t.benefit) AS benefit,
  coalesce(n.month, t.month) AS month, coalesce(t.fen, 0) AS accounted,
  coalesce(n.paid, 0) - coalesce(t.fen, 0) AS delta
FROM now n FULL JOIN then_ t
  ON n.person = t.person AND n.benefit = t.benefit AND n.month = t.month
WHERE NOT coalesce(n.held, FALSE) AND coalesce(n.paid, 0) <> coalesce(t.fen, 0)
"""


#: A past month that another has paid is not arrears here; of the month itself a person is asked.
_GONE_BY = "SELECT person, benefit, month FROM pay_elsewhere WHERE month < {month}"


def _settle(frozen: Frozen) -> None:
    """Make ``pay_deltas`` and ``pay_lines``: what is added to every month now."""
    con, month = frozen.con, int(frozen.order.month)
    con.execute(
        _SETTLE.format(since=int(frozen.order.since), month=month, everybody=frozen.everybody)
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE pay_lines AS
        SELECT d.person, d.benefit, d.month, d.delta AS fen,
          CASE WHEN d.accounted <> 0 THEN 'correction' WHEN d.month = {month} THEN 'regular'
            ELSE 'arrears' END AS kind
        FROM (SELECT * FROM pay_deltas
          ANTI JOIN ({_GONE_BY.format(month=month)}) USING (person, benefit, month)) d
        LEFT JOIN pay_rules r ON r.benefit = d.benefit AND r.month = {month}
        WHERE d.delta > 0 AND (r.arrears IS NULL OR d.month >= {month} - r.arrears)
        """
    )


def _recover(con: duckdb.DuckDBPyConnection, month: int) -> None:
    """Add instalments of what was overpaid: at most what is owed, agreed, may be kept back."""
    con.execute(
        f"""
        INSERT INTO pay_lines
        SELECT o.person, o.benefit, {month}, -least(o.fen, coalesce(o.instalment, o.fen),
            (l.fen * r.percent) // 100), 'recovery'
        FROM pay_outstanding o
        JOIN (SELECT person, benefit, sum(fen)::BIGINT AS fen FROM pay_lines GROUP BY ALL) l
          ON o.person = l.person AND o.benefit = l.benefit
        JOIN pay_rules r ON r.benefit = o.benefit AND r.month = {month}
        WHERE least(o.fen, coalesce(o.instalment, o.fen), (l.fen * r.percent) // 100) > 0
        """
    )


_ACCOUNTS = """
CREATE OR REPLACE TABLE pay_account AS
SELECT person, min(token) AS token, count(DISTINCT token) AS number FROM pay_accounts
WHERE token <> '' AND (first IS NULL OR first <= $day) AND ("end" IS NULL OR "end" > $day)
GROUP BY person
"""

_CHECKS = """
CREATE OR REPLACE TABLE pay_checks AS
WITH sums AS (SELECT person, benefit, sum(fen) AS fen FROM pay_lines GROUP BY ALL),
shared AS (SELECT token FROM pay_account JOIN (SELECT DISTINCT person FROM pay_lines) USING (person)
  GROUP BY token HAVING count(*) > $people),
found AS (
  SELECT s.person, s.benefit, unnest(list_filter([
    CASE WHEN p.person IS NULL THEN 'no_person' END,
    CASE WHEN p.died_on <= $day THEN 'dead' END,
    CASE WHEN p.moved_on <= $day THEN 'moved' END,
    CASE WHEN a.person IS NULL THEN 'no_account' END,
    CASE WHEN a.number > 1 THEN 'two_accounts' END,
    CASE WHEN e.person IS NOT NULL THEN 'paid_elsewhere' END,
    CASE WHEN h.token IS NOT NULL THEN 'account_shared' END,
    CASE WHEN s.fen > $most THEN 'over_limit' END], lambda code: code IS NOT NULL)) AS code
  FROM sums s LEFT JOIN pay_people p ON s.person = p.person
  LEFT JOIN pay_account a ON s.person = a.person
  LEFT JOIN shared h ON a.token = h.token
  LEFT JOIN (SELECT DISTINCT person, benefit FROM pay_elsewhere WHERE month = $month) e
    ON s.person = e.person AND s.benefit = e.benefit
)
SELECT person, benefit, code, list_contains($stops, code) AS stops FROM found
"""


def _check(frozen: Frozen) -> None:
    """Make ``pay_checks`` and ``pay_stopped``."""
    con, month = frozen.con, int(frozen.order.month)
    limits = frozen.order.terms.limits
    day = last_day(month)
    con.execute(_ACCOUNTS, {"day": day})
    con.execute(
        _CHECKS,
        {
            "day": day,
            "people": limits.account_people,
            "most": limits.month_fen,
            "month": month,
            "stops": [code for code, (stops, _) in CHECKS.items() if stops],
        },
    )
    con.execute(
        "CREATE OR REPLACE TABLE pay_stopped AS "
        "SELECT DISTINCT person, benefit FROM pay_checks WHERE stops"
    )


def _compare(con: duckdb.DuckDBPyConnection, month: int) -> None:
    """Make ``pay_differences``: this month's money against last month's, and why."""
    con.execute(
        f"""
        CREATE OR REPLACE TABLE pay_differences AS
        WITH now AS (
          SELECT c.person, c.benefit, c.paid, c.code FROM pay_chosen c
          JOIN pay_rules r ON c.benefit = r.benefit AND c.month = r.month
          WHERE c.month = {month} AND r.paid_here
        ), both_ AS (
          SELECT coalesce(n.person, p.person) AS person, coalesce(n.benefit, p.benefit) AS benefit,
            coalesce(p.fen, 0) AS before, coalesce(n.paid, 0) AS now, n.code
          FROM (SELECT * FROM now WHERE paid > 0 OR (person, benefit) IN
            (SELECT (person, benefit) FROM pay_previous)) n
          FULL JOIN pay_previous p ON n.person = p.person AND n.benefit = p.benefit
        )
        SELECT b.person, b.benefit, b.before, b.now,
          CASE WHEN b.before = b.now THEN 'same' WHEN b.before = 0 THEN 'new'
            WHEN b.now = 0 THEN 'stopped' ELSE 'changed' END AS difference,
          coalesce(b.code, d.code, 'not_eligible') AS code
        FROM both_ b LEFT JOIN pay_dues d
          ON d.person = b.person AND d.benefit = b.benefit AND d.month = {month}
        """
    )
