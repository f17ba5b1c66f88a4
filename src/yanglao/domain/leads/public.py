"""Leads: from found to delivered, with an officer and a due date.

A lead is a person who should have (or may have) an item and has it not yet. The match opens leads,
proves them delivered by the next list, and lets them lapse; officers move the rest by the table
``MOVES``. Every step is kept with who made it.
"""

from yanglao.domain.leads.actions.follow import (
    Occasion,
    PossibleLeads,
    Prove,
    open_and_close,
    sort_awaiting,
)
from yanglao.domain.leads.actions.moving import lay_leads, put_leads_back
from yanglao.domain.leads.actions.work import (
    assign_leads,
    hand_back,
    move_lead,
    move_leads,
    undo_last_step,
)
from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.domain.leads.queries import (
    get_lead,
    in_area,
    lead_counts,
    leads,
    leads_of,
    moves_of,
    open_lead_of,
    progress_by_place,
    pulled_leads,
    steps_of,
    work_of_officers,
)
from yanglao.domain.leads.types import (
    MOVES,
    OPEN_STATES,
    DeclineReason,
    LeadAct,
    LeadCounts,
    LeadKind,
    LeadRule,
    LeadState,
    LeadWork,
    ProgressRow,
    WrongMove,
)

__all__ = [
    "MOVES",
    "OPEN_STATES",
    "DeclineReason",
    "Lead",
    "LeadAct",
    "LeadCounts",
    "LeadKind",
    "LeadRule",
    "LeadState",
    "LeadStep",
    "LeadWork",
    "Occasion",
    "PossibleLeads",
    "ProgressRow",
    "Prove",
    "WrongMove",
    "assign_leads",
    "get_lead",
    "hand_back",
    "in_area",
    "lay_leads",
    "lead_counts",
    "leads",
    "leads_of",
    "move_lead",
    "move_leads",
    "moves_of",
    "open_and_close",
    "open_lead_of",
    "progress_by_place",
    "pulled_leads",
    "put_leads_back",
    "sort_awaiting",
    "steps_of",
    "undo_last_step",
    "work_of_officers",
]
