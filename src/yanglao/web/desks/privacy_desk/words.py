"""States of requests and grants as badges."""

from datetime import date

from django.utils.translation import gettext as _

from yanglao.domain.access.public import Grant, GrantState
from yanglao.domain.rights.public import RequestState, RightsRequest
from yanglao.kernel.dates import zh_day
from yanglao.web.kit.parts import Status


def request_status(one: RightsRequest, today: date) -> Status:
    """Return where a request stands; what is late stands out."""
    if one.state == RequestState.OPEN:
        if one.due_on < today:
            return Status(_("已超期，应在 %(day)s前答复") % {"day": zh_day(one.due_on)}, "accent")
        return Status(_("%(day)s前答复") % {"day": zh_day(one.due_on)}, "info")
    tones = {
        RequestState.DONE: "success",
        RequestState.PARTLY: "warning",
        RequestState.REFUSED: "neutral",
    }
    return Status(str(one.get_state_display()), tones[RequestState(one.state)])


def grant_status(grant: Grant, today: date) -> Status:
    """Return where a grant stands on a day."""
    if grant.state == GrantState.ASKED:
        return Status(_("等对方批准"), "warning")
    if grant.state == GrantState.REFUSED:
        return Status(_("没有批准"), "neutral")
    if grant.state == GrantState.REVOKED:
        return Status(_("已收回"), "neutral")
    if today < grant.starts_on:
        return Status(_("已批准，还没开始"), "info")
    if today > grant.ends_on:
        return Status(_("已到期"), "neutral")
    return Status(_("正在生效"), "success")
