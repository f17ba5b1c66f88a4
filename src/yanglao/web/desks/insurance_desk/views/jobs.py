"""What is counted over everybody runs in the background: how far it is, and what it made."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.foundation import progress
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.models import Job
from yanglao.web.desks.insurance_desk.words import page, reader_of
from yanglao.web.kit.screens import is_part, screen


@dataclass(frozen=True, slots=True)
class Kind:
    """A job of the desk: its section and heading, what it counts in, where it leads, what it says.

    ``refused`` names what of the outcome could not be done, a line each.
    """

    section: str
    heading: str | Promise
    unit: str | Promise
    leads_to: Callable[[Job], str]
    said: str | Promise
    refused: str = ""


def _settlements(row: Job) -> str:
    return f"{reverse('insurance_desk:settlements')}?month={row.arguments['month'][:7]}"


_KINDS = {
    "settle_insurance_month": Kind(
        "settlements",
        gettext_lazy("正在核对一个月的服务记录"),
        gettext_lazy("家"),
        _settlements,
        gettext_lazy("核对完成：%(statements)d 张结算单等您核对。"),
        refused="refused",
    ),
    "enrol_insured": Kind(
        "insured",
        gettext_lazy("正在按最新名单更新参保人"),
        gettext_lazy("步"),
        lambda row: reverse("insurance_desk:insured"),
        gettext_lazy("更新完成：今年参保 %(people)d 人。"),
    ),
}


@screen(Permission.SEE_INSURANCE)
def job(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show how far it is; htmx asks again every second. At the end comes the list."""
    row = jobs_of_area(reader_of(request)).filter(pk=pk, name__in=_KINDS).first()
    if row is None:
        raise Http404(_("没有这个任务。"))
    kind = _KINDS[row.name]
    if row.state == Job.State.DONE:
        messages.success(request, str(kind.said) % row.outcome)
        for line in row.outcome.get(kind.refused, ()):
            messages.warning(request, line)
        target = kind.leads_to(row)
        return (
            HttpResponse(headers={"HX-Redirect": target}) if is_part(request) else redirect(target)
        )
    state = progress.read(pk)
    context = page(
        kind.section,
        kind.heading,
        note=_("关掉网页也不会停"),
        last=str(kind.heading),
        done=state.done if state else 0,
        total=state.total if state else 0,
        what=state.what if state else _("等待开始"),
        seconds=state.seconds_left if state else None,
        unit=kind.unit,
        not_running=row.state not in {Job.State.WAITING, Job.State.RUNNING},
        failed=row.state == Job.State.FAILED,
        why=row.error.split("\n")[0],
        poll_url=reverse("insurance_desk:job", args=[pk]),
    )
    template = "insurance_desk/parts/job.html" if is_part(request) else "insurance_desk/job.html"
    return render(request, template, context)
