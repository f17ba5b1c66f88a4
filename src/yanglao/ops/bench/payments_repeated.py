"""A person's payment months repeated by the slow reckoning: what each run should have stored."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from yanglao.ops.bench.payments import BENEFITS
from yanglao.ops.bench.reckoning import (
    Pair,
    Rule,
    TableOfMonth,
    Written,
    add,
    due_or_unknown,
    pay_for_sure,
)

#: Checks that make a payment wait.
STOPS = frozenset({"moved", "no_account", "two_accounts", "over_limit"})


@dataclass(frozen=True, slots=True)
class Spell:
    """An answer of the catalogue, as the table has it."""

    benefit: str
    version: str
    first: date
    end: date | None
    known: bool
    fen: int | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval, as the table has it."""

    benefit: str
    applied_on: date
    approved_on: date
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """What the tables say of one person."""

    number: int
    name: str
    died_on: date | None
    answers: tuple[Spell, ...]
    approvals: tuple[Approval, ...]
    #: Accounts: token, first and last day.
    accounts: tuple[tuple[str, date | None, date | None], ...]
    suspensions: tuple[()] = ()

    def tokens(self, day: date) -> set[str]:
        """Accounts that may be used on a day."""
        return {
            token
            for token, first, end in self.accounts
            if (first is None or first <= day) and (end is None or end > day)
        }

    def moved_on(self) -> date | None:
        """The day on which the last of all answers ended by a move."""
        ends = [one.end for one in self.answers if one.end is not None]
        if not ends or len(ends) < len(self.answers):
            return None
        last = max(self.answers, key=lambda one: one.end or date.min)
        return last.end if last.ended_by == "move" else None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as far as it says what is to be reckoned."""

    pk: int
    month: Pair
    number: int

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(*add(self.month, 1), 1) - timedelta(days=1)


@dataclass(slots=True)
class Made:
    """What a run should have stored of one person; rows as the tables have them."""

    lines: list[tuple[Any, ...]] = field(default_factory=list)
    payments: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[tuple[Any, ...]] = field(default_factory=list)
    differences: list[tuple[Any, ...]] = field(default_factory=list)
    claims: list[tuple[Any, ...]] = field(default_factory=list)


class Reckoner:
    """Repeats the runs for one person after another."""

    def __init__(self, written: Written, version: str, runs: list[Run]) -> None:
        self.written, self._version, self._runs = written, version, runs
        self._first = runs[0].month
        self._rules: dict[tuple[str, Pair], Rule | None] = {}
        self._tables: dict[Pair, TableOfMonth] = {}
        for month in {run.month for run in runs}:
            self._tables[month] = written.table(month)
        for code in written.rules:
            for month in self._tables:
                self._rules[code, month] = written.rule(code, month)

    def months(self, until: Pair) -> Iterator[Pair]:
        """All months of the runs, until one."""
        month = self._first
        while month <= until:
            yield month
            month = add(month, 1)

    def paid(self, person: Person, month: Pair) -> dict[str, int | None]:
        """What a month gives of each benefit after the choice; ``None`` where it cannot be told."""
        claims = {}
        for code in {one.benefit for one in person.answers}:
            rule = self._rules.get((code, month))
            found = due_or_unknown(person, rule, self._version, month)
            if found is not None:
                claims[code] = found
        if len(claims) == 1:
            ((code, (known, fen)),) = claims.items()
            return {code: fen if known else None}
        return pay_for_sure(self._tables[month], claims) if claims else {}

    def person(self, told: Mapping[int, Person], shared: Mapping[int, set[str]]) -> list[Made]:
        """Return what each run should have stored of a person.

        Args:
            told: What was known at each run, by its place. shared: Tokens by run, of too many.
        """
        accounted: Counter[tuple[str, Pair]] = Counter()
        before: dict[str, int] = {}
        owed: Counter[str] = Counter()
        found = []
        for place, run in enumerate(self._runs):
            made = Made()
            person = told[place]
            now = {month: self.paid(person, month) for month in self.months(run.month)}
            before = self._one(person, run, now, accounted, before, owed, shared[place], made)
            found.append(made)
        return found

    def _one(
        self,
        person: Person,
        run: Run,
        now: Mapping[Pair, Mapping[str, int | None]],
        accounted: Counter[tuple[str, Pair]],
        before: Mapping[str, int],
        owed: Counter[str],
        shared: set[str],
        made: Made,
    ) -> dict[str, int]:
        """Repeat one run; returns the money of its month as it stands on its list."""
        listed: dict[str, int] = {}
        tokens = person.tokens(run.last_day)
        for code in BENEFITS:
            lines, overpaid = _added(code, run.month, now, accounted)
            for month, fen, _kind in lines:
                if month == run.month:
                    listed[code] = fen
            gross = sum(fen for _month, fen, _kind in lines)
            kept = self._kept(code, run.month, gross, owed[code])
            codes = self._checks(person, run, tokens, shared, gross - kept) if lines else set()
            held = bool(codes & STOPS)
            token = min(tokens, default="")
            made.lines += [(code, number(m), fen, kind, held) for m, fen, kind in lines]
            if kept:
                made.lines.append((code, number(run.month), -kept, "recovery", held))
            made.lines += [(code, number(m), -fen, "overpaid", False) for m, fen in overpaid]
            if lines:
                net = gross - kept
                made.payments.append((code, person.name, gross, kept, token, held, net))
            made.findings += [(code, one, one in STOPS, gross - kept) for one in codes]
            if overpaid:
                claimed = sum(fen for _month, fen in overpaid)
                months = [number(month) for month, _fen in overpaid]
                made.claims.append((code, min(months), max(months), claimed))
                owed[code] += claimed
            if not held:
                owed[code] -= kept
                accounted.update({(code, m): fen for m, fen, _kind in lines})
            accounted.subtract({(code, m): fen for m, fen in overpaid})
            made.differences += _difference(
                code, before.get(code, 0), now[run.month].get(code, 0) or 0
            )
        return listed

    def _kept(self, code: str, month: Pair, gross: int, owed: int) -> int:
        """What is kept back of what was overpaid."""
        rule = self._rules.get((code, month))
        return min(owed, gross * rule.recover_percent // 100) if rule and owed > 0 else 0

    def _checks(
        self, person: Person, run: Run, tokens: set[str], shared: set[str], fen: int
    ) -> set[str]:
        day, moved = run.last_day, person.moved_on()
        return {
            code
            for code, there in (
                ("dead", person.died_on is not None and person.died_on <= day),
                ("moved", moved is not None and moved <= day),
                ("no_account", not tokens),
                ("two_accounts", len(tokens) > 1),
                ("account_shared", bool(tokens) and min(tokens) in shared),
                ("over_limit", fen > self.written.month_fen),
            )
            if there
        }


def number(month: Pair) -> int:
    """A month as the tables write it."""
    return month[0] * 12 + month[1] - 1


def _added(
    code: str,
    paid_month: Pair,
    now: Mapping[Pair, Mapping[str, int | None]],
    accounted: Mapping[tuple[str, Pair], int],
) -> tuple[list[tuple[Pair, int, str]], list[tuple[Pair, int]]]:
    """What is added to every month (month, fen, kind), and what was too much (month, fen)."""
    lines, overpaid = [], []
    for month, paid in now.items():
        should = paid.get(code, 0)
        if should is None:
            continue
        had = accounted.get((code, month), 0)
        if should > had:
            kind = "correction" if had else "regular" if month == paid_month else "arrears"
            lines.append((month, should - had, kind))
        elif should < had:
            overpaid.append((month, had - should))
    return lines, overpaid


def _difference(code: str, before: int, now: int) -> list[tuple[Any, ...]]:
    if before == now:
        return []
    word = "new" if not before else "stopped" if not now else "changed"
    return [(code, before, now, word)]
