"""What a payment month is computed from: tables of a DuckDB connection, copied and fingerprinted.

``freeze`` copies what the caller hands in (Arrow tables, or names of tables and views of the
connection) into tables of its own, so that nothing moves while the month is computed, and gives a
fingerprint: the same facts, terms and relations give the same fingerprint and the same lines.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from yanglao.engines.payments.compatibility import Compatibility
from yanglao.engines.payments.entitlement import CatalogueVersion, version_in_force
from yanglao.engines.payments.months import Month, first_day, last_day, month_text
from yanglao.engines.payments.terms import PaymentTerms

#: Columns of each table; a table that is left out is empty. Days are half-open intervals.
SHAPES: Mapping[str, Mapping[str, str]] = {
    # Whose past months are asked again; without this table everybody's are.
    "touched": {"person": "BIGINT"},
    "answers": {
        "person": "BIGINT",
        "benefit": "VARCHAR",
        "version": "VARCHAR",
        "first": "DATE",
        "end": "DATE",
        "known": "BOOLEAN",
        "fen": "BIGINT",
        "tier": "VARCHAR",
        "ended_by": "VARCHAR",
    },
    "approvals": {
        "person": "BIGINT",
        "benefit": "VARCHAR",
        "applied_on": "DATE",
        "approved_on": "DATE",
        "revoked_on": "DATE",
    },
    "suspensions": {
        "person": "BIGINT",
        "benefit": "VARCHAR",
        "first": "DATE",
        "end": "DATE",
        "cleared": "BOOLEAN",
    },
    "people": {
        "person": "BIGINT",
        "name": "VARCHAR",
        "place": "VARCHAR",
        "died_on": "DATE",
        "moved_on": "DATE",
    },
    # The token stands for a bank account; the number itself is none of this room's business.
    "accounts": {"person": "BIGINT", "token": "VARCHAR", "first": "DATE", "end": "DATE"},
    # What earlier runs approved for a month, less what was claimed back: net, all runs together.
    "accounted": {"person": "BIGINT", "benefit": "VARCHAR", "month": "INTEGER", "fen": "BIGINT"},
    # Regular money of the month before, as it stood on last month's list.
    "previous": {"person": "BIGINT", "benefit": "VARCHAR", "fen": "BIGINT"},
    # Months that other payers pay, past ones too: what one of them paid is no arrears here.
    "elsewhere": {
        "person": "BIGINT",
        "benefit": "VARCHAR",
        "month": "INTEGER",
        "payer": "VARCHAR",
    },
    # Claims that may be kept back; instalment: fen a month agreed upon, or NULL for the most.
    "outstanding": {
        "person": "BIGINT",
        "benefit": "VARCHAR",
        "fen": "BIGINT",
        "instalment": "BIGINT",
    },
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be computed.

    Attributes:
        month: The month that is paid. since: First past month that is asked again.
        versions: The catalogue's versions and their first months.
        starts: First month of a benefit that is this payer's to pay; before it nothing is asked
            of it. A benefit that is not named has no such month.
    """

    month: Month
    since: Month
    terms: PaymentTerms
    compatibility: Compatibility
    versions: tuple[CatalogueVersion, ...]
    starts: Mapping[str, Month] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frozen:
    """Copied input: the connection, what was ordered, rows per table, fingerprint (SHA-256)."""

    con: duckdb.DuckDBPyConnection
    order: Order
    rows: Mapping[str, int]
    everybody: bool
    fingerprint: str


class WrongInput(ValueError):
    """A table that lacks columns, or says two things at once; the message says what to do."""


def freeze(
    con: duckdb.DuckDBPyConnection, order: Order, tables: Mapping[str, pa.Table | str]
) -> Frozen:
    """Copy the input into tables ``pay_…`` of the connection.

    Args:
        tables: Names of SHAPES to an Arrow table, or to a table or view of the connection.

    Raises:
        WrongInput: For unknown names, missing columns, a person twice, overlapping answers.
    """
    strange = set(tables) - set(SHAPES)
    if strange:
        raise WrongInput(f"不认识的输入表：{'、'.join(sorted(strange))}")
    if order.since > order.month:
        raise WrongInput("起始月份晚于发放月份")
    digest = hashlib.sha256()
    rows = {}
    for name, shape in SHAPES.items():
        _copy(con, name, shape, tables.get(name))
        if name == "accounted" and "touched" in tables:
            # Millions of months that nobody asks about are neither kept nor fingerprinted.
            con.execute(_FORGET, {"month": order.month})
        count, total = _sum_of(con, name, shape)
        rows[name] = count
        digest.update(f"{name}:{count}:{total};".encode())
    versions = ",".join(f"{v.code}@{month_text(v.first_month)}" for v in order.versions)
    said = (month_text(order.month), month_text(order.since), versions, order.terms.hash)
    digest.update("|".join((*said, order.compatibility.hash, str("touched" in tables))).encode())
    begun = (f"{code}@{month_text(first)}" for code, first in sorted(order.starts.items()))
    digest.update(",".join(begun).encode())
    _refuse_contradictions(con)
    _refuse_unknown(con, order)
    _make_rules(con, order)
    return Frozen(con, order, rows, "touched" not in tables, digest.hexdigest())


_FORGET = (
    "DELETE FROM pay_accounted WHERE month <> $month "
    "AND person NOT IN (SELECT person FROM pay_touched)"
)


