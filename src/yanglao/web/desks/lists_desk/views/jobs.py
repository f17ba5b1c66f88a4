"""A list going in: how far it is, then what came of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.foundation import progress
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.screens import is_part, screen

_NAME = "take_in_list"


@screen(Permission.TAKE_IN_LISTS)
def job(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show how far taking in is; htmx asks again every second."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    row = jobs_of_area(reader).filter(pk=pk, name=_NAME, asked_by_id=reader.user_id).first()
    if row is None:
        raise Http404(_("没有这个任务。"))
    done = row.state == Job.State.DONE
    if done and not is_part(request):
        return redirect(_after(row))
    state = progress.read(pk)
    context = {
        "done": state.done if state else 0,
        "total": state.total if state else 0,
        "what": state.what if state else _("等待开始"),
        "seconds": state.seconds_left if state else None,
        "not_running": row.state not in {Job.State.WAITING, Job.State.RUNNING},
        "failed": row.state == Job.State.FAILED,
        "why": row.error.split("\n")[0],
        "poll_url": reverse("lists_desk:job", args=[pk]),
        "upload_url": reverse("lists_desk:upload"),
    }
    template = "lists_desk/parts/job.html" if is_part(request) else "lists_desk/job.html"
    response: HttpResponse = render(request, template, context)
    if done:
        response["HX-Redirect"] = _after(row)
    return response


def _after(row: Job) -> str:
    batch_id = row.outcome.get("batch_id")
    if not batch_id:
        return reverse("lists_desk:lists")
    return reverse("lists_desk:batch", args=[batch_id])
