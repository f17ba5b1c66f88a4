"""Everybody: the set-based month against the one-person engine and the slow reckoning, replayed."""

from collections import defaultdict
from datetime import date
from random import Random

import duckdb
import pyarrow as pa
import pytest

from tests.engines.payments.crowd import make_crowd
from tests.engines.payments.histories import (
    COMPATIBILITY,
    PAYMENT_TERMS,
    VERSIONS,
    as_tables,
    changed,
    random_history,
    rows,
)
from yanglao.engines.payments.bankfile import Head, read_payments, write_payments
from yanglao.engines.payments.choosing import Claim, choose
from yanglao.engines.payments.dues import make_dues
from yanglao.engines.payments.entitlement import (
    Answer,
    Approval,
    History,
    Suspension,
    month_entitlement,
    version_in_force,
)
from yanglao.engines.payments.months import month_of, read_month
from yanglao.engines.payments.paying import CHECKS, PaymentMonth, compute_month
from yanglao.engines.payments.tables import Order, WrongInput, freeze
from yanglao.ops.bench import reckoning as oracle

SINCE = read_month("2024-01")
BENEFITS = tuple(COMPATIBILITY.benefits)


def _order(month: int, since: int = SINCE) -> Order:
    return Order(month, since, PAYMENT_TERMS, COMPATIBILITY, VERSIONS)


def _run(month: int, tables: dict, con=None) -> PaymentMonth:
    return compute_month(freeze(con or duckdb.connect(), _order(month), tables))


