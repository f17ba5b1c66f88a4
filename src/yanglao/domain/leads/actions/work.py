"""What officers do with leads. Every step is recorded, in bulk like one by one."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from yanglao.domain.accounts.public import officers_of_area
from yanglao.domain.entitlements.public import tell_delivered, untell_delivered
from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.domain.leads.types import (
    MOVES,
    OPEN_STATES,
    DeclineReason,
    LeadAct,
    LeadState,
    WrongMove,
)
from yanglao.foundation import audit, clock, outbox
from yanglao.foundation.scoping import Reader, system_reader, within_area
from yanglao.kernel.hiding import hide_numbers
from yanglao.kernel.whole_words import whole

_BY_HAND = "人工登记"
#: Ids named in one event; whoever wants all of them asks the API.
_IDS_TOLD = 500
_LONGEST_NOTE = 300


def move_lead(
    *,
    lead_id: int,
    to_state: str,
    acting: Reader,
    note: str = "",
    decline_reason: str = "",
) -> Lead:
    """Move one lead; see :func:`move_leads`.

    Raises:
        Lead.DoesNotExist: When it lies outside the acting officer's area.
        WrongMove: When the table does not allow the move, or a decline has no reason.
    """
    with transaction.atomic():
        lead = within_area(Lead.objects.all(), acting).get(pk=lead_id)
        if to_state not in MOVES[LeadState(lead.state)]:
            raise WrongMove(_refusal(lead.state, to_state))
        moved = move_leads(
            ids=[lead_id],
            to_state=to_state,
            acting=acting,
            note=note,
            decline_reason=decline_reason,
        )
        if not moved:
            raise WrongMove(_refusal(lead.state, to_state))
    lead.refresh_from_db()
    return lead


@transaction.atomic
def move_leads(
    *,
    ids: Iterable[int],
    to_state: str,
    acting: Reader,
    note: str = "",
    decline_reason: str = "",
) -> int:
    """Move many leads in a fixed number of queries; return how many were moved.

    Leads outside the acting officer's area and leads that may not make this move stay as they are.

    Raises:
        WrongMove: For an unknown state, or a decline without a reason.
    """
    state = _checked_state(to_state, decline_reason)
    allowed = [origin for origin, targets in MOVES.items() if state in targets]
    rows = within_area(Lead.objects.select_for_update(of=("self",)), acting)
    found = list(rows.filter(pk__in=list(ids), state__in=allowed).order_by("id"))
    if not found:
        return 0
    today = clock.today()
    closed = None if state in OPEN_STATES else today
    reason = decline_reason if state == LeadState.DECLINED else ""
    note = whole(note, _LONGEST_NOTE, WrongMove)
    proof = f"{_BY_HAND}：{hide_numbers(note)}"[:200] if note else _BY_HAND
    Lead.objects.filter(pk__in=[lead.pk for lead in found]).update(
        state=state,
        closed_on=closed,
        decline_reason=reason,
        proof=proof if state == LeadState.DELIVERED else "",
    )
    _record(
        found,
        acting,
        LeadAct.MOVE,
        to_state=state,
        decline_reason=reason,
        note=note,
    )
    _tell(found, state, acting)
    audit.record(
        acting,
        "leads_moved",
        subject="lead",
        subject_id=found[0].pk if len(found) == 1 else "",
        place_code=found[0].place_code if len(found) == 1 else acting.area,
        detail={"count": len(found), "to": str(state)},
    )
    _tell_others(found, str(state))
    return len(found)


def _tell_others(found: Sequence[Lead], state: str) -> None:
    """Let other systems know, one event a county: whoever listens hears of his own place only."""
    by_county: dict[str, list[int]] = {}
    for lead in found:
        by_county.setdefault(lead.place_code[:6].ljust(12, "0"), []).append(lead.pk)
    for county, ids in sorted(by_county.items()):
        outbox.append(
            "lead_moved",
            place_code=found[0].place_code if len(found) == 1 else county,
            to=state,
            count=len(ids),
            leads=ids[:_IDS_TOLD],
        )


def _tell(found: Sequence[Lead], state: str, acting: Reader) -> None:
    """Let counts know what officers say: who has it now, and who has it not after all."""
    if state == LeadState.DELIVERED:
        tell_delivered(pairs=[(lead.person_id, lead.item_id) for lead in found], acting=acting)
        return
    back = [(one.person_id, one.item_id) for one in found if one.state == LeadState.DELIVERED]
    if back:
        untell_delivered(pairs=back, acting=acting)


def _checked_state(to_state: str, decline_reason: str) -> LeadState:
    if to_state not in LeadState.values or to_state == LeadState.LAPSED:
        raise WrongMove(f"没有“{to_state}”这一步。")
    if to_state == LeadState.DECLINED and decline_reason not in DeclineReason.values:
        raise WrongMove("谢绝要选择原因。")
    return LeadState(to_state)


def _refusal(from_state: str, to_state: str) -> str:
    """Say in Chinese why a move is not possible."""
    origin = LeadState(from_state).label
    if to_state not in LeadState.values:
        return f"没有“{to_state}”这一步。"
    ways = "、".join(str(LeadState(state).label) for state in MOVES[LeadState(from_state)])
    rest = f"现在可以转到：{ways}。" if ways else "这样的线索只由比对重新打开。"
    return f"“{origin}”不能直接转到“{LeadState(to_state).label}”。{rest}"


@transaction.atomic
def assign_leads(
    *, ids: Iterable[int], assignee_id: int | None, acting: Reader, note: str = ""
) -> int:
    """Give open leads to an officer, or to nobody; return how many changed hands.

    Raises:
        WrongMove: When the officer is closed, works no leads, or does not belong to the acting
            officer's area.
    """
    area = acting.area
    if assignee_id is not None:
        officer = officers_of_area(acting).filter(pk=assignee_id).first()
        if officer is None:
            raise WrongMove("这个账号不在您的辖区内，或者不办理线索，不能分派给他。")
        area = officer.area_code
    rows = within_area(Lead.objects.select_for_update(of=("self",)), acting)
    rows = within_area(rows, system_reader(area))
    wanted = rows.filter(pk__in=list(ids), state__in=OPEN_STATES).order_by("id")
    found = [lead for lead in wanted if lead.assignee_id != assignee_id]
    if not found:
        return 0
    Lead.objects.filter(pk__in=[lead.pk for lead in found]).update(assignee_id=assignee_id)
    note = whole(note, _LONGEST_NOTE, WrongMove)
    _record(found, acting, LeadAct.ASSIGN, to_assignee=assignee_id, note=note)
    audit.record(
        acting,
        "leads_assigned",
        subject="lead",
        subject_id=found[0].pk if len(found) == 1 else "",
        place_code=found[0].place_code if len(found) == 1 else acting.area,
        detail={"count": len(found), "assignee": assignee_id},
    )
    return len(found)


@transaction.atomic
def undo_last_step(*, lead_id: int, acting: Reader) -> Lead:
    """Take back the last step of a lead, if an officer made it; the taking back is a step too.

    Raises:
        Lead.DoesNotExist: When it lies outside the acting officer's area.
        WrongMove: When there is nothing to take back.
    """
    rows = within_area(Lead.objects.select_for_update(of=("self",)), acting)
    lead = rows.get(pk=lead_id)
    last = lead.steps.order_by("-id").first()
    if last is None or last.act not in {LeadAct.MOVE, LeadAct.ASSIGN}:
        raise WrongMove("没有可以撤回的操作。")
    before = (lead.state, lead.assignee_id)
    if last.act == LeadAct.ASSIGN:
        lead.assignee_id = last.from_assignee
    else:
        _tell([lead], last.from_state, acting)
        _back_to(lead, LeadState(last.from_state), last)
    lead.save(update_fields=["state", "closed_on", "decline_reason", "proof", "assignee"])
    if last.act == LeadAct.MOVE:
        _tell_others([lead], str(lead.state))
    LeadStep.objects.create(
        lead=lead,
        at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name,
        act=LeadAct.UNDO,
        from_state=before[0],
        to_state=lead.state,
        from_assignee=before[1],
        to_assignee=lead.assignee_id,
    )
    audit.record(
        acting,
        "lead_step_undone",
        subject="lead",
        subject_id=lead.pk,
        place_code=lead.place_code,
        detail={"act": last.act, "from": before[0], "to": lead.state},
    )
    return lead


def _back_to(lead: Lead, state: LeadState, last: LeadStep) -> None:
    """Put a lead back into a state, with the day, reason and proof that belonged to it."""
    lead.state = state
    lead.closed_on, lead.decline_reason, lead.proof = None, "", ""
    if state in OPEN_STATES:
        return
    came = lead.steps.filter(to_state=state, id__lt=last.pk).order_by("-id").first()
    lead.closed_on = came.at.astimezone(clock.BEIJING).date() if came else clock.today()
    if came and state == LeadState.DECLINED:
        lead.decline_reason = came.decline_reason
    if came and state == LeadState.DELIVERED:
        lead.proof = hide_numbers(came.said)[:200] or _BY_HAND


@transaction.atomic
def hand_back(*, account_id: int, acting: Reader, note: str = "") -> int:
    """Take every open lead from an officer who leaves; they wait at their places for another.

    Returns:
        How many went back.
    """
    rows = within_area(Lead.objects.select_for_update(of=("self",)), acting)
    found = list(rows.filter(assignee_id=account_id, state__in=OPEN_STATES).order_by("id"))
    if not found:
        return 0
    Lead.objects.filter(pk__in=[lead.pk for lead in found]).update(assignee=None)
    note = whole(note, _LONGEST_NOTE, WrongMove) or "账号停用，线索交还"
    _record(found, acting, LeadAct.BACK, to_assignee=None, note=note)
    audit.record(
        acting,
        "leads_handed_back",
        subject="account",
        subject_id=account_id,
        place_code=acting.area,
        detail={"count": len(found)},
    )
    return len(found)


def _record(
    found: Sequence[Lead],
    acting: Reader,
    act: LeadAct,
    *,
    to_state: str | None = None,
    to_assignee: int | None = None,
    decline_reason: str = "",
    note: str = "",
) -> None:
    """Write a step for each lead as it was before the change, in one query."""
    at = clock.now()
    hands = act in {LeadAct.ASSIGN, LeadAct.BACK}
    LeadStep.objects.bulk_create(
        [
            LeadStep(  # type: ignore[misc]  # words lie in the envelope
                lead=lead,
                at=at,
                by_id=acting.user_id,
                by_name=acting.name,
                act=act,
                from_state=lead.state,
                to_state=to_state or lead.state,
                from_assignee=lead.assignee_id,
                to_assignee=to_assignee if hands else lead.assignee_id,
                decline_reason=decline_reason,
                words=note,
            )
            for lead in found
        ],
        batch_size=1000,
    )
