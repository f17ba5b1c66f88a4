"""The books of payments: double entry in whole fen, as pure functions.

A book is what has been posted so far. ``post`` gives the book with one more event, or the very same
book when the event's key is in it already with the same content; the same key with other content is
refused, so is everything that would pay what is not owed. Debits and credits of every entry are
equal, so the sum over all accounts is always nought.

Money to a person goes in attempts. An attempt is written into the book before anything is handed
to the bank (``sent``), and while it is open no other attempt for the same payment can begin: a
program that was killed between the two asks the bank about that attempt, it never makes another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from yanglao.kernel.money import Fen

Act = Literal[
    "approve", "send", "confirm", "fail", "return", "overpaid", "withhold", "repay", "write_off"
]
#: What each act says on a page.
ACTS: Mapping[Act, str] = {
    "approve": "审批应付",
    "send": "送银行",
    "confirm": "发放成功",
    "fail": "发放失败",
    "return": "退票",
    "overpaid": "多发待追缴",
    "withhold": "从待遇中扣回",
    "repay": "本人退回",
    "write_off": "核销",
}
#: Accounts: expense, owed to people, on its way to the bank, bank, claims on people, written off.
ACCOUNTS = {
    "expense": "补贴支出",
    "payable": "应付待遇",
    "in_transit": "在途",
    "bank": "银行存款",
    "receivable": "应收追缴款",
    "written_off": "核销损失",
}
# Debit and credit of every act.
_SIDES: Mapping[Act, tuple[str, str]] = {
    "approve": ("expense", "payable"),
    "send": ("payable", "in_transit"),
    "confirm": ("in_transit", "bank"),
    "fail": ("in_transit", "payable"),
    "return": ("bank", "payable"),
    "overpaid": ("receivable", "expense"),
    "withhold": ("payable", "receivable"),
    "repay": ("bank", "receivable"),
    "write_off": ("written_off", "receivable"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        key: Given by the caller, the same for the same thing: posting twice changes nothing.
        payment: Whose money: one person, benefit and run (``approve``, ``send`` … ``withhold``).
        claim: Which claim (``overpaid``, ``withhold``, ``repay``, ``write_off``); else empty.
        attempt: Number of the attempt, from 1 (``send``, ``confirm``, ``fail``, ``return``).
    """

    key: str
    act: Act
    fen: Fen
    payment: str = ""
    claim: str = ""
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the books: debit and credit account, and whose payment or claim it is."""

    key: str
    debit: str
    credit: str
    fen: Fen
    payment: str
    claim: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Where one payment stands.

    Attributes:
        approved: All that was approved. withheld: Kept back. paid: Confirmed and not returned.
        attempts: How many were begun. open: Fen on its way in the last attempt; None when none is.
    """

    approved: Fen = 0
    withheld: Fen = 0
    paid: Fen = 0
    attempts: int = 0
    open: Fen | None = None

    @property
    def owed(self) -> Fen:
        """What is still to be sent: neither kept back, nor paid, nor on its way."""
        return self.approved - self.withheld - self.paid - (self.open or 0)


class Refused(ValueError):
    """An event that the books may not take; the message says why, in Chinese."""


@dataclass(frozen=True)
class Book:
    """What has been posted. Make an empty one with ``Book()``; go on with ``post``.

    A book is a value: ``post`` leaves the one it was given as it was.
    """

    events: Mapping[str, Event] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    payments: Mapping[str, Payment] = field(default_factory=dict)
    claims: Mapping[str, Fen] = field(default_factory=dict)
    # Attempts that were confirmed, for those that come back later.
    confirmed: Mapping[tuple[str, int], Fen] = field(default_factory=dict)

    def balances(self) -> dict[str, Fen]:
        """Debit less credit of every account; the sum is nought."""
        found = dict.fromkeys(ACCOUNTS, 0)
        for one in self.entries:
            found[one.debit] += one.fen
            found[one.credit] -= one.fen
        return found


def post(book: Book, event: Event) -> Book:
    """The book with an event; the same book when it was posted before.

    Raises:
        Refused: The key was used for something else, the amount is not positive, more is sent than
            owed, an attempt is open or is not the one meant, more is recovered than claimed.
    """
    return post_all(book, (event,))


def post_all(book: Book, events: Iterable[Event]) -> Book:
    """The book with many events, all or none."""
    drafts = _Draft(book)
    for event in events:
        drafts.take(event)
    return drafts.book() if drafts.changed else book


