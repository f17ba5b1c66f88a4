"""A slow reckoning of its own: what a month gives, and what may be paid together.

Nothing here is taken from the payment engine, not even how its files are read. Months are (year,
month) pairs, days are walked one by one, choices are found by trying every set, and what is unknown
by trying every way in which it may turn out. The tests hold the engine against it, and
``payments_oracle`` a whole payment month.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any, Protocol

import yaml

Pair = tuple[int, int]
#: A benefit and its fen; of a pair of claims the choice is among these.
Money = tuple[str, int]


class Relations(Protocol):
    """A table of relations: ``between`` gives one with ``kind`` and ``first``, or ``None``."""

    @property
    def order(self) -> Any:
        """Benefits; the earlier wins where two give the same."""

    def between(self, one: str, other: str) -> Any:
        """Return the relation of two benefits."""


def add(pair: Pair, offset: int) -> Pair:
    """A month some months on."""
    year, month = pair
    total = year * 12 + (month - 1) + offset
    return (total // 12, total % 12 + 1)


def of(day: date) -> Pair:
    """The month of a day."""
    return (day.year, day.month)


def first_and_last(answers: Sequence[Any], number: int, rule: Any) -> tuple[Pair, Pair]:
    """First and last month of one interval."""
    one = answers[number]
    goes_on = number > 0 and answers[number - 1].end == one.first
    begin = add(of(one.first), rule.change if goes_on else rule.start)
    if one.end is None:
        return begin, (9999, 12)
    if number + 1 < len(answers) and answers[number + 1].first == one.end:
        return begin, add(of(one.end), rule.change - 1)
    stops = {
        "death": rule.stop_death,
        "move": rule.stop_move,
        "grade": rule.stop_grade,
        "admission": rule.stop_admission,
        "revoked": rule.stop_revoked,
    }
    return begin, add(of(one.end), stops.get(one.ended_by, rule.stop_other))


def approved(history: Any, rule: Any, pair: Pair) -> bool:
    """Whether an approval covers the month."""
    if rule.basis == "none":
        return True
    for one in history.approvals:
        if one.benefit != rule.benefit:
            continue
        day = {"approval": one.approved_on, "application": one.applied_on}.get(rule.basis)
        if day is not None and pair < add(of(day), rule.basis_start):
            continue
        if one.revoked_on is not None and pair > add(of(one.revoked_on), rule.stop_revoked):
            continue
        return True
    return False


def suspended(history: Any, rule: Any, pair: Pair) -> bool:
    """Whether a suspension covers the month."""
    for one in history.suspensions:
        if one.benefit != rule.benefit or (one.cleared and rule.repay_suspended):
            continue
        after_begin = pair >= add(of(one.first), rule.suspend)
        if after_begin and (one.end is None or pair < add(of(one.end), rule.resume)):
            return True
    return False


def due(history: Any, rule: Any, version: str | None, pair: Pair) -> tuple[str, int | None]:
    """("payable", fen), ("held", None) or ("no", 0) for a month."""
    found = due_or_unknown(history, rule, version, pair)
    if found is None:
        return ("no", 0)
    if not found[0] or found[1] is None:
        return ("held", None)
    return ("payable", found[1])


def due_or_unknown(
    history: Any, rule: Any, version: str | None, pair: Pair
) -> tuple[bool, int | None] | None:
    """Whether it is known, and the fen, of a month that gives something or may; else ``None``."""
    if rule is None or not version:
        return None
    version = "" if rule.basis == "none" else version
    answers = [a for a in history.answers if (a.benefit, a.version) == (rule.benefit, version)]
    if not answers:
        return None
    answers.sort(key=lambda a: a.first)
    if not approved(history, rule, pair) or suspended(history, rule, pair):
        return None
    if rule.prorate == "days":
        return by_days(history, rule, answers, pair)
    if history.died_on and pair > add(of(history.died_on), rule.stop_death):
        return None
    found = None
    for number, one in enumerate(answers):
        begin, last = first_and_last(answers, number, rule)
        if begin <= pair <= last:
            found = (bool(one.known), one.fen)
    return found


def by_days(
    history: Any, rule: Any, answers: Sequence[Any], pair: Pair
) -> tuple[bool, int | None] | None:
    """Walk the days of the month."""
    length = calendar.monthrange(*pair)[1]
    total, any_day = Fraction(0), False
    for number in range(length):
        day = date(*pair, 1) + timedelta(days=number)
        if history.died_on and day > history.died_on:
            continue
        if rule.basis != "none" and not any(
            a.benefit == rule.benefit
            and {"approval": a.approved_on, "application": a.applied_on}.get(rule.basis, date.min)
            <= day
            and (a.revoked_on is None or day < a.revoked_on)
            for a in history.approvals
        ):
            continue
        for one in answers:
            if one.first <= day and (one.end is None or day < one.end):
                if not one.known or one.fen is None:
                    return (bool(one.known), None)
                total, any_day = total + Fraction(one.fen, length), True
    return (True, int(total + Fraction(1, 2))) if any_day else None


def beats(table: Relations, one: Money, other: Money) -> bool:
    """Whether a claim (code, fen) beats another for sure, given all amounts."""
    row = table.between(one[0], other[0])
    if row is None:
        return False
    if row.kind == "EXCLUDE":
        return bool(row.first == one[0])
    if row.kind == "HIGHER_OF":
        place = table.order.index
        return bool((one[1], -place(one[0])) > (other[1], -place(other[0])))
    return False


def pay_known(table: Relations, claims: Sequence[Money]) -> dict[str, int]:
    """What is paid of claims (code, fen) when all is known: the one stable set, found by trying.

    Raises:
        ValueError: When the table has not exactly one answer.
    """
    found = []
    for size in range(len(claims) + 1):
        for chosen in combinations(claims, size):
            left = [c for c in claims if c not in chosen]
            quiet = not any(beats(table, a, b) for a in chosen for b in chosen)
            if quiet and all(any(beats(table, a, b) for a in chosen) for b in left):
                found.append(chosen)
    if len(found) != 1:
        raise ValueError("the table has not exactly one answer")
    paid = {}
    for code, fen in found[0]:
        bases = [
            other_fen
            for other, other_fen in found[0]
            if (row := table.between(code, other))
            and row.kind == "DIFFERENCE"
            and row.first == other
        ]
        paid[code] = max(0, fen - sum(bases))
    return {code: paid.get(code, 0) for code, _ in claims}


def pay_for_sure(
    table: Relations, claims: Mapping[str, tuple[bool, int | None]]
) -> dict[str, int | None]:
    """What is paid however the unknown turns out; ``None`` where that depends on it.

    Args:
        claims: By code whether the entitlement is known, and its fen (``None``: not known).
    """
    amounts = sorted({fen for _known, fen in claims.values() if fen is not None})
    guesses = [0, *(fen + more for fen in amounts for more in (-1, 1) if fen + more > 0), 10**9]
    worlds = [
        [*([] if known else [None]), *([fen] if fen is not None else guesses)]
        for known, fen in claims.values()
    ]
    seen: dict[str, set[int]] = {code: set() for code in claims}
    for world in product(*worlds):
        there = [(c, fen) for c, fen in zip(claims, world, strict=True) if fen is not None]
        paid = pay_known(table, there)
        for code in claims:
            seen[code].add(paid.get(code, 0))
    return {code: next(iter(found)) if len(found) == 1 else None for code, found in seen.items()}


@dataclass(frozen=True)
class Rule:
    """How a benefit is paid, as written in ``payments.yaml``; offsets in months."""

    benefit: str
    since: Pair
    start: int
    basis: str
    basis_start: int
    change: int
    stop_death: int
    stop_move: int
    stop_grade: int
    stop_admission: int
    stop_revoked: int
    stop_other: int
    suspend: int
    resume: int
    repay_suspended: bool
    prorate: str
    recover_percent: int
    arrears_months: int | None


@dataclass(frozen=True)
class Row:
    """A relation as written."""

    kind: str
    first: str


@dataclass
class Written:
    """A pack's words on money: rules, relations by version, who pays, limits."""

    rules: dict[str, list[Rule]] = field(default_factory=dict)
    layers: list[dict[Pair, dict[frozenset[str], Row]]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    paid_here: dict[str, bool] = field(default_factory=dict)
    account_people: int = 0
    month_fen: int = 0

    def rule(self, benefit: str, pair: Pair) -> Rule | None:
        """The rule of a month."""
        begun = [one for one in self.rules.get(benefit, ()) if one.since <= pair]
        return max(begun, key=lambda one: one.since) if begun else None

    def table(self, pair: Pair) -> "TableOfMonth":
        """The relations of a month: each file's newest version, a region's over the nation's."""
        rows: dict[frozenset[str], Row] = {}
        for layer in self.layers:
            begun = [since for since in layer if since <= pair]
            if begun:
                rows |= layer[max(begun)]
        return TableOfMonth(self.order, rows)


@dataclass(frozen=True)
class TableOfMonth:
    """Relations in force."""

    order: list[str]
    rows: Mapping[frozenset[str], Row]

    def between(self, one: str, other: str) -> Row | None:
        """Return the relation of two benefits."""
        return self.rows.get(frozenset((one, other)))


def read_rules(pack: str, policies: Path) -> Written:
    """Read a pack's words on money, and of relations those of the packs that it inherits."""
    written = Written()
    _read_relations(pack, policies, written)
    root = yaml.safe_load((policies / pack / "payments.yaml").read_text("utf-8"))
    written.account_people = root["limits"]["account_people"]
    written.month_fen = root["limits"]["month_fen"]
    for code, versions in root["benefits"].items():
        written.rules[code] = [
            Rule(
                benefit=code,
                since=_month(one["from"]),
                **{f"stop_{cause}": offset for cause, offset in one["stop"].items()},
                **{
                    name: one[name]
                    for name in (
                        *("start", "basis", "basis_start", "change", "suspend", "resume"),
                        *("repay_suspended", "prorate", "recover_percent"),
                    )
                },
                arrears_months=one.get("arrears_months"),
            )
            for one in versions
        ]
    return written


def _read_relations(pack: str, policies: Path, written: Written) -> None:
    root = yaml.safe_load((policies / pack / "compatibility.yaml").read_text("utf-8"))
    if root.get("inherits"):
        _read_relations(root["inherits"], policies, written)
    for code, told in (root.get("benefits") or {}).items():
        written.order.append(code)
        written.paid_here[code] = told.get("paid_here", True)
    layer: dict[Pair, dict[frozenset[str], Row]] = {}
    for version in root.get("versions") or ():
        layer[_month(version["from"])] = {
            frozenset(one["pair"]): Row(
                one["relation"], one.get("keep") or one.get("base") or one["pair"][0]
            )
            for one in version["pairs"]
        }
    written.layers.append(layer)


def _month(text: str) -> Pair:
    year, month = str(text).split("-")
    return int(year), int(month)
