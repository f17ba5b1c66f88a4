"""A payment month from facts to books, against the slow reckoning."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.engines.payments.histories import BENEFITS, VERSIONS, changed, random_history, rows
from tests.engines.payments.test_payment_months import _expected
from tests.flows import payment_world as w
from yanglao.domain.settlement.models import Claim, Entry, Line, Payment
from yanglao.domain.settlement.public import (
    Account,
    Refused,
    approve_run,
    submit_run,
    tally_gaps,
    trial_balance,
)
from yanglao.engines.payments.entitlement import Answer, Approval, History
from yanglao.engines.payments.months import read_month
from yanglao.flows.pay_month import begin_run, freeze_run
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
SINCE = read_month("2024-01")


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, settings: Any) -> None:
    w.prepare(tmp_path / "policies", settings)


def net_of_books() -> dict[tuple[int, str, int], int]:
    """What all approved lines together say of every person, benefit and month."""
    found: dict[tuple[int, str, int], int] = defaultdict(int)
    rows = Line.objects.filter(held=False).exclude(kind="recovery").order_by("id")
    for one in rows:
        found[one.person_id, one.benefit, one.month] += one.fen
    return {key: fen for key, fen in found.items() if fen}


def check_books() -> None:
    """The books balance, and hold the same as payments and claims."""
    assert tally_gaps() == []
    balance = {row.account: row.balance for row in trial_balance(system_reader())}
    assert sum(balance.values()) == 0
    payments = list(Payment.objects.exclude(state__in=["held", "ready"]).order_by("id"))
    claims = list(Claim.objects.exclude(state="proposed").order_by("id"))
    assert -balance[Account.BANK] == sum(p.paid_fen for p in payments) - sum(
        c.repaid_fen for c in claims
    )
    assert -balance[Account.IN_TRANSIT] == sum(p.open_fen for p in payments)
    assert -balance[Account.PAYABLE] == sum(p.owed_fen for p in payments)
    assert balance[Account.RECEIVABLE] == sum(c.left_fen for c in claims)


def replay(people: dict[int, History], first: str, months: int, seed: int) -> None:
    """Pay month by month while facts come late; after every month the books say what rules say."""
    random = Random(seed)
    known = dict(people)
    for month in range(read_month(first), read_month(first) + months):
        text = f"{month // 12:04}-{month % 12 + 1:02}"
        w.paid_through(w.Facts(known), text, release=True)
        net = net_of_books()
        for person, history in known.items():
            for past in range(SINCE, month + 1):
                for benefit, fen in _expected(history, past).items():
                    if benefit != "outside" and fen is not None:
                        got = net.get((person, benefit, past), 0)
                        assert got == fen, (person, benefit, past, history)
        check_books()
        for person in random.sample(sorted(known), max(1, len(known) // 8)):
            known[person] = changed(random, known[person])


def test_histories_replayed_month_by_month() -> None:
    """Late facts, deaths, back-dated grades, a new version in January: the books follow."""
    random = Random(41)
    replay({n: random_history(random) for n in range(1, 61)}, "2024-10", 6, 5)


def simple(fen: int = 10000, *, end: date | None = None, cause: str = "") -> History:
    """One person with nursing money from January 2024 on."""
    return History(
        (
            Answer("nursing", "v1", date(2024, 1, 1), end, True, fen, "1", cause),
            *(() if end else (Answer("nursing", "v2", date(2024, 1, 1), None, True, fen, "1"),)),
        ),
        (Approval("nursing", date(2023, 12, 1), date(2023, 12, 5)),),
    )


def test_a_death_known_late_becomes_a_claim_and_is_never_netted_in_silence() -> None:
    facts = w.Facts({n: simple() for n in range(1, 4)})
    w.paid_through(facts, "2024-02", start="2024-02")
    w.paid_through(facts, "2024-03")
    gone = w.Facts({**facts.people, 2: simple(end=date(2024, 2, 10), cause="death")})
    run = w.approved(gone, "2024-04")
    claim = Claim.objects.get()
    assert (claim.person_id, claim.fen, claim.cause) == (2, 10000, "after_death")
    assert (claim.first_month, claim.state) == (read_month("2024-03"), "open")
    assert not Payment.objects.filter(run=run, person_id=2).exists()
    assert [d.difference for d in run_differences(run, 2)] == ["stopped"]
    check_books()
    # Asked again, nothing is claimed twice.
    w.paid_through(gone, "2024-05", day=date(2024, 5, 20))
    assert Claim.objects.count() == 1


def run_differences(run: Any, person: int) -> list[Any]:
    """Return the differences of one person in a run."""
    from yanglao.domain.settlement.models import Difference

    return list(Difference.objects.filter(run=run, person_id=person).order_by("id"))


def test_a_grade_dated_back_is_paid_as_then_in_force() -> None:
    """The higher amount of v1 holds for 2024 only, whatever v2 says of it."""
    facts = w.Facts({1: simple(10000)})
    w.paid_through(facts, "2024-11", start="2024-10")
    w.paid_through(facts, "2024-12")
    later = History(
        (
            Answer("nursing", "v1", date(2024, 1, 1), date(2024, 10, 5), True, 10000, "1"),
            Answer("nursing", "v1", date(2024, 10, 5), None, True, 16000, "2"),
            Answer("nursing", "v2", date(2024, 1, 1), None, True, 30000, "2"),
        ),
        simple().approvals,
    )
    run = w.approved(w.Facts({1: later}), "2025-01")
    lines = {(x.month, x.kind): x.fen for x in Line.objects.filter(run=run).order_by("id")}
    # ``change: 1``: the grade of 5 October counts from November on.
    assert lines == {
        (read_month("2024-11"), "correction"): 6000,
        (read_month("2024-12"), "correction"): 6000,
        (read_month("2025-01"), "regular"): 30000,
    }


def test_what_a_check_stopped_comes_again_as_arrears() -> None:
    people = {1: simple(), 2: simple()}
    without = w.Facts(people, accounts=[(1, "T1", None, None)])
    first = w.paid_through(without, "2024-03", start="2024-03")
    assert Payment.objects.get(run=first, person_id=2).state == "held"
    second = w.paid_through(w.Facts(people), "2024-04")
    assert not second.everybody
    lines = {(x.person_id, x.month): x.kind for x in Line.objects.filter(run=second).order_by("id")}
    assert lines[2, read_month("2024-03")] == "arrears"
    assert Payment.objects.get(run=second, person_id=2).paid_fen == 20000


def test_nobody_approves_his_own_run(reader_for: Any) -> None:
    facts = w.Facts({1: simple()})
    run = w.frozen(facts, "2024-03", start="2024-03")
    from yanglao.domain.settlement.public import finish_checks

    finish_checks(run_id=run.pk, acting=w.MAKER)
    submit_run(run_id=run.pk, acting=w.officer(3))
    for own in (w.MAKER, w.officer(3)):
        with pytest.raises(Refused, match="不能审批自己的批次"):
            approve_run(run_id=run.pk, acting=own, as_of=date(2024, 3, 21))
    with pytest.raises(PermissionError):
        approve_run(run_id=run.pk, acting=reader_for("town", "653222100000"), as_of=run.as_of)
    assert approve_run(run_id=run.pk, acting=w.CHECKER, as_of=run.as_of).state == "approved"


def test_one_run_at_a_time_for_an_area_and_benefit() -> None:
    facts = w.Facts({1: simple()})
    w.frozen(facts, "2024-03")
    with pytest.raises(Refused, match="还没有办完"):
        begin_run(
            region=w.COUNTY,
            month="2024-04",
            benefits=["nursing"],
            acting=w.MAKER,
            as_of=date(2024, 4, 2),
        )
    with pytest.raises(Refused, match="还没有到"):
        begin_run(
            region=w.COUNTY,
            month="2025-04",
            benefits=["age"],
            acting=w.MAKER,
            as_of=date(2024, 4, 2),
        )
    with pytest.raises(Refused, match="不在这里发放"):
        begin_run(
            region=w.COUNTY,
            month="2024-03",
            benefits=["outside"],
            acting=w.MAKER,
            as_of=date(2024, 4, 2),
        )


def test_freezing_again_replaces_and_says_the_same() -> None:
    random = Random(3)
    facts = w.Facts({n: random_history(random) for n in range(1, 80)})
    run = w.frozen(facts, "2024-12")
    before = list(Line.objects.order_by("id").values_list("person_id", "month", "fen", "kind"))
    again = freeze_run(run_id=run.pk, acting=w.MAKER, as_of=run.as_of, load=facts.load)
    after = list(Line.objects.order_by("id").values_list("person_id", "month", "fen", "kind"))
    assert before == after and before
    assert again.fingerprint == run.fingerprint
    assert Entry.objects.count() == 0


def test_a_future_version_changes_no_past_month() -> None:
    random = Random(8)
    facts = w.Facts({n: random_history(random) for n in range(1, 60)})
    for month in ("2025-01", "2025-02"):
        w.paid_through(facts, month, release=True)
    net = net_of_books()
    w.publish("v3", date(2025, 3, 1))
    run = w.paid_through(facts, "2025-03", release=True)
    assert not Line.objects.filter(run=run, month__lt=read_month("2025-03"), held=False).exists()
    assert net == {k: v for k, v in net_of_books().items() if k[2] < read_month("2025-03")}


def test_no_excluded_pair_is_ever_paid_together() -> None:
    random = Random(77)
    facts = w.Facts({n: random_history(random) for n in range(1, 200)})
    w.paid_through(facts, "2024-12", release=True)
    by: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (person, benefit, month), fen in net_of_books().items():
        if fen > 0:
            by[person, month].add(benefit)
    assert any(len(found) > 1 for found in by.values())
    for found in by.values():
        assert not {"tekun", "nursing"} <= found
        assert not {"nursing", "disability"} <= found


def test_the_versions_of_these_tests_are_those_of_the_engine() -> None:
    assert [v.code for v in VERSIONS] == ["v1", "v2"] and len(BENEFITS) == 5
    assert rows("people", []).num_rows == 0
