"""A month computed again from its sealed input, and what was written down held against it.

Lines, payments, entries of the approval and the bytes of bank files: what an auditor asks for is
one answer, the same or not, and where not.
"""

import hashlib
import json
from dataclasses import astuple, dataclass

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    PaymentRun,
    Refused,
    RunState,
    RunStep,
    files_of_run,
    get_run,
    load_stored,
    note_recomputed,
    starts_of,
    steps_of,
)
from yanglao.engines.payments.paying import compute_month
from yanglao.engines.payments.tables import SHAPES, Order, WrongInput, freeze
from yanglao.flows.keep_payment_input import read_input
from yanglao.flows.read_payment_rules import read_payment_rules
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import SealBroken, open_pieces, sealed_folder

_FOLDER = "payments"
_STEPS = 3
#: So many differences are named; all are counted.
_NAMED = 50

#: What was computed against what is stored: lines, and what lines come to in payments and books.
_LINES = """
SELECT coalesce(a.person, b.person), coalesce(a.benefit, b.benefit), coalesce(a.month, b.month),
  a.fen, b.fen
FROM (SELECT person, benefit, month, kind, sum(fen)::BIGINT AS fen FROM made_lines GROUP BY ALL) a
FULL JOIN (SELECT person, benefit, month, kind, sum(fen)::BIGINT AS fen FROM kept_lines
  GROUP BY ALL) b USING (person, benefit, month, kind)
WHERE a.fen IS DISTINCT FROM b.fen ORDER BY 1, 2, 3
"""
_PAYMENTS = """
SELECT coalesce(a.person, b.person), coalesce(a.benefit, b.benefit), NULL, a.fen, b.fen
FROM (SELECT person, benefit, sum(fen)::BIGINT AS fen FROM made_lines WHERE fen > 0
  GROUP BY ALL) a
FULL JOIN (SELECT person, benefit, gross AS fen FROM kept_payments) b
  USING (person, benefit)
WHERE a.fen IS DISTINCT FROM b.fen ORDER BY 1, 2
"""
_BOOKED = """
SELECT coalesce(a.person, b.person), coalesce(a.benefit, b.benefit), NULL, a.fen, b.fen
FROM (SELECT m.person, m.benefit, sum(m.fen)::BIGINT AS fen FROM made_lines m
  JOIN kept_payments p ON p.person = m.person AND p.benefit = m.benefit AND p.state <> 'held'
  WHERE m.fen > 0 GROUP BY ALL) a
FULL JOIN (SELECT person, benefit, sum(fen)::BIGINT AS fen FROM kept_entries GROUP BY ALL) b
  USING (person, benefit)
WHERE a.fen IS DISTINCT FROM b.fen ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Where something is not what was computed.

    Attributes:
        where: ``line``, ``payment`` or ``entry``. month: Of a line; else ``None``.
        computed, stored: Fen; ``None`` when it is not there at all.
    """

    where: str
    person_id: int
    benefit: str
    month: int | None
    computed: int | None
    stored: int | None


def gaps_of(step: RunStep) -> list[Gap]:
    """Return the differences that a recomputation named."""
    return [Gap(*one) for one in json.loads(step.words or "[]")]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a month came to again.

    Attributes:
        same_input: Whether input and rules have the fingerprint of then.
        lines: How many were computed. gaps: How many things differ. named: The first of them.
        files: How many bank files there are. broken_files: Numbers of those whose bytes differ.
    """

    same_input: bool
    lines: int
    gaps: int
    named: tuple[Gap, ...]
    files: int
    broken_files: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether everything is as it was."""
        return self.same_input and not self.gaps and not self.broken_files


