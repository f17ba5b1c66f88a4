"""A person's money as one page: what was paid month by month, what was not and why, what is owed.

Benefits knows nothing of payments, and payments nothing of pages: this puts both together for the
file of a person.
"""

from dataclasses import dataclass

from yanglao.domain.settlement.public import (
    Claim,
    Payment,
    PaymentState,
    attempts_of_person,
    choices_of_person,
    claims_of_person,
    payments_of_person,
)
from yanglao.engines.payments.months import month_words
from yanglao.flows.explain_payments import benefit_names, choice_sentence, reason_words
from yanglao.foundation.scoping import Reader

#: Rows of history that a page shows.
_MOST = 24


@dataclass(frozen=True, slots=True)
class PaidLine:
    """Money of one run to the person.

    Attributes:
        month: In words. name: Of the benefit. fen: After what was kept back.
        paid: What the bank confirmed. withheld: Kept back. state: In words.
        reason: The bank's word when it did not arrive. payment: The row.
    """

    month: str
    name: str
    fen: int
    paid: int
    withheld: int
    state: str
    reason: str
    payment: Payment


@dataclass(frozen=True, slots=True)
class NotPaidLine:
    """Money that was due and not paid, with the sentence that says why, clause included."""

    month: str
    fen: int
    words: str


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Money to come back: of which benefit and months, why, and what is left."""

    name: str
    months: str
    cause: str
    left: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class MoneyOfPerson:
    """All of it, the latest first."""

    paid: tuple[PaidLine, ...]
    not_paid: tuple[NotPaidLine, ...]
    owed: tuple[OwedLine, ...]


def money_of_person(reader: Reader, person_id: int, place_code: str) -> MoneyOfPerson:
    """Return what was paid to a person of the area, what was not and why, and what he owes back.

    Args:
        place_code: Where he is served: whose words for benefits and clauses are used.
    """
    names = benefit_names(place_code)
    rows = list(payments_of_person(reader, person_id)[:_MOST])
    reasons = attempts_of_person(reader, [row.pk for row in rows])
    not_paid = tuple(
        NotPaidLine(
            month_words(row.month),
            (row.due_fen or 0) - row.paid_fen,
            choice_sentence(row, place_code),
        )
        for row in choices_of_person(reader, person_id)[:_MOST]
    )
    owed = tuple(
        OwedLine(
            names.get(claim.benefit, claim.benefit),
            _months(claim),
            reason_words(claim.cause),
            claim.left_fen,
            claim,
        )
        for claim in claims_of_person(reader, person_id)
    )
    return MoneyOfPerson(
        tuple(_paid(row, names, reasons.get(row.pk, "")) for row in rows), not_paid, owed
    )


def _paid(row: Payment, names: dict[str, str], reason: str) -> PaidLine:
    state = PaymentState(row.state)
    return PaidLine(
        month=month_words(row.run.month),
        name=names.get(row.benefit, row.benefit),
        fen=row.net_fen,
        paid=row.paid_fen,
        withheld=row.withheld_fen,
        state=str(state.label),
        reason=reason if state == PaymentState.FAILED else "",
        payment=row,
    )


def _months(claim: Claim) -> str:
    first, last = month_words(claim.first_month), month_words(claim.last_month)
    return first if first == last else f"{first}至{last}"
