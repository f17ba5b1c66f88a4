"""Words and tones of cases: one place, so that list, page and sheet say the same."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yanglao.domain.benefits.public import (
    WAITING_STATES,
    AlertKind,
    Case,
    CaseCounts,
    CaseState,
    Dispute,
    DisputeState,
    case_counts,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import zh_day
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.parts import Status, Tab, desk_pages

_TONES = {
    CaseState.OPEN: "info",
    CaseState.PREPARED: "info",
    CaseState.NOTICED: "info",
    CaseState.RETURNED: "warning",
    CaseState.APPROVED: "success",
    CaseState.SUSPENDED: "warning",
    CaseState.STOPPED: "neutral",
    CaseState.REFUSED: "neutral",
    CaseState.WITHDRAWN: "neutral",
}
_ALERT_TONES = {
    AlertKind.BACK: "success",
    AlertKind.AMOUNT: "info",
    AlertKind.UNKNOWN: "warning",
}


def state_status(case: Case, today: date) -> Status:
    """Return the badge of where a case stands; of a notice, whether it is over."""
    state = CaseState(case.state)
    if state == CaseState.NOTICED and case.notice is not None:
        if case.notice.to_on < today:
            return Status(_("公示期满，待审批"), "info")
        return Status(_("公示到 %(day)s") % {"day": zh_day(case.notice.to_on)}, "info")
    if state == CaseState.STOPPED:
        cause = case.get_stop_cause_display()
        return Status(_("停发：%(cause)s") % {"cause": cause}, "neutral")
    if state == CaseState.APPROVED and case.fen is None:
        return Status(_("在享，金额未公布"), "warning")
    return Status(state.label, _TONES[state])


def due_status(due_on: date | None, today: date, *, waits: bool = True) -> Status | None:
    """Return how long there is; ``None`` where no clock runs."""
    if due_on is None or not waits:
        return None
    days = (due_on - today).days
    if days < 0:
        return Status(_("已过期 %(days)d 天") % {"days": -days}, "accent")
    if days == 0:
        return Status(_("今天到期"), "accent")
    return Status(_("还有 %(days)d 天") % {"days": days}, "warning" if days <= 3 else "plain")


def case_due(case: Case, today: date) -> Status | None:
    """Return the clock of a case's step."""
    return due_status(case.due_on, today, waits=case.state in WAITING_STATES)


def answer_status(case: Case) -> Status:
    """Return what the catalogue says of the person."""
    if case.status == "yes":
        return Status(_("符合"), "success")
    if case.status == "possible":
        return Status(_("还缺情况"), "warning")
    return Status(_("不符合"), "neutral")


def alert_status(kind: str) -> Status:
    """Return the badge of what happened."""
    found = AlertKind(kind)
    return Status(found.label, _ALERT_TONES.get(found, "accent"))


def dispute_status(row: Dispute, today: date) -> Status:
    """Return where an objection or appeal stands."""
    if row.state == DisputeState.OPEN:
        return due_status(row.due_on, today) or Status(_("办理中"), "info")
    tone = "success" if row.state == DisputeState.UPHELD else "neutral"
    return Status(DisputeState(row.state).label, tone)


def money_words(fen: int | None) -> str:
    """Return a month's money, or that it is not published."""
    return _("金额未公布") if fen is None else _("%(yuan)s 元/月") % {"yuan": format_yuan(fen)}


def evidence_source(source: str, since: str) -> str:
    """Return where a fact stands and from when on it holds."""
    parts = [source, _("自 %(day)s") % {"day": since} if since else ""]
    return " · ".join(part for part in parts if part)


def desk_tabs(request: HttpRequest, current: str, counts: CaseCounts | None = None) -> list[Tab]:
    """Return the pages of the desk with how much waits on each."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    counts = counts or case_counts(reader, clock.today())
    waiting = sum(counts.by_state.get(state, 0) for state in WAITING_STATES)
    pages = (
        ("cases", _("个案"), waiting),
        ("found", _("免申即享"), None),
        ("alerts", _("情况变动"), counts.alerts),
        ("notices", _("公示"), counts.by_state.get(CaseState.NOTICED, 0)),
        ("disputes", _("异议和复核"), counts.disputes),
        ("accounts", _("收款账户"), counts.accounts),
    )
    return desk_pages("benefits_desk", pages, current)