def recompute_month(*, run_id: int, acting: Reader, report: Progress = silent) -> Recomputed:
    """Compute a frozen month again from what was sealed, compare, and write down that it was done.

    Raises:
        PaymentRun.DoesNotExist: When it lies outside the acting area.
        PermissionError: When the role may not.
        Refused: When it was never frozen, was cancelled, or its sealed input is gone or broken.
    """
    run = get_run(acting, run_id)
    if not acting.can(Permission.SEE_PAYMENTS):
        raise PermissionError("您的账号没有查看待遇发放的权限。")
    if not run.snapshot or run.state == RunState.CANCELLED:
        raise Refused("这一批没有冻结，或已取消，没有可以重算的输入。")
    with analytic_session(step="重算发放月") as session:
        report(0, _STEPS, "打开封存的输入")
        same_input = _compute(session, run, report)
        report(2, _STEPS, "逐笔核对")
        load_stored(session, run_id=run.pk)
        found = _gaps(session, run)
        lines = int(session.rows("SELECT count(*) FROM made_lines")[0][0])
    files = list(files_of_run(run))
    done = Recomputed(
        same_input=same_input,
        lines=lines,
        gaps=len(found),
        named=tuple(found[:_NAMED]),
        files=len(files),
        broken_files=tuple(one.number for one in files if _digest(one.file) != one.digest),
    )
    note_recomputed(
        run_id=run.pk,
        detail={
            "same": done.same,
            "same_input": done.same_input,
            "lines": done.lines,
            "gaps": done.gaps,
            "files": done.files,
            "broken_files": list(done.broken_files),
        },
        named=json.dumps([astuple(one) for one in done.named]),
        acting=acting,
    )
    return done


def _compute(session: AnalyticSession, run: PaymentRun, report: Progress) -> bool:
    """Make ``made_lines`` as freezing did; say whether input and rules are those of then."""
    try:
        there = read_input(session, run.snapshot)
    except (SealBroken, OSError) as broken:
        raise Refused("封存的输入打不开或被改动过，请联系系统管理员，从备份取回。") from broken
    if not there:
        raise Refused("封存的输入不在了或不完整，请联系系统管理员，从备份取回。")
    frozen_at = steps_of(run).filter(act="frozen")[0].at
    rules = read_payment_rules(run.region_code, known_at=frozen_at)
    starts = {
        code: month for code, month in starts_of(run.region_code).items() if code in run.codes
    }
    order = Order(
        month=run.month,
        since=run.since,
        terms=rules.terms,
        compatibility=rules.compatibility,
        versions=rules.versions,
        starts=starts,
    )
    names = {one: f"in_{one}" for one in SHAPES if one != "touched" or not run.everybody}
    report(1, _STEPS, "重算本月")
    try:
        frozen = freeze(session.con, order, names)
    except WrongInput as wrong:
        raise Refused(f"封存的输入不能用：{wrong}") from wrong
    made = compute_month(frozen)
    codes = ", ".join(f"'{code}'" for code in run.codes)
    session.con.register("given_lines", made.lines)
    session.con.register("given_overpaid", made.overpaid)
    session.con.execute(
        "CREATE TABLE made_lines AS SELECT person, benefit, month, fen, kind FROM given_lines "
        f"WHERE benefit IN ({codes}) UNION ALL SELECT person, benefit, month, -fen, 'overpaid' "
        f"FROM given_overpaid WHERE benefit IN ({codes})"
    )
    return frozen.fingerprint == run.fingerprint


def _gaps(session: AnalyticSession, run: PaymentRun) -> list[Gap]:
    asked = [("line", _LINES), ("payment", _PAYMENTS)]
    if run.approved_at is not None:
        asked.append(("entry", _BOOKED))
    return [Gap(where, *row) for where, query in asked for row in session.rows(query)]


def _digest(name: str) -> str:
    """Return the digest of a sealed file's bytes; empty when it cannot be opened."""
    path = sealed_folder(_FOLDER) / name
    try:
        with open_pieces(path) as source:
            return hashlib.sha256(source.read()).hexdigest()
    except (SealBroken, OSError):
        return ""
