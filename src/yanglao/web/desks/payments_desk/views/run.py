"""One run: where it stands, what is in it, what is next; and the page on which it is approved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.public import (
    MonthSum,
    PaymentRun,
    Refused,
    RunState,
    approve_run,
    claims_of_run,
    files_of_run,
    finding_counts,
    month_before,
    payment_states,
    recusals_of,
    returns_of_run,
    steps_of,
    took_part,
    trial_balance,
)
from yanglao.flows.explain_payments import benefit_names, unverified_rules
from yanglao.foundation import clock, progress
from yanglao.foundation.jobs import jobs_of_area, under_way
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader
from yanglao.kernel.money import format_yuan
from yanglao.web.desks.payments_desk.charts import by_benefit_chart, reasons_chart
from yanglao.web.desks.payments_desk.finding import found_run, reader_of, trail_of
from yanglao.web.desks.payments_desk.forms import FileForm, ReasonForm
from yanglao.web.desks.payments_desk.steps import ladder, step_events
from yanglao.web.desks.payments_desk.views.recompute import JOB as RECOMPUTE
from yanglao.web.desks.payments_desk.views.recusal import own_of
from yanglao.web.desks.payments_desk.words import (
    benefit_words,
    file_status,
    payment_status,
    run_status,
    title_of,
    yuan,
)
from yanglao.web.kit.parts import Stat
from yanglao.web.kit.screens import is_part, screen

#: What is done behind the page: its heading.
_JOBS = {
    "freeze_payment_run": gettext_lazy("正在冻结名单"),
    "make_payment_file": gettext_lazy("正在生成银行文件"),
    "recompute_payment_run": gettext_lazy("正在重算核对"),
}


@screen(Permission.SEE_PAYMENTS)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one run."""
    found = found_run(request, pk)
    reader = reader_of(request)
    working = next((job for name in _JOBS if (job := under_way(name, reader))), None)
    states = payment_states(reader, found)
    context = {
        **_context(request, found),
        "working": working,
        "states": [
            (payment_status(state), number, fen) for state, (number, fen) in sorted(states.items())
        ],
        "ladder": ladder(found),
        "events": step_events(list(steps_of(found)[:40])),
        "files": [(file, file_status(file.state)) for file in files_of_run(found)],
        "returned": list(returns_of_run(found)),
        "reason_form": ReasonForm(auto_id="move-%s"),
        "file_form": FileForm(),
        "owes": bool({"owed", "failed"} & set(states)),
        "failed": states.get("failed", (0, 0))[0],
        "own": took_part(found, acting=reader),
        "recusals": _recusals(found, reader),
    }
    return render(request, "payments_desk/run.html", context)


@screen(Permission.APPROVE_PAYMENTS, writes=True)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an approval changes; on POST approve."""
    found = found_run(request, pk)
    reader = reader_of(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            approve_run(
                run_id=pk, acting=reader, as_of=clock.today(), reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已审批并入账。下一步：生成银行文件。"))
        return redirect("payments_desk:run", pk)
    context = {
        **_context(request, found),
        "trail": trail_of(found, _("审批")),
        "form": form,
        "own": took_part(found, acting=reader),
        "family": own_of(found, reader) if found.state == RunState.SUBMITTED else None,
        "waits": found.state == RunState.SUBMITTED,
        "claims": list(claims_of_run(reader, pk)[:10]),
        "effects": _effects(found),
    }
    return render(request, "payments_desk/approve.html", context)


@screen(Permission.SEE_PAYMENTS)
def job(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show how far freezing or the bank's file is; htmx asks again every second."""
    reader = reader_of(request)
    row = jobs_of_area(reader).filter(pk=pk, name__in=_JOBS).first()
    if row is None:
        raise Http404(_("没有这个任务。"))
    leads_to = "recomputed" if row.name == RECOMPUTE else "run"
    target = reverse(f"payments_desk:{leads_to}", args=[row.arguments["run_id"]])
    if row.state == Job.State.DONE:
        left = row.outcome.get("left_out", 0)
        if left:
            messages.warning(
                request, _("有 %(n)d 笔还没有可用的新账户，没有放进文件。") % {"n": left}
            )
        if not is_part(request):
            return redirect(target)
        return HttpResponse(headers={"HX-Redirect": target})
    state = progress.read(pk)
    context = {
        "heading": _JOBS[row.name],
        "done": state.done if state else 0,
        "total": state.total if state else 0,
        "what": state.what if state else _("等待开始"),
        "seconds": state.seconds_left if state else None,
        "not_running": row.state not in {Job.State.WAITING, Job.State.RUNNING},
        "failed": row.state == Job.State.FAILED,
        "why": row.error.split("\n")[0],
        "poll_url": reverse("payments_desk:job", args=[pk]),
        "target": target,
        "trail": trail_of(None, _("后台任务")),
    }
    template = "payments_desk/parts/job.html" if is_part(request) else "payments_desk/job.html"
    return render(request, template, context)


