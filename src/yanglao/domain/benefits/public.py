"""Benefits: who is paid what by right, from the claim to its end, with two people behind each.

A *case* (个案) is one person's claim to one money item, asked for or found without asking
(免申即享). A maker prepares it, it hangs out as a notice, a checker approves. *Spells* say day by
day what the catalogue gives to approved people; the payment month is computed from them.
"""

from yanglao.domain.benefits.facts import load_payment_inputs, version_code
from yanglao.domain.benefits.models import (
    Approval,
    Case,
    CaseAlert,
    CaseStep,
    Dispute,
    FollowRun,
    Notice,
    PayAccount,
    Spell,
    Suspension,
)

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
    "load_payment_inputs",
    "version_code",
]
