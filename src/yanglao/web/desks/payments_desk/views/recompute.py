"""重算核对: a run computed again from its sealed input, and what came of it each time."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import people_by_ids
from yanglao.domain.settlement.public import RunState, RunStep, steps_of
from yanglao.flows.explain_payments import benefit_names, named
from yanglao.flows.recompute_month import Gap, gaps_of
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer, under_way
from yanglao.foundation.scoping import Reader
from yanglao.kernel.money import format_yuan
from yanglao.web.desks.payments_desk.finding import found_run, reader_of, trail_of
from yanglao.web.desks.payments_desk.words import month_title, title_of
from yanglao.web.kit.parts import Stat, Status
from yanglao.web.kit.screens import screen

JOB = "recompute_payment_run"
_WHERE = {
    "line": gettext_lazy("明细"),
    "payment": gettext_lazy("款项"),
    "entry": gettext_lazy("入账"),
}


@dataclass(frozen=True, slots=True)
class GapLine:
    """A difference in words."""

    name: str
    what: str
    computed: str
    stored: str


@screen(Permission.SEE_PAYMENTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the last recomputation said, and those before it."""
    run = found_run(request, pk)
    reader = reader_of(request)
    steps = list(steps_of(run).filter(act="recomputed")[:20])
    last = steps[0] if steps else None
    context = {
        "run": run,
        "title": title_of(run),
        "trail": trail_of(run, _("重算核对")),
        "can": bool(run.snapshot) and run.state != RunState.CANCELLED,
        "working": under_way(JOB, reader),
        "last": last,
        "day": clock.day_of(last.at) if last else None,
        "stats": _stats(last.detail) if last else [],
        "gaps": _gaps(last, run.region_code, reader) if last else [],
        "before": [(clock.day_of(one.at), one.by_name, result_status(one)) for one in steps[1:]],
    }
    return render(request, "payments_desk/recompute.html", context)


@screen(Permission.SEE_PAYMENTS, writes=True)
def recompute(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a run be computed again; it is done behind the page."""
    found = found_run(request, pk)
    if request.method != "POST" or not found.snapshot:
        return redirect("payments_desk:recomputed", pk)
    row = defer("recompute_payment_run", reader_of(request), run_id=found.pk)
    return redirect("payments_desk:job", row.pk)


def result_status(step: RunStep) -> Status:
    """Return the badge of a recomputation."""
    return Status(_("完全一致"), "success") if step.detail["same"] else Status(_("不一致"), "error")


def _stats(told: dict[str, Any]) -> list[Stat]:
    broken = len(told["broken_files"])
    return [
        Stat(_("重算的明细"), told["lines"], unit=_("行")),
        Stat(
            _("与存下的不一致"), told["gaps"], unit=_("处"), tone="accent" if told["gaps"] else ""
        ),
        Stat(
            _("输入和规定"),
            _("与冻结时相同") if told["same_input"] else _("与冻结时不同"),
            tone="" if told["same_input"] else "accent",
        ),
        Stat(
            _("银行文件"),
            told["files"],
            unit=_("个"),
            note=_("%(n)d 个字节不符") % {"n": broken} if broken else _("逐字节相同"),
            tone="accent" if broken else "",
        ),
    ]


def _gaps(step: RunStep, region: str, reader: Reader) -> list[GapLine]:
    found = gaps_of(step)
    names = people_by_ids(reader, {one.person_id for one in found})
    benefits = benefit_names(region)
    return [
        GapLine(
            str(names[one.person_id].name) if one.person_id in names else f"{one.person_id}",
            _what(one, named([one.benefit], benefits)),
            _yuan(one.computed),
            _yuan(one.stored),
        )
        for one in found
    ]


def _what(gap: Gap, benefit: str) -> str:
    parts = [str(_WHERE.get(gap.where, gap.where)), benefit]
    if gap.month is not None:
        parts.append(month_title(gap.month))
    return " · ".join(parts)


def _yuan(fen: int | None) -> str:
    return _("没有") if fen is None else format_yuan(fen)
