"""Steps of a run that one click takes: freeze, finish the checks, submit, send back, cancel."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    Refused,
    cancel_run,
    close_run,
    finish_checks,
    send_back,
    submit_run,
)
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.payments_desk.finding import found_run, reader_of
from yanglao.web.kit.parts import Text
from yanglao.web.kit.screens import screen

Move = Callable[[int, Reader, str], Any]

#: What a button is called in the form, what it does, and what is said then.
_MOVES: dict[str, tuple[Move, Text]] = {
    "checked": (
        lambda pk, who, _why: finish_checks(run_id=pk, acting=who),
        gettext_lazy("核查完成，可以提交了。"),
    ),
    "submit": (
        lambda pk, who, why: submit_run(run_id=pk, acting=who, reason=why),
        gettext_lazy("已提交，等另一位有审批权限的人审批。"),
    ),
    "send_back": (
        lambda pk, who, why: send_back(run_id=pk, acting=who, reason=why),
        gettext_lazy("已退回给经办人。"),
    ),
    "cancel": (
        lambda pk, who, why: cancel_run(run_id=pk, acting=who, reason=why),
        gettext_lazy("已取消。"),
    ),
    "close": (lambda pk, who, _why: close_run(run_id=pk, acting=who), gettext_lazy("已办结。")),
}


@screen(Permission.PREPARE_PAYMENTS, writes=True)
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a run be frozen (again); it is done behind the page."""
    found = found_run(request, pk)
    if request.method != "POST":
        return redirect("payments_desk:run", pk)
    row = defer("freeze_payment_run", reader_of(request), run_id=found.pk)
    return redirect("payments_desk:job", row.pk)


@screen(Permission.SEE_PAYMENTS, writes=True)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one step; the act itself says who may."""
    found_run(request, pk)
    wanted = request.POST.get("move", "")
    if request.method != "POST" or wanted not in _MOVES:
        return redirect("payments_desk:run", pk)
    act, said = _MOVES[wanted]
    try:
        act(pk, reader_of(request), request.POST.get("reason", ""))
    except (Refused, PermissionError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(said))
    return redirect("payments_desk:run", pk)
