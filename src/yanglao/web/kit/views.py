"""The screens of the kit itself: choosing the look, and long files made by a job."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from yanglao.foundation import progress
from yanglao.foundation.models import Job
from yanglao.web.kit.downloads import XLSX, ZIP, download_of, file_of, send_made
from yanglao.web.kit.frame import THEME_COOKIE, THEMES
from yanglao.web.kit.screens import render_page_or_part, screen

_YEAR = 365 * 24 * 3600


@screen(None, writes=True, public=True)
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the look chosen (``theme``) in a cookie and go back to ``next``."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    chosen = request.POST.get("theme", "")
    if request.method == "POST" and chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@screen(None)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a long file is, and where it lies when it is done."""
    job = download_of(request.reader, pk)  # type: ignore[attr-defined]
    if job is None:
        raise Http404
    told: Any = job.outcome
    waits = job.state in {Job.State.WAITING, Job.State.RUNNING}
    return render_page_or_part(
        request,
        "kit/download.html",
        "kit/parts/download.html",
        {
            "job": job,
            "title": job.arguments.get("title", ""),
            "waits": waits,
            "state": progress.read(job.pk) if job.state == Job.State.RUNNING else None,
            "failed": job.state == Job.State.FAILED,
            "there": file_of(job) is not None,
            "rows": told.get("rows", 0),
            "size": told.get("size", 0),
            "poll_url": reverse("kit:download", args=[job.pk]),
        },
    )


@screen(None)
def download_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the file to who asked for it, for a day."""
    job = download_of(request.reader, pk)  # type: ignore[attr-defined]
    path = file_of(job) if job else None
    if job is None or path is None:
        raise Http404
    told: Any = job.outcome
    name = str(told["name"])
    return send_made(job, path, ZIP if name.endswith(".zip") else XLSX)
