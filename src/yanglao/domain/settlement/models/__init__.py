"""Tables of settlement."""

from yanglao.domain.settlement.models.books import Entry, Posting, Tally
from yanglao.domain.settlement.models.claims import Claim, Repayment, WriteOff
from yanglao.domain.settlement.models.elsewhere import ElsewhereList, PaidElsewhere
from yanglao.domain.settlement.models.files import Attempt, BankFile, ReturnFile, ReturnLine
from yanglao.domain.settlement.models.runs import (
    Difference,
    Finding,
    Line,
    MonthChoice,
    Payment,
    PaymentRun,
    PayStart,
    Recusal,
    RunStep,
)

__all__ = [
    "Attempt",
    "BankFile",
    "Claim",
    "Difference",
    "ElsewhereList",
    "Entry",
    "Finding",
    "Line",
    "MonthChoice",
    "PaidElsewhere",
    "PayStart",
    "Payment",
    "PaymentRun",
    "Posting",
    "Recusal",
    "Repayment",
    "ReturnFile",
    "ReturnLine",
    "RunStep",
    "Tally",
    "WriteOff",
]