def _copy(
    con: duckdb.DuckDBPyConnection,
    name: str,
    shape: Mapping[str, str],
    given: pa.Table | str | None,
) -> None:
    columns = ", ".join(f'"{column}" {kind}' for column, kind in shape.items())
    con.execute(f"CREATE OR REPLACE TABLE pay_{name} ({columns})")
    if given is None:
        return
    source = given if isinstance(given, str) else "pay_given"
    if not isinstance(given, str):
        con.register(source, given)
    there = {row[0] for row in con.execute(f'DESCRIBE SELECT * FROM "{source}"').fetchall()}
    lacking = set(shape) - there
    if lacking:
        raise WrongInput(f"输入表 {name} 缺少列：{'、'.join(sorted(lacking))}")
    listed = ", ".join(f'CAST("{column}" AS {kind})' for column, kind in shape.items())
    con.execute(f'INSERT INTO pay_{name} SELECT {listed} FROM "{source}"')
    if not isinstance(given, str):
        con.unregister(source)


def _sum_of(con: duckdb.DuckDBPyConnection, name: str, shape: Mapping[str, str]) -> tuple[int, int]:
    """Rows, and the sum of a digest of each: the order of rows does not matter."""
    # The length before each text: no two rows of different cells look alike.
    cells = ", ".join(
        f"""coalesce(strlen("{c}"::VARCHAR) || ':' || "{c}"::VARCHAR, '~')""" for c in shape
    )
    found = con.execute(
        f"SELECT count(*), coalesce(sum(md5_number_lower(concat({cells}))::HUGEINT), 0) "
        f"FROM pay_{name}"
    ).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


_CONTRADICTIONS = {
    "people 里同一人出现两次": "SELECT person FROM pay_people GROUP BY 1 HAVING count(*) > 1",
    "previous 里同一人同一事项出现两次": (
        "SELECT person FROM pay_previous GROUP BY person, benefit HAVING count(*) > 1"
    ),
    "outstanding 里同一人同一事项出现两次，或有负数": (
        "SELECT person FROM pay_outstanding GROUP BY person, benefit "
        "HAVING count(*) > 1 OR min(fen) < 0 OR min(instalment) < 0"
    ),
    "answers 里有空的起始日、止日不晚于起始日或金额为负": (
        'SELECT person FROM pay_answers WHERE first IS NULL OR known IS NULL OR "end" <= first '
        "OR fen < 0 OR person IS NULL OR benefit IS NULL OR version IS NULL"
    ),
    "answers 里同一人同一事项同一版本的时段重叠": (
        "SELECT person FROM (SELECT person, first, lag(coalesce(\"end\", DATE '9999-12-31')) "
        "OVER (PARTITION BY person, benefit, version ORDER BY first) AS before "
        "FROM pay_answers) WHERE before > first"
    ),
}


def _refuse_contradictions(con: duckdb.DuckDBPyConnection) -> None:
    """Two truths about one person would pay twice or nothing: refuse them, naming a person."""
    for what, query in _CONTRADICTIONS.items():
        found = con.execute(query + " LIMIT 3").fetchall()
        if found:
            people = "、".join(str(row[0]) for row in found)
            raise WrongInput(f"{what}（人员编号 {people}），请先改正")


def _refuse_unknown(con: duckdb.DuckDBPyConnection, order: Order) -> None:
    """A benefit without terms would be left out of the choice, and the other paid beside it."""
    found = con.execute("SELECT DISTINCT benefit FROM pay_answers ORDER BY 1").fetchall()
    without = [str(b) for (b,) in found if b not in order.terms.by_benefit]
    if without:
        raise WrongInput(f"没有发放规定的事项：{'、'.join(without)}，请先在 payments.yaml 里写明")


_RULE_COLUMNS = (
    "benefit VARCHAR, month INTEGER, version VARCHAR, start INTEGER, basis VARCHAR, "
    "basis_start INTEGER, change INTEGER, stop_death INTEGER, stop_move INTEGER, "
    "stop_grade INTEGER, stop_admission INTEGER, stop_revoked INTEGER, stop_other INTEGER, "
    "suspend INTEGER, resume INTEGER, repay BOOLEAN, prorate BOOLEAN, arrears INTEGER, "
    "percent INTEGER, paid_here BOOLEAN, low DATE, high DATE"
)


def _make_rules(con: duckdb.DuckDBPyConnection, order: Order) -> None:
    """One row per benefit and month: the terms and the catalogue's version in force in it."""
    con.execute(f"CREATE OR REPLACE TABLE pay_rules ({_RULE_COLUMNS})")
    rows = []
    for month in range(order.since, order.month + 1):
        version = version_in_force(order.versions, month)
        for benefit in order.terms.by_benefit:
            rule = order.terms.in_force(benefit, month)
            if rule is None or not (version or rule.basis == "none"):
                continue
            if month < order.starts.get(benefit, month):
                continue
            ours = rule.basis != "none"
            rows.append(
                (
                    *(
                        benefit,
                        month,
                        version if ours else "",
                        rule.start,
                        rule.basis,
                        rule.basis_start,
                    ),
                    *(rule.change, rule.stop_death, rule.stop_move, rule.stop_grade),
                    *(rule.stop_admission, rule.stop_revoked, rule.stop_other, rule.suspend),
                    *(rule.resume, rule.repay_suspended, rule.prorate == "days"),
                    *(rule.arrears_months, rule.recover_percent),
                    order.compatibility.benefits[benefit].paid_here,
                    *(first_day(month), last_day(month)),
                )
            )
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f"INSERT INTO pay_rules VALUES ({marks})", rows)
