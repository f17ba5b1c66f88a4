"""The books and the bank: what holds after any sequence of events, repeats and crashes."""

from datetime import date
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from yanglao.engines.payments.bankfile import (
    Head,
    Returned,
    WrongFile,
    read_payments,
    read_returns,
    write_payments,
    write_returns,
)
from yanglao.engines.payments.ledger import (
    ACTS,
    Book,
    Event,
    Refused,
    attempt_key,
    in_doubt,
    instalments,
    post,
    post_all,
    to_send,
)
from yanglao.engines.payments.months import read_month

PAYMENTS = st.sampled_from(["p1", "p2", "p3"])
CLAIMS = st.sampled_from(["c1", "c2"])


class Bank:
    """A bank that pays a key once, whatever is sent, and may refuse it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.orders: dict[str, tuple[int, str]] = {}

    def order(self, key: str, fen: int) -> None:
        """Take an order; the same key again changes nothing."""
        self.orders.setdefault(key, (fen, self.random.choice(("paid", "paid", "failed"))))

    def ask(self, key: str) -> str | None:
        """What became of a key; None when it never came in."""
        return self.orders[key][1] if key in self.orders else None


class Office(RuleBasedStateMachine):
    """An office that may die between any two steps; the book on disk is all it has after that."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.bank = Bank(Random(4))
        self.number = 0
        self.returned = 0
        self.posted: list[Event] = []

    def _post(self, event: Event) -> None:
        self.book = post(self.book, event)
        self.posted.append(event)

    @rule(payment=PAYMENTS, fen=st.integers(1, 10**7))
    def approve(self, payment: str, fen: int) -> None:
        """A month is approved."""
        self.number += 1
        self._post(Event(f"a{self.number}", "approve", fen, payment=payment))

    @rule(claim=CLAIMS, fen=st.integers(1, 10**6))
    def overpaid(self, claim: str, fen: int) -> None:
        """A claim begins or grows."""
        self.number += 1
        self._post(Event(f"o{self.number}", "overpaid", fen, claim=claim))

    @rule(
        act=st.sampled_from(["withhold", "repay", "write_off"]),
        payment=PAYMENTS,
        claim=CLAIMS,
        fen=st.integers(1, 10**6),
    )
    def recover(self, act, payment: str, claim: str, fen: int) -> None:
        """Recovered or written off, or refused and nothing changed."""
        self.number += 1
        payment = payment if act == "withhold" else ""
        before = self.book
        try:
            self._post(Event(f"r{self.number}", act, fen, payment=payment, claim=claim))
        except Refused:
            assert self.book is before

    @rule(stop=st.sampled_from(["before", "after_book", "after_bank", "no"]))
    def send_all(self, stop: str) -> None:
        """Send what is owed, and perhaps die between the steps."""
        for event in to_send(self.book):
            if stop == "before":
                return
            self._post(event)
            if stop == "after_book":
                return
            self.bank.order(event.key, event.fen)
            if stop == "after_bank":
                return
            self._told(event)

    @rule()
    def ask_the_bank(self) -> None:
        """After a crash: hand in again under the same key what may not have come in, and ask."""
        for event in in_doubt(self.book):
            self.bank.order(event.key, event.fen)
            self._told(event)

    def _told(self, event: Event) -> None:
        act = "confirm" if self.bank.ask(event.key) == "paid" else "fail"
        self._post(
            Event(f"{event.key}!{act}", act, event.fen, event.payment, attempt=event.attempt)
        )

    @rule(payment=PAYMENTS)
    def comes_back(self, payment: str) -> None:
        """A confirmed attempt is returned."""
        for (name, attempt), fen in self.book.confirmed.items():
            if name == payment:
                key = attempt_key(payment, attempt)
                self._post(Event(f"{key}!return", "return", fen, payment, attempt=attempt))
                self.returned += fen
                return

    @rule(data=st.data())
    def repeat_anything(self, data) -> None:
        """Any event once more: the very same book. Its key for something else: refused."""
        if self.posted:
            event = data.draw(st.sampled_from(self.posted))
            assert post(self.book, event) is self.book
            other = Event(
                event.key, event.act, event.fen + 1, event.payment, event.claim, event.attempt
            )
            with pytest.raises(Refused):
                post(self.book, other)

    @rule(payment=PAYMENTS, fen=st.integers(1, 10**6))
    def send_beside_the_plan(self, payment: str, fen: int) -> None:
        """Nothing may be sent that is not owed, nor while an attempt is open."""
        now = self.book.payments.get(payment)
        attempt = now.attempts + 1 if now else 1
        if now and now.open is None and now.owed == fen:
            return
        with pytest.raises(Refused):
            post(self.book, Event("x", "send", fen, payment, attempt=attempt))

    @invariant()
    def the_books_balance(self) -> None:
        """All accounts together are nought; each is what the parts say."""
        balances = self.book.balances()
        assert sum(balances.values()) == 0
        payments = self.book.payments.values()
        assert balances["payable"] == -sum(p.owed for p in payments)
        assert balances["in_transit"] == -sum(p.open or 0 for p in payments)
        assert balances["receivable"] == sum(self.book.claims.values())
        assert all(p.owed >= 0 for p in payments) and min(self.book.claims.values(), default=0) >= 0

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        """What the bank paid is never more than approved, and each key was ordered once."""
        paid = sum(fen for fen, result in self.bank.orders.values() if result == "paid")
        approved = sum(p.approved - p.withheld for p in self.book.payments.values())
        assert paid - self.returned <= approved
        sends = [e for e in self.book.entries if e.debit == "payable" and e.credit == "in_transit"]
        assert len({e.key for e in sends}) == len(sends)
        assert set(self.bank.orders) <= {e.key for e in sends}

    def teardown(self) -> None:
        """Nobody is forgotten: asked and repeated often enough, all that is owed is paid."""
        for _ in range(60):
            self.ask_the_bank()
            self.send_all("no")
        if all(p.owed == 0 and p.open is None for p in self.book.payments.values()):
            bank = sum(fen for fen, result in self.bank.orders.values() if result == "paid")
            assert bank - self.returned == sum(p.paid for p in self.book.payments.values())
        else:
            raise AssertionError("somebody was forgotten")


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_all_or_none() -> None:
    """One refused event, and the book is as it was."""
    book = post(Book(), Event("a", "approve", 100, payment="p"))
    with pytest.raises(Refused, match="应发 100 分"):
        post_all(book, [Event("b", "approve", 50, payment="q"), Event("c", "send", 90, "p", "", 1)])
    assert set(book.events) == {"a"} and set(ACTS) >= {"approve", "write_off"}


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(1, 240))
def test_instalments_are_even_and_add_up(claim: int, months: int) -> None:
    """Whole fen, the sum is the claim, no two parts differ by more than a fen."""
    parts = instalments(claim, months)
    assert sum(parts) == claim and len(parts) == months and max(parts) - min(parts) <= 1


