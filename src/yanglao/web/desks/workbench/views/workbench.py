"""今天要做的事: the first page after signing in, one kind for each role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yanglao.domain.accounts.public import Permission, Role
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.workbench.clerk import clerk_page
from yanglao.web.desks.workbench.keeper import keeper_page
from yanglao.web.desks.workbench.officer import officer_page
from yanglao.web.desks.workbench.watchers import audit_page, security_page
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_WORKBENCH)
def workbench(request: HttpRequest) -> HttpResponse:
    """Show what is to be done today at the place and in the role of the reader."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    if reader.role == Role.CLERK:
        return render(request, "workbench/clerk.html", clerk_page(reader, today))
    if reader.role == Role.ASSESSOR:
        # An assessor's work is his sheets; the page works on a phone and leads to the offline form.
        return redirect("assessment_desk:mine")
    if reader.role == Role.SECURITY_ADMIN:
        return render(request, "workbench/watcher.html", security_page(reader, today))
    if reader.role == Role.AUDIT_ADMIN:
        return render(request, "workbench/watcher.html", audit_page(reader, today))
    if reader.role == Role.SYSTEM_ADMIN:
        return render(request, "workbench/keeper.html", keeper_page(reader, today))
    return render(request, "workbench/officer.html", officer_page(reader, today))
