"""Tables of the long-term care insurance."""

from yanglao.domain.ltci.models.fund import Enrolment, FundEntry
from yanglao.domain.ltci.models.giving import Absence, Benefit, CarePlan, Provider
from yanglao.domain.ltci.models.grading import Grading, GradingStep
from yanglao.domain.ltci.models.settling import (
    Deduction,
    RecordBatch,
    ServiceRecord,
    Statement,
    StatementLine,
)

__all__ = [
    "Absence",
    "Benefit",
    "CarePlan",
    "Deduction",
    "Enrolment",
    "FundEntry",
    "Grading",
    "GradingStep",
    "Provider",
    "RecordBatch",
    "ServiceRecord",
    "Statement",
    "StatementLine",
]