class _Draft:
    """A book being written; thrown away when an event is refused."""

    def __init__(self, book: Book) -> None:
        self.events = dict(book.events)
        self.entries: list[Entry] = []
        self.before = book.entries
        self.payments = dict(book.payments)
        self.claims = dict(book.claims)
        self.confirmed = dict(book.confirmed)
        self.changed = False

    def book(self) -> Book:
        return Book(
            self.events,
            (*self.before, *self.entries),
            self.payments,
            self.claims,
            self.confirmed,
        )

    def take(self, event: Event) -> None:
        """Post one event."""
        known = self.events.get(event.key)
        if known is not None:
            if known != event:
                raise Refused(f"编号“{event.key}”已经记过别的账，不能再用")
            return
        if event.fen <= 0 or not event.key:
            raise Refused("金额必须大于零，并且要有编号")
        if event.act in ("overpaid", "repay", "write_off"):
            self._claim(event)
        else:
            self._payment(event)
        debit, credit = _SIDES[event.act]
        self.entries.append(Entry(event.key, debit, credit, event.fen, event.payment, event.claim))
        self.events[event.key] = event
        self.changed = True

    def _claim(self, event: Event) -> None:
        if not event.claim:
            raise Refused("没有写是哪一笔追缴")
        left = self.claims.get(event.claim, 0)
        if event.act == "overpaid":
            self.claims[event.claim] = left + event.fen
        elif event.fen > left:
            raise Refused(f"追缴款只剩 {left} 分，不能再收或核销 {event.fen} 分")
        else:
            self.claims[event.claim] = left - event.fen

    def _payment(self, event: Event) -> None:
        if not event.payment:
            raise Refused("没有写是哪一笔待遇")
        now = self.payments.get(event.payment, Payment())
        if event.act == "approve":
            after = _changed(now, approved=now.approved + event.fen)
        elif event.act == "withhold":
            after = self._withhold(now, event)
        elif event.act == "send":
            after = _send(now, event)
        elif event.act == "return":
            after = self._return(now, event)
        else:
            after = self._settle(now, event)
        self.payments[event.payment] = after

    def _withhold(self, now: Payment, event: Event) -> Payment:
        left = self.claims.get(event.claim, 0)
        if event.fen > min(left, now.owed):
            raise Refused(f"最多能扣 {min(left, now.owed)} 分，不能扣 {event.fen} 分")
        self.claims[event.claim] = left - event.fen
        return _changed(now, withheld=now.withheld + event.fen)

    def _settle(self, now: Payment, event: Event) -> Payment:
        """The bank's word on the open attempt."""
        if now.open is None or event.attempt != now.attempts or event.fen != now.open:
            raise Refused(f"第 {event.attempt} 次发放不在途，或金额不符，请核对回盘")
        if event.act == "fail":
            return _changed(now, open=None)
        self.confirmed[event.payment, event.attempt] = event.fen
        return _changed(now, open=None, paid=now.paid + event.fen)

    def _return(self, now: Payment, event: Event) -> Payment:
        """Money that came back after the bank had said it was paid."""
        if self.confirmed.pop((event.payment, event.attempt), None) != event.fen:
            raise Refused(f"第 {event.attempt} 次发放没有成功过，或金额不符，不能退票")
        return _changed(now, paid=now.paid - event.fen)


def _send(now: Payment, event: Event) -> Payment:
    """Begin an attempt: all that is owed, and only when none is open."""
    if now.open is not None:
        raise Refused(f"第 {now.attempts} 次发放还在途，问清银行以前不能再发")
    if event.attempt != now.attempts + 1:
        raise Refused(f"下一次发放是第 {now.attempts + 1} 次，不是第 {event.attempt} 次")
    if event.fen != now.owed:
        raise Refused(f"应发 {now.owed} 分，不能送 {event.fen} 分")
    return _changed(now, attempts=event.attempt, open=event.fen)


def _changed(now: Payment, **values: Fen | None) -> Payment:
    shape = {name: getattr(now, name) for name in Payment.__dataclass_fields__} | values
    return Payment(**shape)


def attempt_key(payment: str, attempt: int) -> str:
    """The key under which an attempt is known to the books and to the bank."""
    return f"{payment}#{attempt}"


def to_send(book: Book) -> tuple[Event, ...]:
    """The attempts that may begin now: everything owed with no attempt open, by payment.

    The first attempt and repeats of failed ones alike; the events are not posted yet.
    """
    return tuple(
        Event(
            attempt_key(payment, one.attempts + 1),
            "send",
            one.owed,
            payment=payment,
            attempt=one.attempts + 1,
        )
        for payment, one in sorted(book.payments.items())
        if one.open is None and one.owed > 0
    )


def in_doubt(book: Book) -> tuple[Event, ...]:
    """The attempts whose fate is not known: after a crash, ask the bank about exactly these."""
    keys = (attempt_key(p, one.attempts) for p, one in sorted(book.payments.items()) if one.open)
    return tuple(book.events[key] for key in keys)


def instalments(claim: Fen, months: int) -> tuple[Fen, ...]:
    """A claim in so many monthly parts, as even as whole fen allow, the larger first.

    Raises ValueError for a negative claim or no month.
    """
    if claim < 0 or months < 1:
        raise ValueError("分期至少一个月，金额不能是负数")
    base, rest = divmod(claim, months)
    return tuple(base + int(number < rest) for number in range(months))
