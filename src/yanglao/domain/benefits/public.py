"""Benefits: who is paid what by right, from the claim to its end, with two people behind each.

A *case* (个案) is one person's claim to one money item, asked for or found without asking
(免申即享). A maker prepares it, it hangs out as a notice, a checker approves. *Spells* say day by
day what the catalogue gives to approved people; the payment month is computed from them.
"""

from yanglao.domain.benefits.actions.accounts import (
    NewAccount,
    decide_account,
    enter_account,
    enter_accounts,
)
from yanglao.domain.benefits.actions.deciding import (
    Bulk,
    approve_cases,
    post_notice,
    prepare_cases,
    refuse_case,
    return_case,
    withdraw_case,
)
from yanglao.domain.benefits.actions.disputes import (
    decide_dispute,
    take_dispute,
)
from yanglao.domain.benefits.actions.effects import (
    apply_effects,
    follow_places,
    see_alerts,
)
from yanglao.domain.benefits.actions.living import (
    ask_restart,
    resume_case,
    stop_case,
    suspend_case,
)
from yanglao.domain.benefits.actions.opening import (
    open_case,
    open_found_cases,
    refresh_case,
)
from yanglao.domain.benefits.actions.spells import (
    record_spells,
)
from yanglao.domain.benefits.checks import (
    family_of,
    why_not_decide,
)
from yanglao.domain.benefits.facts import (
    load_approved_pairs,
    load_payment_inputs,
    version_code,
)
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
from yanglao.domain.benefits.types import (
    CLOSED_STATES,
    LIVE_STATES,
    MOVES,
    WAITING_STATES,
    AccountKind,
    AccountState,
    AlertKind,
    Applicant,
    CaseAct,
    CaseState,
    CaseWay,
    Clocks,
    DisputeKind,
    DisputeState,
    Evidence,
    Judgement,
    StopCause,
    SuspendCause,
    WrongMove,
)

__all__ = [
    "CLOSED_STATES",
    "LIVE_STATES",
    "MOVES",
    "WAITING_STATES",
    "AccountKind",
    "AccountState",
    "AlertKind",
    "Applicant",
    "Approval",
    "Bulk",
    "Case",
    "CaseAct",
    "CaseAlert",
    "CaseState",
    "CaseStep",
    "CaseWay",
    "Clocks",
    "Dispute",
    "DisputeKind",
    "DisputeState",
    "Evidence",
    "FollowRun",
    "Judgement",
    "NewAccount",
    "Notice",
    "PayAccount",
    "Spell",
    "StopCause",
    "SuspendCause",
    "Suspension",
    "WrongMove",
    "apply_effects",
    "approve_cases",
    "ask_restart",
    "decide_account",
    "decide_dispute",
    "enter_account",
    "enter_accounts",
    "family_of",
    "follow_places",
    "load_approved_pairs",
    "load_payment_inputs",
    "open_case",
    "open_found_cases",
    "post_notice",
    "prepare_cases",
    "record_spells",
    "refresh_case",
    "refuse_case",
    "resume_case",
    "return_case",
    "see_alerts",
    "stop_case",
    "suspend_case",
    "take_dispute",
    "version_code",
    "why_not_decide",
    "withdraw_case",
]
