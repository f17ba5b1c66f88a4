"""States of a lead and the moves between them."""

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
