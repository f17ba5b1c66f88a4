"""Tables of settlement."""

from yanglao.domain.settlement.models.books import Entry, Posting, Tally
from yanglao.domain.settlement.models.claims import Claim, Repayment, WriteOff
from yanglao.domain.settlement.models.files import Attempt, BankFile, ReturnFile, ReturnLine
from yanglao.domain.settlement.models.runs import (
    Difference,
    Finding,
    Line,
    MonthChoice,
    PaidElsewhere,
    Payment,
    PaymentRun,
    PayStart,
    RunStep,
)

__all__ = [
    "Attempt",
    "BankFile",
    "Claim",
    "Difference",
    "Entry",
    "Finding",
    "Line",
    "MonthChoice",
    "PaidElsewhere",
    "PayStart",
    "Payment",
    "PaymentRun",
    "Posting",
    "Repayment",
    "ReturnFile",
    "ReturnLine",
    "RunStep",
    "Tally",
    "WriteOff",
]
