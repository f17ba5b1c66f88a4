"""Endings that were too many to believe: a person looks, and says that they are so."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import full_names_of
from yanglao.domain.statuses.public import StatusHold, WrongMove, get_hold
from yanglao.flows.follow_statuses import release_and_follow
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.status_desk.words import status_names
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.RELEASE_ITEMS, writes=True)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what waits, and let it go on with a reason."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    try:
        hold = get_hold(reader, pk)
    except StatusHold.DoesNotExist as missing:
        raise Http404 from missing
    problem, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            done = release_and_follow(hold_id=pk, acting=reader, as_of=today, reason=reason)
        except WrongMove as refusal:
            problem = str(refusal)
        else:
            messages.success(
                request, _("已放行，%(left)d 人的身份结束。") % {"left": done.written.left}
            )
            return redirect("status_desk:changes")
    name = status_names(today).get(hold.status, hold.status)
    context = {
        "hold": hold,
        "name": name,
        "place": full_names_of([hold.region_code]).get(hold.region_code, hold.region_code),
        "waits": hold.released_at is None and hold.gone_at is None,
        "problem": problem,
        "reason": reason,
        "trail": [Crumb(_("救助供养"), reverse("status_desk:tasks")), Crumb(name)],
    }
    return render(request, "status_desk/held.html", context, status=422 if problem else 200)
