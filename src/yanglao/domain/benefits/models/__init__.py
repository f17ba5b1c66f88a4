"""Tables of cases and of what flows from them."""

from yanglao.domain.benefits.models.accounts import PayAccount
from yanglao.domain.benefits.models.cases import (
    Approval,
    Case,
    CaseStep,
    Dispute,
    Notice,
    Suspension,
)
from yanglao.domain.benefits.models.spells import CaseAlert, FollowRun, Spell

__all__ = [
    "Approval",
    "Case",
    "CaseAlert",
    "CaseStep",
    "Dispute",
    "FollowRun",
    "Notice",
    "PayAccount",
    "Spell",
    "Suspension",
]
