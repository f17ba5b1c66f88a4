"""Acts that one button starts: they go back to the page with what happened, or why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse as url_of
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    Benefit,
    CarePlan,
    FundEntry,
    Grading,
    ServiceRecord,
    Statement,
    WrongStep,
    approve_statement,
    close_grading,
    decide_plan,
    get_grading,
    mark_statement_paid,
    month_records,
    plans,
    reverse_money,
    send_back_sheet,
    send_back_statement,
    submit_statement,
    withdraw_record,
)
from yanglao.flows.give_ltci_benefits import approve_ltci_benefit
from yanglao.flows.grade_ltci import (
    ask_ltci_grading,
    conclude_ltci_grading,
    object_ltci_grading,
    publish_ltci_grading,
)
from yanglao.flows.read_ltci_terms import NumberMissing
from yanglao.flows.settle_insurance import settle_provider
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.forms import ReasonForm
from yanglao.web.desks.insurance_desk.views.settlements import statement_of
from yanglao.web.desks.insurance_desk.words import page, reader_of
from yanglao.web.kit.screens import screen

_GONE = (
    Grading.DoesNotExist,
    Benefit.DoesNotExist,
    CarePlan.DoesNotExist,
    Statement.DoesNotExist,
    ServiceRecord.DoesNotExist,
    FundEntry.DoesNotExist,
)


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> Any:
    """Do an act and say so; or say why not. Returns what the act gave, ``None`` when refused.

    Raises:
        Http404: When it is about something outside the area.
    """
    try:
        found = act()
    except (WrongStep, NumberMissing) as refusal:
        messages.error(request, str(refusal))
        return None
    except _GONE as problem:
        raise Http404(_("没有找到，或者不在您的辖区。")) from problem
    messages.success(request, done)
    return found


_Known = dict[str, tuple[Callable[[], Any], str]]


@screen(Permission.MANAGE_INSURANCE, writes=True)
def grading_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a grading on by the button that was pressed."""
    act = request.POST.get("act", "")
    known = {**_moves(request, pk), **_endings(request, pk)}
    if request.method != "POST" or act not in known:
        return redirect("insurance_desk:grading", pk)
    found = attempt(request, *known[act])
    if act == "review" and found is not None:
        return redirect("insurance_desk:grading", found.pk)
    return redirect("insurance_desk:grading", pk)


def _moves(request: HttpRequest, pk: int) -> _Known:
    acting, today = reader_of(request), clock.today()
    words = request.POST.get("words", "").strip()
    return {
        "publish": (
            lambda: publish_ltci_grading(grading_id=pk, acting=acting, as_of=today),
            _("已开始公示。"),
        ),
        "hold": (
            lambda: conclude_ltci_grading(grading_id=pk, acting=acting, as_of=today),
            _("结论已生效，写进了档案，并重新比对了清单。"),
        ),
        "object": (
            lambda: object_ltci_grading(grading_id=pk, words=words, acting=acting, as_of=today),
            _("已登记异议。"),
        ),
        "review": (lambda: _review(request, pk), _("已发起复评，请安排另外两名评估员。")),
        "overrule": (
            # A blank is no reason: the act refuses it.
            lambda: conclude_ltci_grading(
                grading_id=pk, acting=acting, as_of=today, reason=words or " "
            ),
            _("已维持原结论。"),
        ),
    }


def _endings(request: HttpRequest, pk: int) -> _Known:
    acting, words = reader_of(request), request.POST.get("words", "").strip()
    return {
        "send_back": (
            lambda: send_back_sheet(grading_id=pk, acting=acting, reason=words),
            _("已退回评估员，两人的签字作废。"),
        ),
        "refused": (
            lambda: close_grading(grading_id=pk, to_state="refused", acting=acting, reason=words),
            _("已登记不予受理。"),
        ),
        "withdrawn": (
            lambda: close_grading(grading_id=pk, to_state="withdrawn", acting=acting, reason=words),
            _("已撤回。"),
        ),
    }


def _review(request: HttpRequest, pk: int) -> Grading:
    acting = reader_of(request)
    row = get_grading(acting, pk)
    return ask_ltci_grading(
        person_id=row.person_id,
        kind="review",
        applicant="officer",
        acting=acting,
        as_of=clock.today(),
        wish=str(row.objection),
        review_of=pk,
    )


