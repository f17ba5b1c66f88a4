"""A payment month: what everybody is due is frozen, compared, checked and stored.

``freeze_run`` reads what benefits and the long-term care fund say of everybody, what earlier runs
accounted for, and lets the engine compute the month; the input is kept sealed, so that the month
can be computed again to the fen. What was frozen is stored in one transaction: killed before it,
nothing has happened; freezing again replaces it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from yanglao.domain.benefits.public import load_payment_inputs
from yanglao.domain.ltci.public import load_benefit_months
from yanglao.domain.people.public import laid_in_files
from yanglao.domain.settlement.public import (
    Frozen,
    PaymentRun,
    Refused,
    get_run,
    load_accounted,
    load_elsewhere,
    load_held,
    load_outstanding,
    load_previous,
    open_run,
    run_before,
    starts_of,
    store_frozen,
)
from yanglao.engines.payments.months import Month, read_month
from yanglao.engines.payments.paying import compute_month
from yanglao.engines.payments.tables import SHAPES, Order, WrongInput, freeze
from yanglao.flows.keep_payment_input import digests_of, keep_input, read_digests
from yanglao.flows.read_payment_rules import NoPaymentRules, PaymentRules, read_payment_rules
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import put_rows

__all__ = ["NoPaymentRules", "begin_run", "freeze_run", "load_inputs"]

Loader = Callable[[AnalyticSession, str], None]
#: Steps that are told while a month is frozen.
_STEPS = 6


def begin_run(
    *,
    region: str,
    month: str,
    benefits: Sequence[str],
    acting: Reader,
    as_of: date,
    start: str = "",
) -> PaymentRun:
    """Begin a payment month.

    Args:
        region: 12-digit division. month: ``2026-11``. benefits: Codes that are to be paid.
        as_of: The day. start: First month that is paid here, for a benefit never paid here.

    Raises:
        Refused: For a month to come, a benefit that is not paid here, or an open run.
        NoPaymentRules: When the region has none.
    """
    try:
        number, first = read_month(month), read_month(start) if start else None
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    if number > as_of.year * 12 + as_of.month - 1:
        raise Refused("还没有到的月份不能发放。")
    rules = read_payment_rules(region)
    strange = [code for code in benefits if code not in rules.payable]
    if strange:
        raise Refused(f"这些待遇不在这里发放：{'、'.join(strange)}。")
    return open_run(region=region, month=number, benefits=benefits, acting=acting, start=first)


def load_inputs(session: AnalyticSession, region: str) -> None:
    """Make the input tables of everybody of a region, money of other offices with them."""
    load_payment_inputs(session, region=region)
    load_benefit_months(session, region=region)
    session.con.execute(
        "INSERT INTO in_answers SELECT person, benefit, '', first, \"end\", TRUE, fen, '', '' "
        "FROM in_ltci WHERE person IN (SELECT person FROM in_people)"
    )


@dataclass(frozen=True, slots=True)
class _Before:
    """The run whose facts are compared, and who has changed since; ``None`` for everybody."""

    run_id: int | None
    touched: tuple[int, ...] | None


def freeze_run(
    *,
    run_id: int,
    acting: Reader,
    as_of: date,
    report: Progress = silent,
    load: Loader = load_inputs,
) -> PaymentRun:
    """Compute a run's month from what is known now, and store it; may be repeated.

    Args:
        as_of: The day. load: Makes the input tables; tests give their own.

    Raises:
        PaymentRun.DoesNotExist: When it lies outside the acting area.
        Refused: When it was submitted already, or facts contradict each other.
    """
    run = get_run(acting, run_id)
    rules = read_payment_rules(run.region_code)
    clocked = _Stopwatch(report)
    with analytic_session(step="计算发放月") as session:
        clocked.step("读取待遇和账户")
        load(session, run.region_code)
        load_elsewhere(session, month=run.month, region=run.region_code)
        digests_of(session)
        before = _changed_since(session, run, rules)
        starts = starts_of(run.region_code)
        order = _order(run, rules, starts)
        clocked.step("读取以前各月的发放")
        _load_books(session, run, order, before)
        clocked.step("冻结输入")
        try:
            frozen = freeze(session.con, order, _names(before))
        except WrongInput as wrong:
            raise Refused(str(wrong)) from wrong
        _let_go(session, keep=("pay_", "digests"))
        clocked.step("计算本月")
        _compute(session, frozen, run)
        clocked.step("封存输入")
        snapshot = keep_input(session, run.pk)
        _let_go(session, keep=("made_", "pay_people"))
        clocked.step("保存名单")
        kept = Frozen(
            fingerprint=frozen.fingerprint,
            rules=rules.of_past(run.month + 1),
            since=order.since,
            everybody=before.touched is None,
            snapshot=snapshot,
            compared_with=before.run_id,
            rows=dict(frozen.rows),
            seconds=clocked.seconds,
        )
        return store_frozen(run_id=run.pk, session=session, frozen=kept, as_of=as_of, acting=acting)


def _let_go(session: AnalyticSession, keep: tuple[str, ...]) -> None:
    """Give back the memory of all tables but those whose names begin so."""
    names = session.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
    for (name,) in names:
        if not str(name).startswith(keep):
            session.con.execute(f'DROP TABLE "{name}"')


class _Stopwatch:
    """Tells each step, and keeps how long it took."""

    def __init__(self, report: Progress) -> None:
        self._report = report
        self._done = 0
        self._name = ""
        self._since = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def step(self, name: str) -> None:
        """End the step before, begin another."""
        at = time.perf_counter()
        if self._name:
            self.seconds[self._name] = round(at - self._since, 2)
        self._name, self._since = name, at
        self._report(self._done, _STEPS, name)
        self._done += 1


def _order(run: PaymentRun, rules: PaymentRules, starts: dict[str, Month]) -> Order:
    """Return what is to be computed: since the first month that any of the benefits is paid."""
    since = min([run.month, *(starts[code] for code in run.codes if code in starts)])
    return Order(
        month=run.month,
        since=since,
        terms=rules.terms,
        compatibility=rules.compatibility,
        versions=rules.versions,
        starts={code: starts[code] for code in run.codes if code in starts},
    )


def _changed_since(session: AnalyticSession, run: PaymentRun, rules: PaymentRules) -> _Before:
    """Find the run before and whose facts differ from what it saw.

    Only when the last approved run was of the month just before (or the same), of the same area
    and benefits and under the same rules, can nothing but facts have changed a past month.
    """
    before = run_before(run)
    if before is None or before.rules != rules.of_past(before.month + 1):
        return _Before(None, None)
    if not read_digests(session, before.snapshot, into="seen_before"):
        return _Before(None, None)
    load_held(session, run_id=before.pk)
    laid_in = sorted(laid_in_files().items())
    put_rows(session.con, "now_one", {"file": "BIGINT", "person": "BIGINT"}, laid_in)
    rows = session.rows(
        "SELECT person FROM digests ANTI JOIN seen_before USING (person, digest) "
        "UNION SELECT person FROM in_held "
        # Whose other file was still seen on its own.
        "UNION SELECT m.person FROM now_one AS m JOIN seen_before AS s ON s.person = m.file "
        "ORDER BY 1"
    )
    return _Before(before.pk, tuple(int(row[0]) for row in rows))


def _load_books(session: AnalyticSession, run: PaymentRun, order: Order, before: _Before) -> None:
    """Make the tables that settlement itself knows."""
    load_accounted(
        session, codes=run.codes, month=run.month, since=order.since, touched=before.touched
    )
    load_previous(session, codes=run.codes, month=run.month, region=run.region_code)
    load_outstanding(session, codes=run.codes)
    if before.touched is not None:
        session.con.execute("CREATE TABLE in_touched (person BIGINT)")
        session.con.execute(
            "INSERT INTO in_touched SELECT unnest(?::BIGINT[])", [list(before.touched)]
        )


def _names(before: _Before) -> dict[str, str]:
    """Return the engine's tables to their names in the session."""
    return {
        name: f"in_{name}" for name in SHAPES if name != "touched" or before.touched is not None
    }