def _expected(history: History, month: int) -> dict[str, int | None]:
    """What a month gives after the choice; None for held; by the slow reckoning."""
    version, pair = version_in_force(VERSIONS, month), (month // 12, month % 12 + 1)
    dues = {
        b: oracle.due(history, PAYMENT_TERMS.in_force(b, month), version, pair) for b in BENEFITS
    }
    found = {b: d for b, d in dues.items() if d[0] != "no"}
    table = COMPATIBILITY.in_force(month)
    assert table is not None
    if all(d[0] == "payable" for d in found.values()):
        paid = oracle.pay_known(table, [(b, d[1]) for b, d in found.items()])
        return {b: paid.get(b, 0) for b in BENEFITS}
    # What the unknown does to the others is held against every world in test_choosing.
    claims = []
    for benefit in found:
        one = month_entitlement(history, benefit, month, PAYMENT_TERMS, VERSIONS)
        claims.append(Claim(benefit, one.code != "unknown", one.fen))
    made = {c.benefit: None if c.state == "held" else c.paid for c in choose(claims, table)}
    return {b: made.get(b, 0) for b in BENEFITS}


def test_everybody_at_once_says_what_one_person_is_told() -> None:
    """Amount, reason, tier and days of every month are the same both ways."""
    random = Random(11)
    people = {number: random_history(random) for number in range(1, 1200)}
    con = duckdb.connect()
    make_dues(freeze(con, _order(read_month("2025-12")), as_tables(people)))
    got = {
        (p, b, m): rest
        for p, b, m, *rest in con.execute(
            "SELECT person, benefit, month, due, fen, code, tier, days FROM pay_dues"
        ).fetchall()
    }
    for person, history in people.items():
        for benefit in BENEFITS:
            for month in range(SINCE, read_month("2026-01")):
                one = month_entitlement(history, benefit, month, PAYMENT_TERMS, VERSIONS)
                told = got.get((person, benefit, month))
                if told is None:
                    assert one.due == "not_payable"
                    continue
                due, fen, code, tier, days = told
                assert (due, code) == (one.due, one.code), (history, benefit, month)
                if one.due == "payable":
                    assert (fen, tier, days) == (one.fen, one.tier, one.days)


@pytest.mark.slow
def test_ten_thousand_histories_replayed_month_by_month() -> None:
    """Facts come late; after every run the books say for every month what the rules say."""
    random = Random(20260101)
    people = {number: random_history(random) for number in range(1, 10_001)}
    accounted: dict[tuple[int, str, int], int] = defaultdict(int)
    outside = {b for b in BENEFITS if not COMPATIBILITY.benefits[b].paid_here}
    sample = random.sample(sorted(people), 150)
    changing: set[int] = set()
    last = read_month("2025-12")
    for month in range(SINCE, last + 1):
        net = [(p, b, m, fen) for (p, b, m), fen in accounted.items() if fen]
        tables = as_tables(people) | {
            "accounted": rows("accounted", net),
            "touched": rows("touched", [(p,) for p in changing]),
        }
        made = _run(month, tables)
        for p, b, m, fen in _listed(made.lines, "person", "benefit", "month", "fen"):
            accounted[p, b, m] += fen
        for p, b, m, fen in _listed(made.overpaid, "person", "benefit", "month", "fen"):
            accounted[p, b, m] -= fen
            assert fen > 0 and accounted[p, b, m] >= 0
        whole = month == last
        for person in people if whole else sample:
            for past in range(SINCE, month + 1) if person in sample else (month,):
                for benefit, fen in _expected(people[person], past).items():
                    if fen is None or benefit in outside:
                        continue
                    assert accounted[person, benefit, past] == fen, (person, benefit, past)
        _no_forbidden_pairs(accounted)
        changing = set(random.sample(sorted(people), 700))
        for person in changing:
            people[person] = changed(random, people[person])
    _nothing_after_death(accounted, people, changing)


def _listed(table, *columns: str):
    return zip(*(table.column(name).to_pylist() for name in columns), strict=True)


def _no_forbidden_pairs(accounted) -> None:
    """Money that stays in the books never is for a pair that may not be."""
    paid = defaultdict(list)
    for (person, benefit, month), fen in accounted.items():
        if fen > 0:
            paid[person, month].append(benefit)
    for (_, month), found in paid.items():
        table = COMPATIBILITY.in_force(month)
        for number, one in enumerate(found):
            for other in found[number + 1 :]:
                row = table.between(one, other)
                assert row is None or row.kind in ("ALLOW", "DIFFERENCE"), (one, other, month)


def _nothing_after_death(accounted, people, changing) -> None:
    for (person, benefit, month), fen in accounted.items():
        died = people[person].died_on
        if fen > 0 and died is not None and person not in changing:
            rule = PAYMENT_TERMS.in_force(benefit, month)
            assert month <= month_of(died) + rule.stop_death


def _one(answers, approvals=None, died=None) -> dict[int, History]:
    given = approvals or [Approval("nursing", date(2023, 1, 1), date(2023, 1, 1))]
    return {7: History(tuple(answers), tuple(given), (), died)}


def test_a_grade_dated_back_pays_arrears_and_a_death_begins_a_claim() -> None:
    """Grade up from March known in June: three corrections; death in April known in July."""
    low = Answer("nursing", "v1", date(2023, 5, 1), None, True, 5000)
    paid = [(7, "nursing", m, 5000) for m in range(SINCE, SINCE + 5)]
    up = [
        Answer("nursing", "v1", date(2023, 5, 1), date(2024, 3, 10), True, 5000, "1", ""),
        Answer("nursing", "v1", date(2024, 3, 10), None, True, 11000, "2"),
    ]
    made = _run(SINCE + 5, as_tables(_one(up)) | {"accounted": rows("accounted", paid)})
    # The change counts from the month after (change: 1): April and May, then June itself.
    assert made.lines.select(["month", "fen", "kind"]).to_pylist() == [
        {"month": SINCE + 3, "fen": 6000, "kind": "correction"},
        {"month": SINCE + 4, "fen": 6000, "kind": "correction"},
        {"month": SINCE + 5, "fen": 11000, "kind": "regular"},
    ]
    dead = as_tables(_one([low], died=date(2024, 4, 2))) | {"accounted": rows("accounted", paid)}
    made = _run(SINCE + 5, dead)
    assert made.lines.num_rows == 0
    assert made.overpaid.to_pylist() == [
        {"person": 7, "benefit": "nursing", "month": SINCE + 4, "fen": 5000}
    ]


def test_the_same_input_gives_the_same_month_and_nothing_is_added_twice() -> None:
    """Fingerprint and tables are the same in any order of rows; a rerun on its result is empty."""
    random = Random(3)
    people = {number: random_history(random) for number in range(1, 400)}
    month = SINCE + 8
    first = _run(month, as_tables(people))
    again = _run(month, as_tables(dict(reversed(people.items()))))
    for name in ("lines", "payments", "differences", "checks", "overpaid", "choices"):
        assert getattr(first, name).equals(getattr(again, name)), name
    assert first.fingerprint == again.fingerprint
    net = list(_listed(first.lines, "person", "benefit", "month", "fen"))
    rerun = _run(month, as_tables(people) | {"accounted": rows("accounted", net)})
    assert rerun.lines.num_rows == 0 and rerun.overpaid.num_rows == 0
    assert rerun.fingerprint != first.fingerprint


def test_checks_differences_and_instalments() -> None:
    """Every check is found; who waits is not on the list of payments; part is kept back."""
    whole = Answer("nursing", "v1", date(2023, 1, 1), None, True, 10000)
    approval = Approval("nursing", date(2023, 1, 1), date(2023, 1, 1))
    people = {n: History((whole,), (approval,)) for n in range(1, 13)}
    tables = as_tables(people)
    tables["people"] = rows(
        "people",
        [(n, "虚构", "653201", date(2024, 9, 5) if n == 1 else None, None) for n in range(1, 12)]
        + [],
    )
    marked = tables["people"].to_pylist()
    marked[1]["moved_on"] = date(2024, 8, 1)
    tables["people"] = rows("people", [tuple(row.values()) for row in marked])
    accounts = [(n, f"T{n}", None, None) for n in range(1, 13) if n != 3]
    accounts += [(4, "T4b", None, None), (5, "old", None, date(2024, 1, 1))]
    accounts = [(p, "SHARED" if p in (8, 9, 10, 11) else t, a, b) for p, t, a, b in accounts]
    tables["accounts"] = rows("accounts", accounts)
    month = SINCE + 8
    tables["elsewhere"] = rows("elsewhere", [(6, "nursing", month, "外县")])
    tables["accounted"] = rows(
        "accounted", [(n, "nursing", m, 10000) for n in range(1, 13) for m in range(SINCE, month)]
    )
    tables["outstanding"] = rows(
        "outstanding",
        [(5, "nursing", 900, None), (7, "nursing", 99999, None), (8, "nursing", 5000, 700)],
    )
    tables["previous"] = rows(
        "previous", [(5, "nursing", 10000), (7, "nursing", 9000), (99, "nursing", 10000)]
    )
    made = _run(month, tables)
    found = {(row["person"], row["code"]) for row in made.checks.to_pylist()}
    assert found == {
        *((1, "dead"), (2, "moved"), (3, "no_account"), (4, "two_accounts"), (6, "paid_elsewhere")),
        *((8, "account_shared"), (9, "account_shared"), (10, "account_shared")),
        *((11, "account_shared"), (12, "no_person")),
    }
    assert all(CHECKS[code][1] for _, code in found)
    paid = {row["person"]: row["fen"] for row in made.payments.to_pylist()}
    assert paid == {1: 10000, 5: 9100, 7: 7000, 8: 9300, 9: 10000, 10: 10000, 11: 10000}
    differences = {r["person"]: r["difference"] for r in made.differences.to_pylist()}
    assert (differences[5], differences[7], differences[99]) == ("same", "changed", "stopped")
    assert differences[6] == "new" and made.total_fen == sum(paid.values())


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"answers": [(1, "age", "v1", date(2024, 1, 1), None, True, 1, "", "")] * 2}, "重叠"),
        ({"people": [(1, "甲", "6532", None, None)] * 2}, "两次"),
        ({"answers": [(1, "age", "v1", date(2024, 1, 1), None, True, -1, "", "")]}, "金额为负"),
        (
            {"answers": [(1, "coupon", "v1", date(2024, 1, 1), None, True, 1, "", "")]},
            "没有发放规定",
        ),
    ],
)
def test_two_truths_about_one_person_are_refused(change: dict, what: str) -> None:
    """An overlap would pay twice or nothing: it is told with the person's number."""
    with pytest.raises(WrongInput, match=what):
        freeze(
            duckdb.connect(),
            _order(SINCE),
            {name: rows(name, given) for name, given in change.items()},
        )


