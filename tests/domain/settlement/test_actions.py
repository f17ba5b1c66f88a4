"""What settlement promises: areas, records, states, and books that nothing gets past."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.engines.payments.histories import random_history
from tests.flows import payment_world as w
from tests.flows.test_pay_month import check_books, simple
from yanglao.domain.settlement.models import Attempt, Claim, Entry, Payment, PaymentRun, Tally
from yanglao.domain.settlement.public import (
    ACT_LABELS,
    SIDES,
    Account,
    Act,
    Refused,
    agree_instalments,
    approve_run,
    ask_write_off,
    cancel_run,
    close_run,
    decide_write_off,
    offset_failed,
    payments_of_person,
    record_repayment,
    runs,
    send_back,
    submit_run,
    took_part,
    trial_balance,
)
from yanglao.domain.settlement.types import MOVES, RunState
from yanglao.engines.payments import ledger
from yanglao.flows.pay_month import begin_run
from yanglao.flows.send_payments import make_file, take_back
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 20)


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    w.prepare(tmp_path / "policies", settings)


def overpaid() -> tuple[w.Facts, Claim]:
    """Pay March and learn in April that one person had died; return the approved claim."""
    facts = w.Facts({n: simple() for n in range(1, 4)})
    w.paid_through(facts, "2024-03", start="2024-03")
    later = w.Facts({**facts.people, 2: simple(end=date(2024, 2, 10), cause="death")})
    w.approved(later, "2024-04")
    return later, Claim.objects.get()


def test_the_books_have_the_engines_accounts_and_acts() -> None:
    names = {one.name.lower() for one in Account}
    assert names == set(ledger.ACCOUNTS)
    for act in Act:
        debit, credit = SIDES[act]
        book = ledger.Book()
        wanted = ledger._SIDES[act.name.lower()]
        assert (debit.name.lower(), credit.name.lower()) == wanted and not book.entries
        assert str(ACT_LABELS[act]) == ledger.ACTS[act.name.lower()]


def test_nothing_is_changed_or_taken_out_of_the_books() -> None:
    w.paid_through(w.Facts({1: simple()}), "2024-03", start="2024-03")
    entry, tally = Entry.objects.order_by("id").first(), Tally.objects.order_by("id").first()
    assert entry is not None and tally is not None
    for text in (
        "UPDATE settlement_entry SET fen = fen + 1",
        "DELETE FROM settlement_entry",
        "UPDATE settlement_tally SET fen = fen + 1",
        "DELETE FROM settlement_tally",
        "DELETE FROM settlement_runstep",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(text)


@pytest.mark.parametrize(
    ("act", "debit", "credit", "fen"),
    [(1, 1, 3, 100), (2, 3, 2, 100), (1, 1, 2, 0), (1, 1, 2, -5), (99, 1, 2, 5)],
)
def test_an_entry_on_wrong_accounts_or_without_money_is_refused(
    act: int, debit: int, credit: int, fen: int
) -> None:
    run = w.frozen(w.Facts({1: simple()}), "2024-03", start="2024-03")
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            act=act,
            debit=debit,
            credit=credit,
            fen=fen,
            booked_on=DAY,
            run=run,
            person_id=1,
            place_code=w.VILLAGE,
            benefit="nursing",
            payment_ref=1,
        )


def test_postings_show_two_sides_of_every_entry() -> None:
    w.paid_through(w.Facts({1: simple(), 2: simple()}), "2024-03", start="2024-03")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(debit_fen), sum(credit_fen) FROM settlement_posting")
        number, debit, credit = cursor.fetchone()
    assert number == 2 * Entry.objects.count() and debit == credit > 0


def test_a_payment_cannot_have_two_open_attempts_nor_more_than_is_owed() -> None:
    run = w.approved(w.Facts({1: simple()}), "2024-03", start="2024-03")
    file = w.sent(run, w.Facts({1: simple()}))
    payment = Payment.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(payment=payment, number=2, bank_file=file, fen=1, token="T")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(paid_fen=payment.gross_fen)


def test_moves_follow_the_table() -> None:
    run = w.frozen(w.Facts({1: simple()}), "2024-03", start="2024-03")
    with pytest.raises(Refused, match="不能转为"):
        submit_run(run_id=run.pk, acting=w.MAKER)
    with pytest.raises(Refused, match="待审批"):
        approve_run(run_id=run.pk, acting=w.CHECKER, as_of=DAY)
    with pytest.raises(Refused, match="待审批"):
        send_back(run_id=run.pk, acting=w.CHECKER, reason="看不清")
    with pytest.raises(Refused, match="写明原因"):
        cancel_run(run_id=run.pk, acting=w.MAKER, reason=" ")
    cancel_run(run_id=run.pk, acting=w.MAKER, reason="重做")
    assert not Payment.objects.exists() and MOVES[RunState.CANCELLED] == frozenset()


def test_area_and_role_decide_and_acts_are_on_record(reader_for: Any) -> None:
    run = w.frozen(w.Facts({1: simple()}), "2024-03", start="2024-03")
    other = w.officer(9, "653201000000")
    assert not runs(other).exists() and not payments_of_person(other, 1).exists()
    assert payments_of_person(w.CHECKER, 1).count() == 1
    with pytest.raises(PaymentRun.DoesNotExist):
        cancel_run(run_id=run.pk, acting=other, reason="越权")
    with pytest.raises(PermissionError):
        begin_run(
            region=w.COUNTY,
            month="2024-03",
            benefits=["age"],
            acting=reader_for("town", "653222100000"),
            as_of=DAY,
        )
    with pytest.raises(PermissionError):
        begin_run(region=w.COUNTY, month="2024-03", benefits=["age"], acting=other, as_of=DAY)
    cancel_run(run_id=run.pk, acting=w.MAKER, reason="录错月份")
    told = AuditEntry.objects.filter(action="payment_run_cancelled").get()
    assert (told.user_id, told.reason, told.subject_id) == (1, "录错月份", str(run.pk))
    assert took_part(run, acting=w.MAKER) and not took_part(run, acting=w.CHECKER)


def test_a_claim_comes_back_in_parts_and_is_given_up_by_two() -> None:
    facts, claim = overpaid()
    with pytest.raises(Refused, match="不超过"):
        record_repayment(claim_id=claim.pk, fen=99999, paid_on=DAY, proof="1", acting=w.MAKER)
    record_repayment(claim_id=claim.pk, fen=3000, paid_on=DAY, proof="1", acting=w.MAKER)
    record_repayment(claim_id=claim.pk, fen=3000, paid_on=DAY, proof="1", acting=w.MAKER)
    with pytest.raises(Refused, match="另一个金额"):
        record_repayment(claim_id=claim.pk, fen=1, paid_on=DAY, proof="1", acting=w.MAKER)
    agree_instalments(claim_id=claim.pk, months=3, as_of=DAY, acting=w.MAKER)
    asked = ask_write_off(claim_id=claim.pk, why="家属无力退回", acting=w.MAKER)
    with pytest.raises(Refused, match="自己的申请"):
        decide_write_off(write_off_id=asked.pk, agree=True, as_of=DAY, acting=w.MAKER)
    # What is brought back meanwhile is not given up.
    record_repayment(claim_id=claim.pk, fen=2000, paid_on=DAY, proof="2", acting=w.MAKER)
    decide_write_off(write_off_id=asked.pk, agree=True, as_of=DAY, acting=w.CHECKER)
    claim.refresh_from_db()
    assert (claim.repaid_fen, claim.written_off_fen, claim.left_fen) == (5000, 5000, 0)
    assert claim.state == "settled" and facts.people
    check_books()


def test_kept_back_is_at_most_the_part_the_pack_allows() -> None:
    """The one who lives on pays a third a month at most (``recover_percent: 30``)."""
    facts = w.Facts({1: simple(12000)})
    w.paid_through(facts, "2024-03", start="2024-02")
    lower = w.Facts({1: simple(10000)})
    w.paid_through(lower, "2024-04")
    claim = Claim.objects.get()
    # Two months were paid 2,000 fen too much each: said when it was found.
    assert claim.fen == 4000
    w.paid_through(lower, "2024-05")
    claim.refresh_from_db()
    payment = Payment.objects.get(run__month=2024 * 12 + 4)
    assert (payment.withheld_fen, payment.paid_fen, claim.left_fen) == (3000, 7000, 1000)
    w.paid_through(lower, "2024-06")
    claim.refresh_from_db()
    assert (claim.left_fen, claim.state) == (0, "settled")
    check_books()


def test_a_failed_payment_settles_a_claim_on_the_same_person() -> None:
    facts = w.Facts({1: simple(), 2: simple()})
    run = w.approved(facts, "2024-03", start="2024-03")
    w.answered(w.sent(run, facts), {2: "账户已注销"})
    gone = w.Facts({**facts.people, 2: simple(end=date(2024, 2, 10), cause="death")})
    w.approved(gone, "2024-04")
    claim, payment = Claim.objects.get(), Payment.objects.get(run=run, person_id=2)
    offset_failed(claim_id=claim.pk, payment_id=payment.pk, as_of=DAY, acting=w.MAKER)
    claim.refresh_from_db()
    payment.refresh_from_db()
    assert (claim.left_fen, claim.state, payment.state) == (0, "settled", "settled")
    check_books()


def test_random_answers_of_the_bank_leave_books_as_the_engine_keeps_them() -> None:
    """The same events posted into the engine's book give the same balances."""
    random = Random(5)
    facts = w.Facts({n: random_history(random) for n in range(1, 40)})
    run = w.approved(facts, "2024-12", release=True)
    events = [
        ledger.Event(f"a{p.pk}", "approve", p.gross_fen, payment=str(p.pk))
        for p in Payment.objects.filter(run=run).exclude(state="held").order_by("id")
    ]
    book = ledger.post_all(ledger.Book(), events)
    for _round in range(4):
        try:
            file = w.sent(run, facts)
        except Refused:
            break
        attempts = list(Attempt.objects.filter(bank_file=file).order_by("id"))
        bad = {n: "失败" for n in range(1, len(attempts) + 1) if random.random() < 0.4}
        w.answered(file, bad)
        sends = ledger.to_send(book)
        assert [(e.payment, e.attempt, e.fen) for e in sends] == [
            (str(a.payment_id), a.number, a.fen) for a in sorted(attempts, key=_as_text)
        ]
        book = ledger.post_all(book, sends)
        for place, one in enumerate(attempts, 1):
            act = "fail" if place in bad else "confirm"
            key = f"{act}{one.payment_id}#{one.number}"
            event = ledger.Event(key, act, one.fen, payment=str(one.payment_id), attempt=one.number)
            book = ledger.post(book, event)
    ours = {r.account.name.lower(): r.balance for r in trial_balance(system_reader())}
    assert ours == book.balances() and any(ours.values())
    check_books()


