"""What invented officers did in the first month of the demo: through the door, like any officer.

Payments and services that no list proves are delivered by hand; without this a demo would show
every one of them as waiting. The shares are made up and only have to look like an office at work.
"""

from collections import defaultdict
from random import Random

from yanglao.domain.leads.public import DeclineReason, LeadKind, LeadState, leads, move_leads
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import Reader

#: Items delivered by hand, with the words an officer notes.
_BY_HAND = {
    "06": "发放名册核对",
    "07": "服务补贴名册核对",
    "08": "改造验收单",
    "09": "发放名册核对",
    "10": "培训签到表",
    "14": "本月已探访",
    "15": "光荣院入住登记",
    "16a": "发放名册核对",
    "16b": "发放名册核对",
}
_ENTITLED = (
    (LeadState.DELIVERED, 0.88),
    (LeadState.CONTACTED, 0.05),
    (LeadState.CONFIRMED, 0.02),
    (LeadState.DECLINED, 0.02),
)
_POSSIBLE = ((LeadState.DECLINED, 0.8), (LeadState.CONTACTED, 0.06))
#: Visits are due soonest, and are nearly all made: the month's rate is to be 100 % (H 6).
_VISITS = "14"
_VISITED = ((LeadState.DELIVERED, 0.985), (LeadState.DECLINED, 0.01))
_VISITS_POSSIBLE = ((LeadState.DECLINED, 0.985), (LeadState.CONTACTED, 0.01))
_REASONS = (DeclineReason.NO_NEED, DeclineReason.HAS_OTHER, DeclineReason.AWAY)

Move = tuple[LeadState, str, str]


def work_a_month(*, acting: Reader, seed: int, report: Progress) -> int:
    """Move most leads on, as officers would have; return how many were moved."""
    chance = Random(seed)  # noqa: S311  reproducible, not secret
    moves: dict[Move, list[int]] = defaultdict(list)
    rows = leads(acting, state="open").order_by("pk").values_list("pk", "item__code", "kind")
    for pk, code, kind in rows.iterator():
        move = _move(chance, code, kind)
        if move:
            moves[move].append(pk)
    moved = 0
    for number, ((state, note, reason), ids) in enumerate(sorted(moves.items()), start=1):
        moved += move_leads(
            ids=ids, to_state=state, acting=acting, note=note, decline_reason=reason
        )
        report(number, len(moves), "")
    return moved


def _move(chance: Random, code: str, kind: str) -> Move | None:
    drawn, note = chance.random(), _BY_HAND.get(code)
    if note is None or kind == LeadKind.AWAITING_LIST:
        return None
    entitled = kind == LeadKind.ENTITLED
    shares: tuple[tuple[LeadState, float], ...]
    if code == _VISITS:
        shares = _VISITED if entitled else _VISITS_POSSIBLE
    else:
        shares = _ENTITLED if entitled else _POSSIBLE
    for state, share in shares:
        if drawn < share:
            if state == LeadState.DELIVERED:
                return (state, note, "")
            if state == LeadState.DECLINED:
                reason = chance.choice(_REASONS) if entitled else DeclineReason.NOT_QUALIFIED
                return (state, "", reason)
            return (state, "", "")
        drawn -= share
    return None