HEAD = Head("2026-03-06-1", "虚构县民政局", read_month("2026-03"), date(2026, 3, 20))
TEXT = st.text(
    st.characters(codec="gbk", exclude_characters="|\r\n\x00", exclude_categories=("Cs",)),
    min_size=1,
    max_size=12,
)


def _lines(rows) -> pa.Table:
    schema = [
        ("key", pa.string()),
        ("token", pa.string()),
        ("name", pa.string()),
        ("fen", pa.int64()),
    ]
    return pa.table(
        {name: [row[n] for row in rows] for n, (name, _) in enumerate(schema)},
        schema=pa.schema(schema),
    )


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(TEXT, TEXT, TEXT, st.integers(1, 10**12)), max_size=8, unique_by=lambda r: r[0]
    ),
    st.sampled_from(["gbk", "utf-8"]),
)
def test_a_file_reads_back_and_reprints_to_the_byte(rows, encoding) -> None:
    """Any text comes back as it was, and no cell of the file would run in a spreadsheet."""
    written = write_payments(HEAD, _lines(rows), encoding)
    assert written == write_payments(HEAD, _lines(rows), encoding)
    head, back = read_payments(written, encoding)
    assert (head, back) == (HEAD, rows)
    for line in written.decode(encoding).split("\r\n"):
        assert not any(cell[:1] in "=+-@\t" for cell in line.split("|") if cell)


@settings(deadline=None)
@given(st.data())
def test_a_changed_file_is_refused(data) -> None:
    """One byte changed, or a piece cut off: nothing of it is taken in."""
    rows = [("k1", "T1", "甲", 5000), ("k2", "T2", "乙", 11000)]
    written = bytearray(write_payments(HEAD, _lines(rows)))
    place = data.draw(st.integers(0, len(written) - 1))
    if data.draw(st.booleans()):
        written[place] ^= data.draw(st.integers(1, 255))
    else:
        del written[place:]
    with pytest.raises(WrongFile):
        read_payments(bytes(written))


def test_what_may_not_be_written() -> None:
    """A key twice, nothing to pay, a rare character in GBK (said with its line)."""
    for rows, what in (
        ([("k", "T", "甲", 1), ("k", "T", "甲", 1)], "重复"),
        ([("k", "T", "甲", 0)], "不大于零"),
        ([("k", "", "甲", 1)], "账户为空"),
        ([("k", "T", "甲|乙", 1)], "竖线"),
        ([("k", "T", "虚𬱖", 1)], "第 1 行的“𬱖”"),
    ):
        with pytest.raises(WrongFile, match=what):
            write_payments(HEAD, _lines(rows))
    assert "虚𬱖".encode() in write_payments(HEAD, _lines([("k", "T", "虚𬱖", 1)]), "utf-8")


def test_the_banks_answer() -> None:
    """Read back with reasons; an unknown result or a line twice is refused."""
    lines = (Returned("k1", 5000, "paid", ""), Returned("k2", 11000, "failed", "=户名不符"))
    number, back = read_returns(write_returns("2026-03-06-1", lines))
    assert (number, back) == ("2026-03-06-1", lines)
    with pytest.raises(WrongFile, match="看不懂"):
        read_returns(write_returns("n", [Returned("k1", 1, "perhaps", "")]))
    with pytest.raises(WrongFile, match="两次"):
        read_returns(write_returns("n", [lines[0], lines[0]]))
    with pytest.raises(WrongFile, match="YLRET"):
        read_returns(write_payments(HEAD, _lines([("k", "T", "甲", 1)])))
