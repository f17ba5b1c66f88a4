"""A draft's way into force: submit, take back, return, approve, publish, give up."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import (
    approve_draft,
    return_draft,
    take_back_draft,
    withdraw_draft,
)
from yanglao.flows import publish_draft
from yanglao.foundation import clock
from yanglao.web.desks.drafting_desk.forms import ReasonForm
from yanglao.web.desks.drafting_desk.opening import acted, open_draft_page, small_number
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Submit the draft with the figures of a comparison."""
    opened = open_draft_page(request, pk)
    comparison = small_number(request.POST.get("comparison", ""))
    if request.method != "POST" or comparison is None:
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: publish_draft.submit(draft_id=pk, comparison_id=comparison, acting=opened.reader),
        _("已提交，等另一位同志批准。"),
    )


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a submitted draft back."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: take_back_draft(draft_id=pk, acting=opened.reader),
        _("已收回，可以接着改。"),
    )


@screen(Permission.APPROVE_CATALOGUE, writes=True)
def send_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a draft back with the reason."""
    opened = open_draft_page(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return acted(
            request,
            pk,
            lambda: return_draft(draft_id=pk, reason=reason, acting=opened.reader),
            _("已退回。"),
        )
    context = {"form": form, "opened": opened, "trail": opened.trail(Crumb(_("退回")))}
    return render(request, "drafting_desk/return.html", context)


@screen(Permission.APPROVE_CATALOGUE, writes=True)
def approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Approve what was looked at."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    looked_at = request.POST.get("fingerprint", "")
    return acted(
        request,
        pk,
        lambda: approve_draft(draft_id=pk, figures_hash=looked_at, acting=opened.reader),
        _("已批准，可以发布。"),
    )


@screen(Permission.APPROVE_CATALOGUE, writes=True)
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Publish an approved draft from its first month on."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: publish_draft.publish(draft_id=pk, acting=opened.reader, today=clock.today()),
        _("已发布。生效之前的月份仍按原来的清单计算。"),
    )


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a draft up; its history stays."""
    opened = open_draft_page(request, pk)
    if request.method != "POST":
        return redirect("drafting_desk:draft", pk=pk)
    return acted(
        request,
        pk,
        lambda: withdraw_draft(draft_id=pk, acting=opened.reader),
        _("已作废，修改记录还在。"),
    )
