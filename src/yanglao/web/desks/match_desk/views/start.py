"""现在比对: start a run in the background and watch it."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import versions
from yanglao.foundation import clock, progress
from yanglao.foundation.jobs import defer, jobs_of_area
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.forms import DayField
from yanglao.web.kit.screens import is_part, screen


class StartForm(forms.Form):
    """As of which day."""

    as_of = DayField(label=gettext_lazy("按哪一天算"))

    def clean_as_of(self) -> date:
        """Refuse a day no catalogue is in force on."""
        day: date = self.cleaned_data["as_of"]
        if not versions().filter(in_force_from__lte=day).exists():
            raise forms.ValidationError(_("这一天还没有生效的政策清单，请选后面的日期。"))
        return day


@screen(Permission.RUN_MATCH, writes=True)
def start(request: HttpRequest) -> HttpResponseBase:
    """Ask for the day, then hand the work to the worker."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    form = StartForm(request.POST or None, initial={"as_of": clock.today()})
    if request.method == "POST" and form.is_valid():
        job = defer(
            "find_entitled",
            reader,
            region=reader.area,
            as_of=form.cleaned_data["as_of"].isoformat(),
        )
        return redirect("match_desk:job", pk=job.pk)
    return render(request, "match_desk/start.html", {"form": form})


@screen(Permission.RUN_MATCH)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the run is; htmx asks again every second."""
    found = jobs_of_area(request.full_reader).filter(  # type: ignore[attr-defined]
        pk=pk, name="find_entitled"
    )
    row = found.first()
    if row is None:
        raise Http404(_("没有这个任务。"))
    state = progress.read(pk)
    context = {
        "job": row,
        "done": state.done if state else 0,
        "total": state.total if state else 0,
        "what": state.what if state else _("等待开始"),
        "seconds": state.seconds_left if state else None,
        "not_running": row.state not in {Job.State.WAITING, Job.State.RUNNING},
        "failed": row.state == Job.State.FAILED,
        "why": row.error.split("\n")[0],
        "poll_url": reverse("match_desk:job", args=[pk]),
    }
    if not is_part(request):
        if row.state == Job.State.DONE:
            return _redirected(row)
        return render(request, "match_desk/job.html", context)
    response = render(request, "match_desk/parts/job.html", context)
    if row.state == Job.State.DONE:
        response["HX-Redirect"] = _after(row)
    return response


def _after(row: Job) -> str:
    run_id = row.outcome.get("run_id")
    return reverse("match_desk:run", args=[run_id]) if run_id else reverse("match_desk:runs")


def _redirected(row: Job) -> HttpResponse:
    return redirect(_after(row))
