"""States of a lead, the moves between them, and the frozen rows that queries give."""

from dataclasses import dataclass

from django.db import models


class LeadState(models.TextChoices):
    """Where a lead stands."""

    FOUND = "found", "已发现"
    CONTACTED = "contacted", "已联系"
    CONFIRMED = "confirmed", "本人确认"
    DECLINED = "declined", "本人谢绝"
    DELIVERED = "delivered", "已送达"
    LAPSED = "lapsed", "不再符合"


class LeadKind(models.TextChoices):
    """Why there is a lead."""

    ENTITLED = "entitled", "该享未享"
    POSSIBLE = "possible", "只差信息"
    AWAITING_LIST = "awaiting_list", "等名单"


#: The moves an officer may make. ``lapsed`` is only ever set by the match, and undone by it.
MOVES: dict[str, tuple[str, ...]] = {
    LeadState.FOUND: (
        LeadState.CONTACTED,
        LeadState.CONFIRMED,
        LeadState.DECLINED,
        LeadState.DELIVERED,
    ),
    LeadState.CONTACTED: (
        LeadState.CONFIRMED,
        LeadState.DECLINED,
        LeadState.DELIVERED,
        LeadState.FOUND,
    ),
    LeadState.CONFIRMED: (LeadState.DELIVERED, LeadState.DECLINED, LeadState.CONTACTED),
    LeadState.DECLINED: (LeadState.CONTACTED, LeadState.FOUND),
    LeadState.DELIVERED: (LeadState.CONFIRMED,),
    LeadState.LAPSED: (),
}

OPEN_STATES = (LeadState.FOUND, LeadState.CONTACTED, LeadState.CONFIRMED)


class DeclineReason(models.TextChoices):
    """Why a person does not want the service; free words go beside it."""

    NO_NEED = "no_need", "不需要"
    HAS_OTHER = "has_other", "已享受同类待遇"
    UNWILLING = "unwilling", "不愿意申请"
    AWAY = "away", "长期在外"
    NOT_QUALIFIED = "not_qualified", "核实后不符合"
    OTHER = "other", "其他"


class LeadAct(models.TextChoices):
    """What a step of a lead did. The first three are an officer's, the others the match's."""

    MOVE = "move", "办理"
    ASSIGN = "assign", "分派"
    UNDO = "undo", "撤回"
    KIND = "kind", "情况更新"
    PROVE = "prove", "名单证明"
    LAPSE = "lapse", "不再符合"
    RESTORE = "restore", "重新发现"
    FOLLOW = "follow", "随人迁移"
    BACK = "back", "交还"


@dataclass(frozen=True, slots=True)
class LeadCounts:
    """Leads of an area in numbers, for the workbench.

    Attributes:
        open: Not yet closed: the next three together.
        entitled: Open, the person should have it.
        possible: Open, facts are missing.
        awaiting_list: Open, a department's list is missing.
        due_soon: Open and due within seven days.
        overdue: Open and past the due date.
        new_this_month: Opened since the first of the month.
        delivered_this_month: Delivered since the first of the month.
        contacted: Open, the person has been spoken to (contacted or confirmed).
        unassigned: Open without an officer.
    """

    open: int = 0
    entitled: int = 0
    possible: int = 0
    awaiting_list: int = 0
    due_soon: int = 0
    overdue: int = 0
    new_this_month: int = 0
    delivered_this_month: int = 0
    contacted: int = 0
    unassigned: int = 0


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """Leads of one place in numbers; lapsed ones are not counted."""

    code: str
    open: int
    delivered: int
    declined: int
    total: int


@dataclass(frozen=True, slots=True)
class LeadWork:
    """What a run did to leads, in numbers."""

    opened: int = 0
    updated: int = 0
    delivered: int = 0
    lapsed: int = 0
    restored: int = 0
    followed: int = 0


class WrongMove(ValueError):
    """A move that the table does not allow; the message is for the officer."""


@dataclass(frozen=True, slots=True)
class LeadRule:
    """What an item's catalogue entry means for leads.

    Attributes:
        item_id: The item.
        lead_days: Days from the run to the due date.
        opens: Whether somebody must be carried to; False for what people have by showing a card.
    """

    item_id: int
    lead_days: int
    opens: bool