@screen(Permission.APPROVE_INSURANCE, writes=True)
def benefit_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse a prepared benefit."""
    if request.method == "POST":
        approve = request.POST.get("act") == "approve"
        attempt(
            request,
            lambda: approve_ltci_benefit(
                benefit_id=pk,
                approve=approve,
                acting=reader_of(request),
                as_of=clock.today(),
                reason=request.POST.get("words", ""),
            ),
            _("已批准，写进了档案。") if approve else _("已登记不批准。"),
        )
    return redirect("insurance_desk:benefit", pk)


@screen(Permission.APPROVE_INSURANCE, writes=True)
def plan_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse a care plan."""
    row = plans(reader_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404(_("没有这份计划，或者不在您的辖区。"))
    if request.method == "POST":
        approve = request.POST.get("act") == "approve"
        attempt(
            request,
            lambda: decide_plan(plan_id=pk, approve=approve, acting=reader_of(request)),
            _("计划已批准。") if approve else _("计划没有批准。"),
        )
    return redirect("insurance_desk:benefit", row.benefit_id)


@screen(Permission.MANAGE_INSURANCE, writes=True)
def statement_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Check again, submit, or note the payment of a settlement."""
    acting, today = reader_of(request), clock.today()
    act = request.POST.get("act", "")
    if request.method != "POST":
        return redirect("insurance_desk:statement", pk)
    if act == "submit":
        attempt(
            request,
            lambda: submit_statement(statement_id=pk, acting=acting),
            _("已提交，等另一位同事批准。"),
        )
    elif act == "paid":
        attempt(
            request,
            lambda: mark_statement_paid(statement_id=pk, paid_on=today, acting=acting),
            _("已登记支付。"),
        )
    elif act == "again":
        return _again(request, pk)
    return redirect("insurance_desk:statement", pk)


def _again(request: HttpRequest, pk: int) -> HttpResponse:
    row = statement_of(request, pk)
    made = attempt(
        request,
        lambda: settle_provider(
            provider_id=row.provider_id,
            month=row.month,
            acting=reader_of(request),
            as_of=clock.today(),
        ),
        _("已按现在的记录重新核对。"),
    )
    if made is None:
        return redirect("insurance_desk:settlements")
    return redirect("insurance_desk:statement", made.pk)


@screen(Permission.APPROVE_INSURANCE, writes=True)
def statement_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a submitted settlement, or send it back."""
    if request.method == "POST":
        acting = reader_of(request)
        if request.POST.get("act") == "approve":
            attempt(
                request,
                lambda: approve_statement(
                    statement_id=pk,
                    fingerprint=request.POST.get("seen", ""),
                    acting=acting,
                    as_of=clock.today(),
                ),
                _("已批准，可以支付；基金支出已经记账。"),
            )
        else:
            attempt(
                request,
                lambda: send_back_statement(
                    statement_id=pk, acting=acting, reason=request.POST.get("words", "")
                ),
                _("已退回经办人。"),
            )
    return redirect("insurance_desk:statement", pk)


@screen(Permission.MANAGE_INSURANCE, writes=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a service record back, with the reason."""
    row = month_records(reader_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404(_("没有这条记录，或者不在您的辖区。"))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        attempt(
            request,
            lambda: withdraw_record(
                record_id=pk, acting=reader_of(request), reason=form.cleaned_data["words"]
            ),
            _("这条记录已撤回；已经付的钱由下一张结算单扣回。"),
        )
        return redirect("insurance_desk:batch", row.batch_id)
    context = page(
        "records",
        _("撤回服务记录"),
        last=f"{row.person.name} {row.day}",
        note=f"{row.person.name} · {row.day} · {row.provider.name}",
        form=form,
        submit=_("撤回这条记录"),
        back=url_of("insurance_desk:batch", args=[row.batch_id]),
        help_title=_("撤回以后"),
        help=[
            _("结算时不再算；已经付的由下一张结算单扣回。"),
            _("撤回不能取消，机构可以改好再报。"),
        ],
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


@screen(Permission.MANAGE_INSURANCE, writes=True)
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry of the book back by one of the opposite sign."""
    if request.method == "POST":
        attempt(
            request,
            lambda: reverse_money(
                entry_id=pk,
                on=clock.today(),
                acting=reader_of(request),
                reason=request.POST.get("words", ""),
            ),
            _("已冲正。"),
        )
    return redirect("insurance_desk:fund")
