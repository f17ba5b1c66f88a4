"""What was paid to a person month by month, and what was not because of another benefit."""

from dataclasses import dataclass
from typing import cast

from yanglao.domain.settlement.public import (
    PaymentState,
    choices_of_person,
    payments_of_person,
)
from yanglao.engines.payments.choosing import Choice, State, explain
from yanglao.engines.payments.months import month_words
from yanglao.flows.benefit_terms import BenefitTerms, benefit_terms
from yanglao.foundation.scoping import Reader

_MOST = 24


@dataclass(frozen=True, slots=True)
class PaidLine:
    """Money of one run to the person.

    Attributes:
        month: In words. name: Of the benefit. fen: After what was kept back.
        paid: What the bank confirmed. state: In words.
    """

    month: str
    name: str
    fen: int
    paid: int
    state: str


@dataclass(frozen=True, slots=True)
class NotPaidLine:
    """Money that was due and not paid, with the sentence that says why."""

    month: str
    words: str


@dataclass(frozen=True, slots=True)
class MoneyOfPerson:
    """Both, the latest first."""

    paid: tuple[PaidLine, ...]
    not_paid: tuple[NotPaidLine, ...]


def money_of_person(reader: Reader, person_id: int, place_code: str) -> MoneyOfPerson:
    """Return what was paid to a person of the area, and what was not and why."""
    try:
        terms: BenefitTerms | None = benefit_terms(place_code)
    except LookupError:
        terms = None
    benefits = terms.compatibility.benefits if terms else {}
    paid = tuple(
        PaidLine(
            month=month_words(one.run.month),
            name=benefits[one.benefit].name if one.benefit in benefits else one.benefit,
            fen=one.gross_fen - one.withheld_fen,
            paid=one.paid_fen,
            state=str(PaymentState(one.state).label),
        )
        for one in payments_of_person(reader, person_id)[:_MOST]
    )
    not_paid = tuple(
        NotPaidLine(
            month_words(one.month),
            explain(
                Choice(
                    one.benefit,
                    one.due_fen,
                    one.paid_fen,
                    cast(State, one.state),
                    one.code,
                    tuple(part for part in one.against.split("、") if part),
                    one.clause,
                ),
                benefits,
            ),
        )
        for one in choices_of_person(reader, person_id)[:_MOST]
    )
    return MoneyOfPerson(paid, not_paid)
