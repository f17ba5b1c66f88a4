"""One case: the facts it rests on, the money, who did what, and what can be done next."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, person_of_account
from yanglao.domain.benefits.public import (
    MOVES,
    Case,
    CaseAct,
    CaseState,
    why_not_decide,
)
from yanglao.domain.people.public import family_of
from yanglao.flows.show_benefit_case import CaseFile, show_case
from yanglao.flows.show_benefit_file import money_of_person
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.lines import lines_of
from yanglao.web.desks.benefits_desk.words import alert_status, dispute_status, evidence_source
from yanglao.web.kit.parts import Crumb, Event, Fact
from yanglao.web.kit.screens import screen


@dataclass(frozen=True, slots=True)
class NextAct:
    """A button: what it does, its address, how it looks."""

    code: str
    text: str
    url: str
    tone: str = ""
    icon: str = ""


@screen(Permission.SEE_BENEFITS, leaves_trace=True)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one case; that it was opened is on record."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    try:
        file = show_case(reader, pk, today)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    line = lines_of([file.case], today)[0]
    context: dict[str, Any] = {
        "file": file,
        "case": file.case,
        "line": line,
        "judged": file.judged,
        "facts": _facts(file),
        "steps": [_event(step) for step in file.steps],
        "acts": next_acts(file, reader),
        "why_not": _why_not(file, reader),
        "no_own_file": _no_own_file(reader),
        "disputes": [(row, dispute_status(row, today)) for row in file.disputes],
        "alerts": [(row, alert_status(row.kind)) for row in file.alerts],
        "money": money_of_person(reader, file.case.person_id, file.case.place_code),
        "can_account": reader.can(Permission.ASK_BENEFITS),
        "trail": [Crumb(_("待遇办理"), reverse("benefits_desk:cases")), Crumb(line.name)],
    }
    return render(request, "benefits_desk/case.html", context)


def _facts(file: CaseFile) -> list[Fact]:
    return [
        Fact(
            one.label,
            one.value or None,
            evidence_source(one.source, one.on),
        )
        for one in file.evidence
    ]


_EVENT_TONES = {
    CaseAct.APPROVE: "success",
    CaseAct.BACK: "success",
    CaseAct.RESUME: "success",
    CaseAct.REFUSE: "error",
    CaseAct.STOP: "error",
    CaseAct.EFFECT: "error",
    CaseAct.SUSPEND: "warning",
    CaseAct.RETURN: "warning",
}


def _event(step: Any) -> Event:
    return Event(
        on=clock.day_of(step.at),
        title=str(CaseAct(step.act).label),
        text=step.words,
        source=step.by_name,
        tone=_EVENT_TONES.get(CaseAct(step.act), "plain"),
    )


#: Act of the page -> (act of the table, permission, tone, icon).
ACTS: dict[str, tuple[CaseAct | None, Permission, str, str]] = {
    "prepare": (CaseAct.PREPARE, Permission.PREPARE_BENEFITS, "btn-primary", "check"),
    "post": (CaseAct.NOTICE, Permission.PREPARE_BENEFITS, "btn-primary", "megaphone"),
    "approve": (CaseAct.APPROVE, Permission.APPROVE_BENEFITS, "btn-primary", "check-check"),
    "return": (CaseAct.RETURN, Permission.PREPARE_BENEFITS, "", "undo-2"),
    "refuse": (CaseAct.REFUSE, Permission.APPROVE_BENEFITS, "", "x"),
    "withdraw": (CaseAct.WITHDRAW, Permission.ASK_BENEFITS, "", "user-x"),
    "refresh": (None, Permission.ASK_BENEFITS, "", "refresh-cw"),
    "suspend": (CaseAct.SUSPEND, Permission.PREPARE_BENEFITS, "", "pause"),
    "resume": (CaseAct.RESUME, Permission.APPROVE_BENEFITS, "btn-primary", "play"),
    "stop": (CaseAct.STOP, Permission.APPROVE_BENEFITS, "", "circle-stop"),
    "restart": (CaseAct.RESTART, Permission.PREPARE_BENEFITS, "", "rotate-ccw"),
    "object": (None, Permission.ASK_BENEFITS, "", "message-square-warning"),
    "appeal": (None, Permission.ASK_BENEFITS, "", "scale"),
}
_OTHER_STATES = {
    "refresh": {CaseState.OPEN, CaseState.RETURNED},
    "object": {CaseState.NOTICED},
    "appeal": {
        CaseState.REFUSED,
        CaseState.STOPPED,
        CaseState.SUSPENDED,
        CaseState.APPROVED,
    },
}


def act_words(act: str) -> str:
    """Return what a button of the page says."""
    return {
        "prepare": _("初审同意"),
        "post": _("公示"),
        "approve": _("审批同意"),
        "return": _("退回补正"),
        "refuse": _("不予批准"),
        "withdraw": _("本人撤回"),
        "refresh": _("重新取证"),
        "suspend": _("暂停"),
        "resume": _("恢复发放"),
        "stop": _("停发"),
        "restart": _("申请重新发放"),
        "object": _("登记异议"),
        "appeal": _("登记复核申请"),
    }[act]


def next_acts(file: CaseFile, reader: Reader) -> list[NextAct]:
    """Return the acts that the table, the role and the clocks allow now."""
    return [
        NextAct(
            code,
            act_words(code),
            reverse("benefits_desk:act", args=[file.case.pk, code]),
            tone,
            icon,
        )
        for code, (move, permission, tone, icon) in ACTS.items()
        if reader.can(permission) and _possible(code, move, file.case)
    ]


def _possible(code: str, move: CaseAct | None, case: Case) -> bool:
    if move is None:
        return case.state in _OTHER_STATES[code]
    if case.state not in MOVES[move][0]:
        return False
    if code == "prepare":
        return case.status == "yes"
    if code == "post":
        return case.approved_on is None
    if code == "approve":
        notice = case.notice
        return notice is not None and notice.to_on < clock.today()
    return True


def _why_not(file: CaseFile, reader: Reader) -> str:
    """Say why the reader may not approve a case that waits for it."""
    waits = file.case.state in {CaseState.NOTICED, CaseState.PREPARED}
    if not waits or not reader.can(Permission.APPROVE_BENEFITS):
        return ""
    return why_not_decide(file.case, reader, family_of(reader.user_id))


def _no_own_file(reader: Reader) -> bool:
    """Whether the reader decides and has not said who he is."""
    if not reader.can(Permission.PREPARE_BENEFITS) or reader.user_id is None:
        return False
    return person_of_account(reader.user_id) is None