def _recusals(found: PaymentRun, reader: Reader) -> int:
    """Count the people about whom another approver waits for the reader's word."""
    if found.state != RunState.SUBMITTED or not reader.can(Permission.APPROVE_PAYMENTS):
        return 0
    return recusals_of(found).filter(agreed=None).exclude(asked_by_id=reader.user_id or 0).count()


def _context(request: HttpRequest, found: PaymentRun) -> dict[str, Any]:
    """Return what the page of a run and that of its approval both show."""
    reader = reader_of(request)
    before = month_before(reader, found)
    names = benefit_names(found.region_code)
    findings = finding_counts(reader, found)
    waiting = sum(row["number"] for row in findings if row["stops"] and not row["decision"])
    balance = trial_balance(reader, run=found)
    return {
        "run": found,
        "title": title_of(found),
        "status": run_status(found.state),
        "benefits": benefit_words(found),
        "trail": trail_of(found),
        "stats": _stats(found, before, waiting),
        "charts": [
            one for one in (reasons_chart(found), by_benefit_chart(found, before, names)) if one
        ],
        "waiting": waiting,
        "can_prepare": reader.can(Permission.PREPARE_PAYMENTS),
        "can_approve": reader.can(Permission.APPROVE_PAYMENTS),
        "balanced": sum(row.balance for row in balance) == 0,
        "unverified": unverified_rules(found.region_code),
    }


def _stats(found: PaymentRun, before: MonthSum | None, waiting: int) -> list[Stat]:
    told = found.figures
    if not told:
        return []
    out = found.out_fen
    note = _("上月没有同样的批次")
    if before is not None:
        more = out - before.out_fen
        note = _("和上月一样多")
        if more:
            words = _("比上月多 %(yuan)s") if more > 0 else _("比上月少 %(yuan)s")
            note = words % {"yuan": yuan(abs(more))}
    url = reverse("payments_desk:findings", args=[found.pk])
    return [
        Stat(_("本批要发"), format_yuan(out), unit=_("元"), note=note),
        Stat(
            _("人数"), told["people"], note=_("%(n)d 笔") % {"n": told["payments"] - told["held"]}
        ),
        Stat(
            _("暂缓"),
            told["held"],
            note=yuan(told["held_fen"]),
            url=url,
            tone="accent" if waiting else "",
        ),
        Stat(
            _("因不能并领没有发"),
            format_yuan(told["saved_fen"]),
            unit=_("元"),
            url=reverse("payments_desk:choices", args=[found.pk]),
        ),
        Stat(
            _("追缴扣回"),
            format_yuan(told["withheld_fen"]),
            unit=_("元"),
            note=_("新发现多发 %(n)d 笔，%(yuan)s")
            % {"n": told["claims"], "yuan": yuan(told["claimed_fen"])},
        ),
    ]


def _effects(found: PaymentRun) -> list[str]:
    """Say what happens when it is approved."""
    told = found.figures
    if not told:
        return []
    out = found.out_fen
    lines = [
        _("%(people)d 人的 %(n)d 笔待遇记为应付，共 %(yuan)s")
        % {
            "people": told["people"],
            "n": told["payments"] - told["held"],
            "yuan": yuan(out + told["withheld_fen"]),
        }
    ]
    if told["withheld_fen"]:
        lines.append(_("从中扣回以前多发的 %(yuan)s") % {"yuan": yuan(told["withheld_fen"])})
    if told["held"]:
        lines.append(
            _("%(n)d 笔暂缓不发（%(yuan)s），查清后随以后月份补发")
            % {"n": told["held"], "yuan": yuan(told["held_fen"])}
        )
    if told["claims"]:
        lines.append(
            _("%(n)d 笔多发的 %(yuan)s 立为追缴")
            % {"n": told["claims"], "yuan": yuan(told["claimed_fen"])}
        )
    lines.append(_("审批以后不能取消；发错的只能追缴。"))
    return lines