def _as_text(one: Attempt) -> str:
    return str(one.payment_id)


def test_a_return_after_the_money_arrived_is_owed_again() -> None:
    facts = w.Facts({1: simple(), 2: simple()})
    run = w.approved(facts, "2024-03", start="2024-03")
    file = w.sent(run, facts)
    w.answered(file)
    close_run(run_id=run.pk, acting=w.MAKER)
    again = w.answered(file, {1: "账户已销户，退票"})
    assert again.counts == {"back": 1, "again": 1}
    payment = Payment.objects.get(run=run, person_id=1)
    assert (payment.state, payment.paid_fen, payment.owed_fen) == ("failed", 0, 10000)
    made = make_file(run_id=run.pk, acting=w.MAKER, as_of=DAY, load=facts.load)
    assert (made.file.payments, made.left_out) == (1, 0)
    check_books()


def test_what_the_bank_should_not_say_is_not_booked() -> None:
    from yanglao.engines.payments.bankfile import Returned, write_returns

    facts = w.Facts({1: simple(), 2: simple()})
    run = w.approved(facts, "2024-03", start="2024-03")
    file = w.sent(run, facts)
    one, two = Payment.objects.filter(run=run).order_by("id")
    lines = [
        Returned(f"P{one.pk}#1", 9999, "paid", ""),
        Returned(f"P{two.pk}#2", 10000, "paid", ""),
        Returned("别的", 5, "failed", "不认识"),
    ]
    content = write_returns(file.number, lines, "utf-8")
    back = take_back(bank_file_id=file.pk, content=content, acting=w.MAKER, as_of=DAY)
    assert back.counts == {"amount": 1, "unknown": 2}
    assert Attempt.objects.filter(state="open").count() == 2
    check_books()
