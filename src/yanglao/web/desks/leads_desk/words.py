"""Words and tones of leads: one place, so that list, page and sheet say the same."""

import re
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.leads.public import LeadKind, LeadState
from yanglao.kernel.dates import zh_day
from yanglao.web.kit.parts import Status

_STATE_TONES = {
    LeadState.FOUND: "plain",
    LeadState.CONTACTED: "info",
    LeadState.CONFIRMED: "info",
    LeadState.DECLINED: "neutral",
    LeadState.DELIVERED: "success",
    LeadState.LAPSED: "neutral",
}

_KIND_TONES = {
    LeadKind.ENTITLED: "accent",
    LeadKind.POSSIBLE: "warning",
    LeadKind.AWAITING_LIST: "info",
}

#: What an officer says he did, for each state a lead can move to.
_ACTS = {
    LeadState.FOUND: gettext_lazy("退回到“已发现”"),
    LeadState.CONTACTED: gettext_lazy("联系上了"),
    LeadState.CONFIRMED: gettext_lazy("本人确认要办"),
    LeadState.DECLINED: gettext_lazy("本人谢绝"),
    LeadState.DELIVERED: gettext_lazy("已经送达"),
}

#: Conditions of whom a list serves at all; they stand last in a reason.
_COMMON = re.compile(r"(健在|户籍地|常住地)")

#: From this many days before the due date on, a lead is pressing.
PRESSING_DAYS = 3


def state_status(state: str) -> Status:
    """Return the badge of a state."""
    found = LeadState(state)
    return Status(found.label, _STATE_TONES[found])


def kind_status(kind: str) -> Status:
    """Return the badge of a kind."""
    found = LeadKind(kind)
    return Status(found.label, _KIND_TONES[found])


def act_words(state: str) -> str:
    """Return what an officer says he did to bring a lead to ``state``."""
    return str(_ACTS[LeadState(state)])


def due_status(due_on: date, closed_on: date | None, today: date) -> Status:
    """Return the due date as a badge: late and pressing leads stand out."""
    if closed_on is not None:
        return Status(_("%(day)s办结") % {"day": zh_day(closed_on)}, "plain")
    days = (due_on - today).days
    if days < 0:
        return Status(_("已过期 %(days)d 天") % {"days": -days}, "accent")
    if days == 0:
        return Status(_("今天到期"), "accent")
    words = _("还有 %(days)d 天") % {"days": days}
    return Status(words, "warning" if days <= PRESSING_DAYS else "plain")


def why_words(reason: str, *, whole: bool = False) -> str:
    """Return a reason for a line that names the item already.

    Of a possible answer (``可能符合 高龄津贴，缺：常住地``) the missing part is left. Of a yes,
    what is true of nearly everybody on the list (alive, living here) is left out unless ``whole``.
    """
    _item, mark, missing = reason.partition("，缺：")
    if mark:
        return str(_("缺 %(missing)s") % {"missing": missing})
    if whole:
        return reason
    parts = reason.split("；")
    telling = [part for part in parts if not _COMMON.match(part)]
    return "；".join(telling or parts)