def _compute(session: AnalyticSession, frozen: object, run: PaymentRun) -> None:
    """Let the engine compute, and make tables of what concerns the run's benefits."""
    con = session.con
    made = compute_month(frozen)  # type: ignore[arg-type]
    codes = ", ".join(f"'{code}'" for code in run.codes)
    for name in ("lines", "checks", "differences", "choices"):
        con.register("made_given", getattr(made, name))
        con.execute(
            f"CREATE OR REPLACE TABLE made_{name} AS "
            f"SELECT * FROM made_given WHERE benefit IN ({codes})"
        )
        con.unregister("made_given")
    con.register("made_given", made.overpaid)
    # Why nothing (or less) is due for the month: the choice, else what is due.
    con.execute(
        f"""CREATE OR REPLACE TABLE made_overpaid AS
        SELECT o.person, o.benefit, o.month, o.fen,
          coalesce(CASE WHEN c.state = 'not_paid' OR c.code IN ('difference', 'lower')
            THEN c.code END, d.code, 'not_eligible') AS cause
        FROM made_given o
        LEFT JOIN pay_dues d ON d.person = o.person AND d.benefit = o.benefit
          AND d.month = o.month
        LEFT JOIN pay_chosen c ON c.person = o.person AND c.benefit = o.benefit
          AND c.month = o.month
        WHERE o.benefit IN ({codes})"""
    )
    con.unregister("made_given")
