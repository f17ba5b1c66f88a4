"""A person's money as one page: what was paid month by month, what was not and why, what is owed.

Benefits knows nothing of payments, and payments nothing of pages: this puts both together for the
file of a person.
"""

from dataclasses import dataclass
from datetime import date

from yanglao.domain.settlement.public import (
    Claim,
    ClaimState,
    MonthChoice,
    Payment,
    PaymentState,
    attempts_of_person,
    choices_of_person,
    claims_of_person,
    payments_of_person,
)
from yanglao.flows.explain_payments import benefit_names, choice_sentence, reason_words
from yanglao.foundation.scoping import Reader

#: Months of history that a page shows.
_MONTHS = 36


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """One payment of a run.

    Attributes:
        month: ``year * 12 + month - 1`` of the run. benefit: Its name.
        fen: What goes to the person. withheld_fen: Kept back of it.
        state: Where it stands, in words. paid: It arrived. held: It waits.
        reason: The bank's word when it did not arrive.
        payment: The row. number: Of the run.
    """

    month: int
    benefit: str
    fen: int
    withheld_fen: int
    state: str
    paid: bool
    held: bool
    reason: str
    payment: Payment
    number: str


@dataclass(frozen=True, slots=True)
class NotPaid:
    """Money not paid because of another benefit: which month, how much, in one sentence."""

    month: int
    fen: int
    sentence: str
    choice: MonthChoice


@dataclass(frozen=True, slots=True)
class OwedBack:
    """A claim on the person, in words."""

    claim: Claim
    benefit: str
    cause: str
    settled: bool


@dataclass(frozen=True, slots=True)
class BenefitMoney:
    """All money of a person as far as the reader may see.

    Attributes:
        paid: Payments, the latest first. not_paid: Choices, the latest first.
        owed_back: Claims, the newest first. year_fen: What arrived in runs of this year.
        left_fen: What is still to come back.
    """

    paid: tuple[PaidMonth, ...]
    not_paid: tuple[NotPaid, ...]
    owed_back: tuple[OwedBack, ...]
    year_fen: int
    left_fen: int


def show_benefit_file(reader: Reader, person_id: int, *, as_of: date) -> BenefitMoney:
    """Return what a person was paid, was not paid and why, and owes back.

    Args:
        as_of: The day whose year is summed up.
    """
    names = benefit_names(reader.area)
    rows = list(payments_of_person(reader, person_id)[:_MONTHS])
    reasons = attempts_of_person(reader, [row.pk for row in rows])
    paid = tuple(_paid(row, names, reasons.get(row.pk, "")) for row in rows)
    first = as_of.year * 12
    not_paid = tuple(
        NotPaid(
            row.month,
            (row.due_fen or 0) - row.paid_fen,
            choice_sentence(row, row.run.region_code),
            row,
        )
        for row in choices_of_person(reader, person_id)[:_MONTHS]
        if row.code != "kept"
    )
    owed = tuple(
        OwedBack(
            claim,
            names.get(claim.benefit, claim.benefit),
            reason_words(claim.cause),
            claim.state == ClaimState.SETTLED,
        )
        for claim in claims_of_person(reader, person_id)
    )
    return BenefitMoney(
        paid=paid,
        not_paid=not_paid,
        owed_back=owed,
        year_fen=sum(row.paid_fen for row in rows if first <= row.run.month < first + 12),
        left_fen=sum(one.claim.left_fen for one in owed),
    )


def _paid(row: Payment, names: dict[str, str], reason: str) -> PaidMonth:
    state = PaymentState(row.state)
    return PaidMonth(
        month=row.run.month,
        benefit=names.get(row.benefit, row.benefit),
        fen=row.net_fen,
        withheld_fen=row.withheld_fen,
        state=str(state.label),
        paid=state == PaymentState.PAID,
        held=state == PaymentState.HELD,
        reason=reason if state == PaymentState.FAILED else "",
        payment=row,
        number=row.run.number,
    )
