"""Random invented histories, terms and tables for the tests of payments."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pyarrow as pa

from yanglao.engines.payments.compatibility import read_compatibility
from yanglao.engines.payments.entitlement import (
    Answer,
    Approval,
    CatalogueVersion,
    History,
    Suspension,
)
from yanglao.engines.payments.months import read_month
from yanglao.engines.payments.terms import read_terms

TABLE = """
title: 试验
benefits:
  age: {name: 高龄津贴, purpose: advanced_age}
  nursing: {name: 护理补贴, purpose: care}
  disability: {name: 重残护理补贴, purpose: care}
  outside: {name: 长护险, purpose: care, paid_here: false}
  tekun: {name: 特困供养, purpose: support}
versions:
  - from: 2024-01
    pairs:
      - {pair: [nursing, disability], relation: HIGHER_OF, clause: 一}
      - {pair: [nursing, outside], relation: DIFFERENCE, base: outside, clause: 二}
      - {pair: [disability, outside], relation: ALLOW, clause: 三}
      - {pair: [tekun, nursing], relation: EXCLUDE, keep: tekun, clause: 四}
  - from: 2025-01
    pairs:
      - {pair: [nursing, disability], relation: DIFFERENCE, base: disability, clause: 五}
      - {pair: [nursing, outside], relation: DIFFERENCE, base: outside, clause: 六}
      - {pair: [disability, outside], relation: DIFFERENCE, base: outside, clause: 七}
      - {pair: [tekun, nursing], relation: EXCLUDE, keep: tekun, clause: 八}
      - {pair: [tekun, disability], relation: EXCLUDE, keep: tekun, clause: 九}
"""


def _version(first: str, start: int, basis: str, basis_start: int, change: int, stop: int) -> str:
    return f"""
    - from: {first}
      start: {start}
      basis: {basis}
      basis_start: {basis_start}
      change: {change}
      stop: {{death: {stop}, move: 0, grade: {stop}, admission: -1, revoked: 0, other: 0}}
      suspend: 1
      resume: 0
      repay_suspended: true
      prorate: none
      recover_percent: 30
      clause: 条款"""


_DAYS = (
    _version("2024-01", 0, "approval", 0, 0, 0)
    .replace("admission: -1", "admission: 0")
    .replace("prorate: none", "prorate: days")
)
_AGE_NEXT = _version("2025-01", 1, "eligibility", 0, 1, 1)
_NURSING_NEXT = _version("2025-01", 1, "application", 0, 0, 1)
TERMS = f"""
title: 试验
limits: {{account_people: 3, month_fen: 5000000}}
benefits:
  age: {_version("2024-01", 0, "eligibility", 0, 0, 0)}{_AGE_NEXT}
  nursing: {_version("2024-01", 0, "approval", 1, 1, 0)}{_NURSING_NEXT}
  disability: {_version("2024-01", 1, "application", 0, 0, 0)}
  outside: {_version("2024-01", 0, "none", 0, 0, 0)}
  tekun: {_DAYS}
"""

COMPATIBILITY = read_compatibility({"t/compatibility.yaml": TABLE})
PAYMENT_TERMS = read_terms(TERMS, "t/payments.yaml", COMPATIBILITY.benefits)
VERSIONS = (
    CatalogueVersion("v1", read_month("2024-01")),
    CatalogueVersion("v2", read_month("2025-01")),
)
BENEFITS = tuple(COMPATIBILITY.benefits)
_START = date(2023, 10, 1)
_CAUSES = ("death", "move", "grade", "admission", "other", "")


def _day(random: Random, low: int = 0, high: int = 820) -> date:
    return _START + timedelta(days=random.randrange(low, high))


def random_answers(random: Random, benefit: str, version: str) -> list[Answer]:
    """Disjoint intervals, some of which go on where the one before ended."""
    days = sorted(random.sample(range(800), 2 * random.randrange(0, 4)))
    found = []
    for number, (begin, end) in enumerate(zip(days[::2], days[1::2], strict=True)):
        if number and random.random() < 0.5:
            begin = days[2 * number - 1]
        last = number == len(days) // 2 - 1 and random.random() < 0.4
        found.append(
            Answer(
                benefit,
                version,
                _START + timedelta(days=begin),
                None if last else _START + timedelta(days=end),
                random.random() > 0.08,
                None if random.random() < 0.05 else random.choice((5000, 11000, 11000, 20001)),
                random.choice(("1", "2")),
                random.choice(_CAUSES),
            )
        )
    return found


def random_history(random: Random) -> History:
    """A history: each benefit perhaps, by both versions."""
    answers, approvals, suspensions = [], [], []
    for benefit in BENEFITS:
        if random.random() < 0.45:
            continue
        for version in ("",) if benefit == "outside" else ("v1", "v2"):
            answers += random_answers(random, benefit, version)
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            applied = _day(random, 0, 400)
            approved = applied + timedelta(days=random.randrange(60))
            revoked = approved + timedelta(days=random.randrange(1, 500))
            ends = revoked if random.random() < 0.2 else None
            approvals.append(Approval(benefit, applied, approved, ends))
        if random.random() < 0.2:
            first = _day(random)
            ends = first + timedelta(days=random.randrange(1, 200))
            open_ = random.random() < 0.3
            suspensions.append(
                Suspension(benefit, first, None if open_ else ends, random.random() < 0.4)
            )
    died = _day(random) if random.random() < 0.25 else None
    return History(tuple(answers), tuple(approvals), tuple(suspensions), died)


def changed(random: Random, history: History) -> History:
    """What is known later: a death, a grade dated back, an approval, a suspension lifted."""
    other = random_history(random)
    return random.choice(
        (
            replace(history, died_on=_day(random)),
            replace(history, answers=other.answers),
            replace(history, approvals=history.approvals + other.approvals),
            replace(
                history, suspensions=tuple(replace(s, cleared=True) for s in history.suspensions)
            ),
        )
    )


def as_tables(histories: dict[int, History]) -> dict[str, pa.Table]:
    """Histories as the tables of the engine."""
    answers = [
        (p, a.benefit, a.version, a.first, a.end, a.known, a.fen, a.tier, a.ended_by)
        for p, h in histories.items()
        for a in h.answers
    ]
    approvals = [
        (p, a.benefit, a.applied_on, a.approved_on, a.revoked_on)
        for p, h in histories.items()
        for a in h.approvals
    ]
    suspensions = [
        (p, s.benefit, s.first, s.end, s.cleared)
        for p, h in histories.items()
        for s in h.suspensions
    ]
    people = [(p, f"虚构{p}", "653201", h.died_on, None) for p, h in histories.items()]
    accounts = [(p, f"T{p:08d}", None, None) for p in histories]
    return {
        "answers": rows("answers", answers),
        "approvals": rows("approvals", approvals),
        "suspensions": rows("suspensions", suspensions),
        "people": rows("people", people),
        "accounts": rows("accounts", accounts),
    }


_ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}


def rows(name: str, given: list[tuple]) -> pa.Table:
    """Rows as one of the engine's tables."""
    from yanglao.engines.payments.tables import SHAPES

    shape = SHAPES[name]
    return pa.table(
        {column: [row[n] for row in given] for n, column in enumerate(shape)},
        schema=pa.schema([(column, _ARROW[kind]) for column, kind in shape.items()]),
    )