def test_an_invented_crowd_is_paid_to_the_fen() -> None:
    """The crowd of the figures: every line of a month, and its file, as reckoned slowly."""
    con = duckdb.connect()
    names = make_crowd(con, 2000)
    month = read_month("2024-11")
    made = _run(month, {k: v for k, v in names.items() if k != "touched"}, con)
    people: dict[int, list] = defaultdict(lambda: [[], [], [], None])
    for row in con.execute("SELECT * FROM in_answers").fetchall():
        people[row[0]][0].append(Answer(*row[1:]))
    for row in con.execute("SELECT * FROM in_approvals").fetchall():
        people[row[0]][1].append(Approval(*row[1:]))
    for row in con.execute("SELECT * FROM in_suspensions").fetchall():
        people[row[0]][2].append(Suspension(*row[1:]))
    for person, died in con.execute("SELECT person, died_on FROM in_people").fetchall():
        people[person][3] = died
    expected = {}
    for person, (answers, approvals, suspensions, died) in people.items():
        history = History(tuple(answers), tuple(approvals), tuple(suspensions), died)
        for past in range(SINCE, month + 1):
            for benefit, fen in _expected(history, past).items():
                if fen and benefit != "outside":
                    expected[person, benefit, past] = fen
    got = {(p, b, m): f for p, b, m, f in _listed(made.lines, "person", "benefit", "month", "fen")}
    assert got == expected and len(got) > 20_000
    lines = made.payments.select(["token", "name", "fen"]).append_column(
        "key", pa.array([f"{b}.{p}#1" for p, b in _listed(made.payments, "person", "benefit")])
    )
    head = Head("1", "虚构县", month, date(2024, 11, 20))
    _, back = read_payments(write_payments(head, lines))
    assert sum(fen for *_, fen in back) == made.total_fen
    stopped = {(r["person"], r["benefit"]) for r in made.checks.to_pylist() if r["stops"]}
    assert made.total_fen == sum(f for (p, b, _), f in expected.items() if (p, b) not in stopped)
