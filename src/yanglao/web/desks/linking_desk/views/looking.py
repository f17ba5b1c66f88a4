"""查找一遍、核对一遍: going through the whole area in the background, and how far it is."""

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
from yanglao.foundation.jobs import defer, jobs_of_area, under_way
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import is_part, screen


@dataclass(frozen=True, slots=True)
class Look:
    """A way of going through the area: its heading, what it says at the end, the page it fills."""

    heading: str | Promise
    said: str | Promise
    page: str


_LOOKS = {
    "look_for_twins": Look(
        gettext_lazy("正在查找重复档案"),
        gettext_lazy("看了 %(files)d 份同名同生日的档案，新列出 %(pairs)d 对。"),
        "linking_desk:pairs",
    ),
    "look_for_conflicts": Look(
        gettext_lazy("正在核对部门说法"),
        gettext_lazy("核对完成：新发现 %(new)d 处矛盾，%(gone)d 处已经不存在。"),
        "linking_desk:conflicts",
    ),
}


def looking_url(name: str, reader: Reader) -> str:
    """Return where to watch the job that goes through the area now; empty when none does."""
    row = under_way(name, reader)
    return reverse("linking_desk:job", args=[row.pk]) if row else ""


@screen(Permission.TAKE_IN_LISTS, writes=True)
def pairs(request: HttpRequest) -> HttpResponse:
    """Ask for a look through the area for double files."""
    return _ask(request, "look_for_twins", lambda reader: defer("look_for_twins", reader))


@screen(Permission.TAKE_IN_LISTS, writes=True)
def conflicts(request: HttpRequest) -> HttpResponse:
    """Ask to hold what departments say of everybody in the area against each other."""
    return _ask(request, "look_for_conflicts", lambda reader: defer("look_for_conflicts", reader))


def _ask(request: HttpRequest, name: str, ask: Callable[[Reader], Job]) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method != "POST" or reader.kinds:
        return redirect(_LOOKS[name].page)
    # Whoever presses a second time watches the first: it looks at everybody all the same.
    row = under_way(name, reader) or ask(reader)
    return redirect("linking_desk:job", row.pk)


@screen(Permission.TAKE_IN_LISTS)
def job(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show how far it is; htmx asks again every second. At the end comes the list."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    row = jobs_of_area(reader).filter(pk=pk, name__in=_LOOKS).first()
    if row is None or reader.kinds:
        raise Http404(_("没有这个任务。"))
    look = _LOOKS[row.name]
    if row.state == Job.State.DONE:
        messages.success(request, str(look.said) % row.outcome)
        if not is_part(request):
            return redirect(look.page)
        return HttpResponse(headers={"HX-Redirect": reverse(look.page)})
    state = progress.read(pk)
    context = {
        "heading": look.heading,
        "done": state.done if state else 0,
        "total": state.total if state else 0,
        "what": state.what if state else _("等待开始"),
        "seconds": state.seconds_left if state else None,
        "not_running": row.state not in {Job.State.WAITING, Job.State.RUNNING},
        "failed": row.state == Job.State.FAILED,
        "why": row.error.split("\n")[0],
        "poll_url": reverse("linking_desk:job", args=[pk]),
        "trail": [Crumb(_("对人核实"), reverse(look.page)), Crumb(str(look.heading))],
    }
    template = "linking_desk/parts/job.html" if is_part(request) else "linking_desk/job.html"
    return render(request, template, context)
