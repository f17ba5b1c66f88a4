"""What was done on a lead, as dated lines."""

from collections.abc import Iterable, Mapping

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import accounts_in_area
from yanglao.domain.leads.public import DeclineReason, LeadAct, LeadState, LeadStep
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.leads_desk.words import act_words
from yanglao.web.kit.formats import moment
from yanglao.web.kit.parts import Event

_TONES = {
    LeadState.DELIVERED: "success",
    LeadState.DECLINED: "neutral",
    LeadState.LAPSED: "neutral",
}


def step_events(steps: Iterable[LeadStep], reader: Reader) -> list[Event]:
    """Return the steps as a timeline, in the order given; one query for officers' names."""
    found = list(steps)
    ids = {pk for step in found for pk in (step.from_assignee, step.to_assignee) if pk}
    names = dict(accounts_in_area(reader).filter(pk__in=ids).values_list("pk", "display_name"))
    return [_event(step, names) for step in found]


def _event(step: LeadStep, names: Mapping[int, str]) -> Event:
    return Event(
        on=localtime(step.at).date(),
        when=moment(step.at),
        title=_title(step, names),
        text=_text(step),
        source=step.by_name,
        tone=_TONES.get(LeadState(step.to_state), "info") if step.act == LeadAct.MOVE else "plain",
    )


def _title(step: LeadStep, names: Mapping[int, str]) -> str:
    if step.act == LeadAct.MOVE:
        return act_words(step.to_state)
    if step.act in {LeadAct.ASSIGN, LeadAct.BACK}:
        if step.to_assignee is None:
            return str(_("放回本地，等人接手"))
        who = names.get(step.to_assignee) or _("别处的账号")
        return str(_("交给 %(who)s")) % {"who": who}
    if step.act == LeadAct.UNDO:
        back = LeadState(step.to_state).label
        return str(_("撤回上一步，回到“%(state)s”")) % {"state": back}
    if step.act == LeadAct.PROVE:
        return str(_("新名单证明已经送达"))
    return str(LeadAct(step.act).label)


def _text(step: LeadStep) -> str:
    reason = DeclineReason(step.decline_reason).label if step.decline_reason else ""
    return "；".join(str(part) for part in (reason, step.said) if part)
